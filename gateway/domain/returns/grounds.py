"""Grounds for deletion: regulation and letter, never a bare letter.

1. ``9(1)(f)`` and ``8(1)(d)``, in any punctuation, speak for themselves.
2. A bare letter (``F``, ``Ground F``, ``g1``) or words take their meaning from the off-roll date: the 2024 list from
   19 August 2024, else the 2006 list. Without a date the present list is meant.
3. A bare number 1 to 15 is always the 2006 list.
4. A letter with words behind it (``D - Elective home education``) belongs to the list in which both agree.
5. A cell speaks for one ground. Another code in it (``F / G``), words around a code that mean only other grounds, and words of
   two grounds where the one would take the child out of CME are a conflict and flagged.
6. A 2006 ground on a later day is kept as 2006 and flagged; so is a 2024 ground on an earlier day.
7. What is not understood is None and flagged; so are words that deny or only consider what would take a child out of CME.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from gateway.domain.returns.ground_table import NEW_LIST_FROM, NUMBERS_2006, REASONS, SHORT_2006, SHORT_2024, Reason
from gateway.domain.returns.text import fold, is_nothing

# What may stand between two parts is one set of signs, a few of them: each text is read in one way only.
_SPEAKS = re.compile(r"(?<![0-9])(?P<reg>[89])(?:[(.\s/\-]{0,4}(?P<one>1)[).\s/\-]{0,4}|[().\s/]{0,4})\(?\s?(?P<letter>[a-o])"
                     r"\s?1?\s?\)?(?![a-z])")
_NINE_THREE = re.compile(r"\b9\s{0,2}\(?\.?\s{0,2}3")
_LETTER = re.compile(r"(?:(?:grounds?|reason|code|reg(?:ulation)?|paragraph|para|category|option)[\s:.\-]{0,4}){0,6}"
                     r"[(\[]?\s?([a-o])\s?1?\s?[)\]]?\s?(?:$|[\-–—:.,)=/]+\s*(.*)|(?<=[)\]])\s*(.*)|(?=\()(.*))", re.DOTALL)
_NUMBER = re.compile(r"(?:(?:grounds?|reason|code|no|number)[\s:.\-]{0,4}){0,6}0?([0-9]{1,2})(?:\.0)?\s?(?:$|[\-–—:.)].*)",
                     re.DOTALL)
_CODE = re.compile(r"(2024:9|2006:8)\(1\)\(([a-o])\)")
_SUBPARAGRAPH = re.compile(r"\s{0,2}\((?:i{1,3}|iv|v)\)")                     # 9(1)(h)(ii) is (h)
_ANOTHER = re.compile(r"(?:\b([89])(?:[(.\s]{0,4}1[).(\s]{0,4}|\(?)|\(\s{0,2}|"
                      r"\b(?:ground|reason|code|para(?:graph)?)s?\s{1,2}\(?\s?)([a-o])1?(?:\s{0,2}\)|\b)")
_BETWEEN = re.compile(r"[\s/,;&+()\-–—.:]+|\band\b|\bor\b")
_HEDGE = re.compile(r"\b(not|no|never|nor|possibl[ey]|consider\w*|thinking|maybe|may|might|perhaps|unless|refus\w+|threat\w*|"
                    r"alleged\w*)\b")
_TAKES_OUT = frozenset({"home education", "detained", "died", "excluded"})   # of these the routing table opens no case by itself


class GroundTrouble(StrEnum):
    """What is odd about a ground."""

    NOT_UNDERSTOOD = "not-understood"
    OLD_LIST = "old-list"          # a 2006 ground on a day when the 2024 list holds
    NOT_YET = "not-yet"            # a 2024 ground on a day before it
    CONFLICT = "conflict"          # the cell names two grounds


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground. ``str`` gives the code that records carry: ``2024:9(1)(a)``."""

    year: int                      # 2024 or 2006
    letter: str                    # a to o

    def __str__(self) -> str:
        return f"{self.year}:{9 if self.year == 2024 else 8}(1)({self.letter})"

    @classmethod
    def of(cls, code: str) -> Self:
        """From its code; ValueError when it is none."""
        found = _CODE.fullmatch(code)
        if not found:
            raise ValueError("not a ground's code")
        return cls(int(found[1][:4]), found[2])

    @property
    def reason(self) -> str:
        """What it means, by the same word in both lists: ``another school``, ``home education``, …"""
        return _REASON_OF[self.year, self.letter]

    @property
    def words(self) -> str:
        """In short, for people."""
        return (SHORT_2024 if self.year == 2024 else SHORT_2006)[self.letter]


@dataclass(frozen=True, slots=True)
class GroundReading:
    """A ground and what is odd about it."""

    value: Ground | None
    trouble: GroundTrouble | None = None


NO_GROUND = GroundReading(None)
_NOT_UNDERSTOOD = GroundReading(None, GroundTrouble.NOT_UNDERSTOOD)
_REASON_OF: dict[tuple[int, str], str] = {}
for _reason in REASONS:
    if _reason.new:
        _REASON_OF.setdefault((2024, _reason.new), _reason.name)
    if _reason.old:
        _REASON_OF.setdefault((2006, _reason.old), _reason.name)
