"""Compulsory school age (Education Act 1996, section 8).

1. It begins on the prescribed day (31 August, 31 December or 31 March) on or after the fifth birthday, that day included.
2. It ends with the last Friday of June in the school year (1 September to 31 August) in which the child turns 16; that
   Friday is still within it.
3. A child born on 29 February has a birthday on 1 March in other years.
"""

from __future__ import annotations

from datetime import date, timedelta

FIRST_AGE = 5
LAST_AGE = 16


def begins(born: date) -> date:
    """The first day of compulsory school age."""
    fifth = birthday(born, FIRST_AGE)
    prescribed = (date(fifth.year, 3, 31), date(fifth.year, 8, 31), date(fifth.year, 12, 31))
    return next(day for day in prescribed if day >= fifth)


def ends(born: date) -> date:
    """The last day of compulsory school age: the school leaving date."""
    sixteenth = birthday(born, LAST_AGE)
    summer = sixteenth.year + (1 if sixteenth.month >= 9 else 0)
    last = date(summer, 6, 30)
    return last - timedelta(days=(last.weekday() - 4) % 7)


def age_on(born: date, day: date) -> str:
    """``under``, ``of`` or ``over`` compulsory school age on a day."""
    return "under" if day < begins(born) else "over" if day > ends(born) else "of"


def birthday(born: date, age: int) -> date:
    """The day on which the age is reached."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:                       # 29 February in a year without one
        return date(born.year + age, 3, 1)


def year_group(born: date, school_year: int) -> int:
    """The year group by age in the school year that begins on 1 September of ``school_year``: 0 is Reception."""
    turned_four_before = born.year + 4 + (1 if born.month >= 9 else 0)
    return school_year - turned_four_before
