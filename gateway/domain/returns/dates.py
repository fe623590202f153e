"""Dates as schools type them.

1. A date is read day first. The order is judged by the whole column: only when every value that can be read in one way
   alone is month first is the column month first.
2. A value that only the other order can read is read so, and flagged. Where a column mixes the orders, a value that
   both can read is flagged too.
3. Two-digit years are 20xx, in every column: a date of birth that lands in the future is an error there, not a guess here.
4. Real dates of a workbook are taken as they are; whole numbers are days since 1900 (or 1904, where the workbook says so).
5. Text in ISO order, with month names or eight digits is read whatever the column's order. A time behind a date is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from gateway.domain.brief import brief
from gateway.domain.returns.text import cell_text, is_placeholder

_1900 = date(1899, 12, 30)   # Excel counts a 29 February 1900 that never was
_1904 = date(1904, 1, 1)
_SERIALS = range(10_000, 73_051)   # 1927 to 2100; smaller numbers are years or typing errors
_MONTHS = {name: number for number, names in enumerate((
    ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"), ("jul", "july"),
    ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"), ("dec", "december"),
), 1) for name in names}
LONGEST = 80                     # characters of a date: the longest has its weekday, its month in words and its time zone
_TIME = brief(r"[T ,]+[0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2}(\.[0-9]+)?)?( ?[AaPp][Mm])?(Z|[+-][0-9:]+)?$", LONGEST, re.ASCII)
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[ ,.]+", re.IGNORECASE)
_NUMBERS = re.compile(r"([0-9]{1,2}) ?[/.\-\\, ] ?([0-9]{1,2}) ?[/.\-\\, ] ?([0-9]{4}|[0-9]{2})", re.ASCII)
_ISO = re.compile(r"([0-9]{4}) ?[/.\- ] ?([0-9]{1,2}) ?[/.\- ] ?([0-9]{1,2})", re.ASCII)
_DAY_NAME = brief(r"([0-9]{1,2})(?:st|nd|rd|th)?[ \-/.,]*(?:of )?([a-z]+)[ \-/.,]*([0-9]{4}|[0-9]{2})", LONGEST, re.ASCII)
_NAME_DAY = brief(r"([a-z]+)[ \-/.,]*([0-9]{1,2})(?:st|nd|rd|th)?[ \-/.,]+([0-9]{4}|[0-9]{2})", LONGEST, re.ASCII)


class DateTrouble(StrEnum):
    """What is odd about a date, or wrong."""

    IMPOSSIBLE = "impossible"          # no such day, or no date at all
    OTHER_ORDER = "other-order"        # read month first, because only so it is a date (or against its column's order)
    EITHER_ORDER = "either-order"      # both orders can read it, and the column mixes them


@dataclass(frozen=True, slots=True)
class ColumnOrder:
    """How a column writes its dates."""

    month_first: bool = False
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date and what is odd about it; ``value`` is None when nothing was given or it is impossible."""

    value: date | None
    trouble: DateTrouble | None = None


NO_DATE = DateReading(None)
_IMPOSSIBLE = DateReading(None, DateTrouble.IMPOSSIBLE)
DAY_FIRST = ColumnOrder()


def judge_order(cells: Iterable[Any]) -> ColumnOrder:
    """Judge a column by its values that can be read in one order alone."""
    day_first = month_first = 0
    for cell in cells:
        if type(cell) is not str:
            continue
        numbers = _NUMBERS.fullmatch(cell) or _NUMBERS.fullmatch(_bare(cell_text(cell) or ""))
        if numbers:
            first, second = int(numbers[1]), int(numbers[2])
            day_first += first > 12 >= second
            month_first += second > 12 >= first
    return ColumnOrder(month_first=(month_first > day_first and not day_first) or month_first > 2 * day_first,
                       mixed=bool(day_first and month_first))


def read_date(cell: Any, order: ColumnOrder = DAY_FIRST, *, date1904: bool = False) -> DateReading:
    """Read one cell."""
    if isinstance(cell, date):
        return DateReading(cell.date() if isinstance(cell, datetime) else cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _serial(cell, date1904)
    text = cell_text(cell)
    if text is None or is_placeholder(text):
        return NO_DATE
    return _read_text(_bare(text), order, date1904)


def day_reached(text: object, today: date) -> date | None:
    """The day that an ISO date names, when it is not after ``today``; None for whatever else stands there."""
    try:
        day = date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return day if day is not None and day <= today else None


def _bare(text: str) -> str:
    """Without weekday and time."""
    return _WEEKDAY.sub("", _TIME.sub("", text.strip("'\" ")))


def _read_text(text: str, order: ColumnOrder, date1904: bool) -> DateReading:
    numbers = _NUMBERS.fullmatch(text)
    if numbers:
        return _in_order(int(numbers[1]), int(numbers[2]), _year(numbers[3]), order)
    iso = _ISO.fullmatch(text)
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if text.isascii() and text.isdigit():
        return _digits(text, date1904)
    return _named(text.casefold())


def _in_order(first: int, second: int, year: int, order: ColumnOrder) -> DateReading:
    one_way, other_way = ((second, first), (first, second)) if order.month_first else ((first, second), (second, first))
    read = _day(year, one_way[1], one_way[0])
    if read.value is None:
        swapped = _day(year, other_way[1], other_way[0])
        return DateReading(swapped.value, DateTrouble.OTHER_ORDER) if swapped.value else read
    if first == second or max(first, second) > 12:
        return DateReading(read.value, DateTrouble.OTHER_ORDER) if order.month_first and first != second else read
    if order.mixed or order.month_first:
        return DateReading(read.value, DateTrouble.EITHER_ORDER)
    return read


def _named(text: str) -> DateReading:
    found = _DAY_NAME.fullmatch(text)
    day, month, year = (found[1], found[2], found[3]) if found else ("", "", "")
    if not found:
        found = _NAME_DAY.fullmatch(text)
        if not found:
            return _IMPOSSIBLE
        day, month, year = found[2], found[1], found[3]
    return _day(_year(year), _MONTHS.get(month, 0), int(day))


def _digits(text: str, date1904: bool) -> DateReading:
    if len(text) == 8:
        iso = _day(int(text[:4]), int(text[4:6]), int(text[6:])) if text[:2] in ("19", "20") else _IMPOSSIBLE
        return iso if iso.value else _day(int(text[4:]), int(text[2:4]), int(text[:2]))
    if len(text) == 6:
        return _day(_year(text[4:]), int(text[2:4]), int(text[:2]))
    return _serial(int(text), date1904) if len(text) < 8 else _IMPOSSIBLE


def _serial(number: float, date1904: bool) -> DateReading:
    if not _SERIALS.start <= number < _SERIALS.stop:   # neither does what is no number at all
        return _IMPOSSIBLE
    return DateReading((_1904 if date1904 else _1900) + timedelta(days=int(number)))


def _year(digits: str) -> int:
    return 2000 + int(digits) if len(digits) == 2 else int(digits)


def _day(year: int, month: int, day: int) -> DateReading:
    if year < 1000:
        return _IMPOSSIBLE
    try:
        return DateReading(date(year, month, day))
    except ValueError:
        return _IMPOSSIBLE
