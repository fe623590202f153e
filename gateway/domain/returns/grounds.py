"""Grounds for deletion: regulation and letter, never a bare letter.

1. ``9(1)(f)`` and ``8(1)(d)``, in any punctuation, speak for themselves.
2. A bare letter (``F``, ``Ground F``, ``g1``) or words take their meaning from the off-roll date: the 2024 list from
   19 August 2024, else the 2006 list. Without a date the present list is meant.
3. A bare number 1 to 15 is always the 2006 list.
4. A letter with words behind it (``D - Elective home education``) belongs to the list in which both agree.
5. A 2006 ground on a later day is kept as 2006 and flagged; so is a 2024 ground on an earlier day.
6. What is not understood is None and flagged; it never takes a child out of CME.
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
_SPEAKS = re.compile(r"(?<![0-9])([89])[(.\s]{0,4}(1)?[).\s/]{0,4}\(?\s?([a-o])\s?1?\s?\)?(?![a-z])")
_NINE_THREE = re.compile(r"\b9\s{0,2}\(?\.?\s{0,2}3")
_LETTER = re.compile(r"(?:(?:grounds?|reason|code|reg(?:ulation)?|paragraph|para|category|option)[\s:.\-]{0,4}){0,6}"
                     r"[(\[]?\s?([a-o])\s?1?\s?[)\]]?\s?(?:$|[\-–—:.,)=/]+\s*(.*)|(?<=[)\]])\s*(.*))", re.DOTALL)
_NUMBER = re.compile(r"(?:(?:grounds?|reason|code|no|number)[\s:.\-]{0,4}){0,6}0?([0-9]{1,2})(?:\.0)?\s?(?:$|[\-–—:.)].*)",
                     re.DOTALL)
_CODE = re.compile(r"(2024:9|2006:8)\(1\)\(([a-o])\)")


class GroundTrouble(StrEnum):
    """What is odd about a ground."""

    NOT_UNDERSTOOD = "not-understood"
    OLD_LIST = "old-list"          # a 2006 ground on a day when the 2024 list holds
    NOT_YET = "not-yet"            # a 2024 ground on a day before it
    CONFLICT = "conflict"          # letter and words say different things


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
    if speaks and (speaks[2] or len(lowered) < 12 or "reg" in lowered):
        return _judged(Ground(2024 if speaks[1] == "9" else 2006, speaks[3]), off_roll)
    letter = _LETTER.fullmatch(lowered)
    if letter:
        return _lettered(letter[1], letter[2] or letter[3] or "", new_list, off_roll)
    number = _NUMBER.fullmatch(lowered)
    if number:
        place = int(number[1])
        return _judged(Ground(2006, NUMBERS_2006[place - 1]), off_roll) if 1 <= place <= 15 else _NOT_UNDERSTOOD
    return _worded(find_reason(lowered), new_list, off_roll)


def find_reason(text: str) -> Reason | None:
    """Which reason some words give, or None."""
    folded = fold(text)
    if folded in _BY_WORDS:
        return _BY_WORDS[folded]
    padded = f"{folded} "
    return next((reason for reason in REASONS if any(stem in padded for stem in reason.stems)), None)


def _lettered(letter: str, words: str, new_list: bool, off_roll: date | None) -> GroundReading:
    ground = Ground(2024 if new_list else 2006, letter)
    reason = find_reason(words) if words else None
    if reason is None or letter == (reason.new if new_list else reason.old):
        return _judged(ground, off_roll)
    if letter == (reason.old if new_list else reason.new):
        return _judged(Ground(2006 if new_list else 2024, letter), off_roll)
    return GroundReading(ground, GroundTrouble.CONFLICT)


def _worded(reason: Reason | None, new_list: bool, off_roll: date | None) -> GroundReading:
    if reason is None:
        return _NOT_UNDERSTOOD
    letter = reason.new if new_list else reason.old
    if letter:
        return GroundReading(Ground(2024 if new_list else 2006, letter))
    return _judged(Ground(2006, reason.old or "a"), off_roll)   # medically unfit has no successor in 2024


def _judged(ground: Ground, off_roll: date | None) -> GroundReading:
    if off_roll is None:
        return GroundReading(ground)
    if ground.year == 2006 and off_roll >= NEW_LIST_FROM:
        return GroundReading(ground, GroundTrouble.OLD_LIST)
    if ground.year == 2024 and off_roll < NEW_LIST_FROM:
        return GroundReading(ground, GroundTrouble.NOT_YET)
    return GroundReading(ground)
