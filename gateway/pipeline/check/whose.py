"""For which establishments a file speaks, and whether its sender may.

1. The channel's identity outranks what the file says: an establishment inside that the sender may not speak for refuses the
   whole file.
2. A sender speaks for itself, for the establishments it is permitted, and for the numbers that these had before.
3. Schools are named by a column, by a labelled cell above the table (``DfE number | 990/2002``), or by a title that is a
   school's name. A name that is several schools' counts for the sender when one of them is its own.
4. What the register does not know proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from gateway.domain.identifiers.laestab import is_laestab
from gateway.domain.policy import SenderTerms
from gateway.domain.register.lookup import RegisterIndex
from gateway.domain.returns.dates import read_date
from gateway.domain.returns.text import fold
from gateway.pipeline.check.blocks import Block
from gateway.pipeline.check.lines import labels_a_school
from gateway.pipeline.check.situated import school_numbers

_LABELLED = re.compile(r"\s?([A-Za-z/ .()]{3,40}?)\s{0,3}[:=]\s{0,3}(\S.*)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9},? \d{4}")
_ENDING = re.compile(r"\b(week|w) ?/?(ending|end|e)\b", re.IGNORECASE)
_STARTING = re.compile(r"\b(week|w) ?/?(commencing|beginning|starting|c|b)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Permission:
    """What a sender may speak for; ``numbers`` empty: nothing is known against it."""

    sender: str | None
    numbers: frozenset[str]

    @classmethod
    def of(cls, sender: str | None, terms: SenderTerms | None, index: RegisterIndex) -> Permission:
        """From the channel's word and the sender's terms."""
        said = [*(terms.permitted if terms else ()), *([sender] if sender else ())]
        return cls(sender, index.permitted(number for number in said if is_laestab(number)))

    def foreign(self, candidates: Iterable[str]) -> str | None:
        """The establishment, of those that may be meant, for which the sender may not speak; None when all is well."""
        meant = tuple(candidates)
        if not self.numbers or not meant or any(number in self.numbers for number in meant):
            return None
        return meant[0]


def sender_of(said: str | None, name: str) -> str | None:
    """Who sends: the channel's word, else the number that opens the file's name."""
    if said:
        return said
    opening = re.match(r"([0-9]{3})[ \-]?([0-9]{4})(?![0-9])", re.split(r"[/\\]", name)[-1], re.ASCII)
    return opening[1] + opening[2] if opening else None


def named_around(lines: Iterable[Sequence[str]], index: RegisterIndex, own_la: str | None, *,
                 titles: bool = False) -> list[tuple[str, ...]]:
    """The establishments named by lines outside tables; each entry holds the ones that may be meant.

    ``titles``: a line that is nothing but a school's name counts too, as it does above a table.
    """
    found: list[tuple[str, ...]] = []
    for line in lines:
        for label, value in _pairs(line):
            if labels_a_school(label):
                found.append(school_numbers((value, value, None), index, own_la)[0])
        title = line[0]     # a school's name in a later cell answers a label, and the label decides
        exact = index.find(title).establishment if titles and 8 <= len(title) <= 100 and not index.empty else None
        if exact and fold(exact.name) == fold(title):
            found.append((exact.laestab,))
    return [candidates for candidates in found if candidates]


def named_in_columns(block: Block, index: RegisterIndex, own_la: str | None) -> list[tuple[str, ...]]:
    """The establishments named in a table's own columns, by distinct value."""
    found: list[tuple[str, ...]] = []
    for name, place in (("school_name", 0), ("school_number", 1)):
        at = block.index_of(name)
        for cell in block.seen.get(at, ()) if at is not None else ():
            cells: list[Any] = [None, None, None]
            cells[place] = cell
            found.append(school_numbers((cells[0], cells[1], cells[2]), index, own_la)[0])
    return [candidates for candidates in found if candidates]


def period_of(lines: Iterable[Sequence[str]]) -> tuple[date, date] | None:
    """What a return says it covers: *from … to …*, or a week by its last or first day."""
    for line in lines:
        text = " ".join(line)
        days = [day for found in _DATE.findall(text) if (day := read_date(found).value)]
        if len(days) == 2 and days[0] <= days[1] and re.search(r"\b(to|until|and|till)\b|[-–]", _DATE.sub("", text),
                                                               re.IGNORECASE):
            return days[0], days[1]
        if len(days) == 1 and _ENDING.search(text):
            return days[0] - timedelta(days=6), days[0]
        if len(days) == 1 and _STARTING.search(text):
            return days[0], days[0] + timedelta(days=6)
    return None


def _pairs(line: Sequence[str]) -> list[tuple[str, str]]:
    """Labels and the values behind them, in neighbouring cells or in one."""
    pairs = [(label.rstrip(": "), value) for label, value in pairwise(line)]
    for text in line:
        found = _LABELLED.fullmatch(text)
        if found:
            pairs.append((found[1], found[2]))
    return pairs