_REASON_OF[2006, "a"] = "order changed"   # one letter for both; only a school named tells which
_BY_WORDS = {words: reason for reason in reversed(REASONS) for words in reason.words}


def read_ground(text: str | None, off_roll: date | None) -> GroundReading:
    """Read one cell, on the day the name came off the register."""
    if text is None or (is_nothing(text) and not text.isdigit()):
        return NO_GROUND
    lowered = text.casefold().strip()
    new_list = off_roll is None or off_roll >= NEW_LIST_FROM
    if _NINE_THREE.search(lowered):
        return _NOT_UNDERSTOOD   # Reg 9(3) has a list of its own, for children outside compulsory school age.
    speaks = _SPEAKS.search(lowered)
    if speaks and (speaks["one"] or len(lowered) < 12 or "reg" in lowered):
        ground = Ground(2024 if speaks["reg"] == "9" else 2006, speaks["letter"])
        return _judged(ground, off_roll, lowered[:speaks.start()], lowered[speaks.end():])
    letter = _LETTER.fullmatch(lowered)
    if letter:
        return _lettered(letter[1], letter[2] or letter[3] or letter[4] or "", new_list, off_roll)
    number = _NUMBER.fullmatch(lowered)
    if number:
        place = int(number[1])
        return _judged(Ground(2006, NUMBERS_2006[place - 1]), off_roll) if 1 <= place <= 15 else _NOT_UNDERSTOOD
    return _worded(lowered, new_list, off_roll)


def find_reason(text: str) -> Reason | None:
    """Which reason some words give, or None."""
    return next(iter(_reasons(text)), None)


def _reasons(text: str) -> list[Reason]:
    """Every reason that some words give, in the order of the table; a cell that is one reason's own words gives that alone."""
    folded = fold(text)
    if folded in _BY_WORDS:
        return [_BY_WORDS[folded]]
    padded = f"{folded} "
    return [reason for reason in REASONS if any(stem in padded for stem in reason.stems)]


def _letter_in(reason: Reason, year: int) -> str | None:
    return reason.new if year == 2024 else reason.old


def _lettered(letter: str, words: str, new_list: bool, off_roll: date | None) -> GroundReading:
    letters = [(reason.new, reason.old) if new_list else (reason.old, reason.new) for reason in _reasons(words)]
    present, other = (2024, 2006) if new_list else (2006, 2024)
    in_other = letters and letter not in [now for now, _ in letters] and letter in [then for _, then in letters]
    return _judged(Ground(other if in_other else present, letter), off_roll, "", words)


def _worded(text: str, new_list: bool, off_roll: date | None) -> GroundReading:
    reasons = _reasons(text)
    if not reasons:
        return _NOT_UNDERSTOOD
    reason, letter = reasons[0], _letter_in(reasons[0], 2024 if new_list else 2006)
    if reason.name in _TAKES_OUT and _hedged(text, reason):
        return _NOT_UNDERSTOOD
    if letter and reason.name in _TAKES_OUT and len(reasons) > 1:
        return GroundReading(Ground(2024 if new_list else 2006, letter), GroundTrouble.CONFLICT)
    if letter:
        return GroundReading(Ground(2024 if new_list else 2006, letter))
    return _judged(Ground(2006, reason.old or "a"), off_roll)   # medically unfit has no successor in 2024


def _hedged(text: str, reason: Reason) -> bool:
    """Whether the words that give the reason stand behind a denial or a doubt: ``not home educated``, ``considering …``."""
    folded = f"{fold(text)} "
    at = min((place for stem in reason.stems if (place := folded.find(stem)) >= 0), default=0)
    return _HEDGE.search(folded[:at]) is not None or text.lstrip().startswith("?")


def _names_another(ground: Ground, text: str) -> bool:
    """Whether a text beside a ground's code names another ground: by its code, or by words that mean only others."""
    codes = [(year, letter) for year, letter in _ANOTHER.findall(text)]
    single = [token for token in _BETWEEN.split(text) if token]
    if single and all(re.fullmatch("[a-o]1?", token) for token in single):
        codes += [("", token[0]) for token in single]
    others = [Ground({"9": 2024, "8": 2006}.get(year, ground.year), letter) for year, letter in codes]
    if any(other.reason != ground.reason for other in others):
        return True
    reasons = _reasons(text)
    return bool(reasons) and ground.letter not in [_letter_in(reason, ground.year) for reason in reasons]


def _judged(ground: Ground, off_roll: date | None, before: str = "", after: str = "") -> GroundReading:
    """A ground whose code was written, by what stands before and after the code, and by the day."""
    part = _SUBPARAGRAPH.match(after)
    if _names_another(ground, before) or _names_another(ground, after[part.end():] if part else after):
        return GroundReading(ground, GroundTrouble.CONFLICT)
    if off_roll is None:
        return GroundReading(ground)
    if ground.year == 2006 and off_roll >= NEW_LIST_FROM:
        return GroundReading(ground, GroundTrouble.OLD_LIST)
    if ground.year == 2024 and off_roll < NEW_LIST_FROM:
        return GroundReading(ground, GroundTrouble.NOT_YET)
    return GroundReading(ground)
