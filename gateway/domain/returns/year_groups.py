"""Year groups: N1, N2, R, 1 to 14, however they are written, and which one a date of birth belongs to.

1. The school year runs from 1 September; a child is in Year 1 from the September after the fifth birthday.
2. ``0`` and ``F2`` are Reception; ``N``, ``Nursery`` and ``F1`` are N2; ``E1`` and ``E2`` are the CTF's N1 and N2.
3. A form behind the number (``5B``, ``Year 10 Maple``) is left out.
"""

from __future__ import annotations

import re
from datetime import date

from gateway.domain.brief import brief

# Texts come tidied: between two words stands one space.
_NUMBER = brief(r"(?:(?:current|actual|nc|national curriculum|curriculum|school) )?(?:year|yr|yeargroup|y|grade|nc|ncy)?"
                r" ?(?:group|grp|gp)? ?[:.\-]? ?(?:of )?0?([0-9]{1,2})(?: ?[a-z]|[ ./\-]+[a-z].*|\.0)?", 80, re.ASCII)
_WORDS = {
    "r": "R", "rec": "R", "recep": "R", "reception": "R", "reception class": "R", "reception year": "R", "year r": "R",
    "yr r": "R",
    "yr": "R", "y r": "R", "year reception": "R", "f2": "R", "fs2": "R", "foundation 2": "R", "foundation stage 2": "R",
    "eyfs2": "R",
    "foundation": "R", "eyfs": "R",
    "n": "N2", "nur": "N2", "nurs": "N2", "nursery": "N2", "nursery class": "N2", "year n": "N2", "n2": "N2", "nursery 2": "N2",
    "nursery2": "N2", "nursery second year": "N2", "f1": "N2", "fs1": "N2", "foundation 1": "N2", "foundation stage 1": "N2",
    "e2": "N2",
    "n1": "N1", "nursery 1": "N1", "nursery1": "N1", "nursery first year": "N1", "e1": "N1", "pre nursery": "N1",
    "pre-nursery": "N1",
    "lower sixth": "12", "l6": "12", "y12": "12", "upper sixth": "13", "u6": "13", "lower 6th": "12", "upper 6th": "13",
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10",
    "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
}
_PLACE = {"N1": -2, "N2": -1, "R": 0, **{str(year): year for year in range(1, 15)}}


def read_year_group(text: str) -> str | None:
    """The year group, or None when the text is none."""
    lowered = text.casefold().strip()
    if lowered in _WORDS:
        return _WORDS[lowered]
    found = _NUMBER.fullmatch(lowered)
    if found:
        year = int(found[1])
        return "R" if year == 0 else str(year) if year <= 14 else None
    spelled = re.sub(r"^(year|yr|y)\s*", "", lowered)
    return _WORDS.get(spelled)


def school_year(day: date) -> int:
    """The calendar year in which that day's school year began."""
    return day.year if day.month >= 9 else day.year - 1


def years_apart(year_group: str, born: date, on: date) -> int:
    """How many years a year group is above (+) or below (−) the one that age gives on that day."""
    expected = school_year(on) - school_year(born) - 5
    return _PLACE[year_group] - expected


def age_on(born: date, day: date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
