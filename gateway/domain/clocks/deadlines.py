"""Deadlines that law and the council's own rules set.

1. After a permanent exclusion the authority provides from the sixth school day (Education Act 1996 s.19).
2. A school sends the CTF within 15 school days of the pupil's leaving (SI 2005/1437 as amended).
3. Ealing: when one of the four items is still missing 10 school days after the last attendance, it is a CME referral.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

EXCLUSION_SCHOOL_DAYS = 6
CTF_SCHOOL_DAYS = 15
REFERRAL_SCHOOL_DAYS = 10

CLOCK_REFERRAL = "referral due, 10 school days after last attendance"
CLOCK_CTF = "CTF due from the school, 15 school days"
CLOCK_EXCLUSION = "provision due, sixth school day after exclusion"


class SchoolDays(Protocol):
    """What these rules need of a calendar."""

    def after(self, start: date, days: int, laestab: str | None = None) -> date: ...


def sixth_day(excluded: date, days: SchoolDays, laestab: str | None = None) -> date:
    """The school day from which the authority must provide."""
    return days.after(excluded, EXCLUSION_SCHOOL_DAYS, laestab)


def ctf_due(off_roll: date, days: SchoolDays, laestab: str | None = None) -> date:
    """The last day for the school's Common Transfer File."""
    return days.after(off_roll, CTF_SCHOOL_DAYS, laestab)


def referral_due(last_attendance: date, days: SchoolDays, laestab: str | None = None) -> date:
    """The day by which a leaver with an item missing is a CME referral."""
    return days.after(last_attendance, REFERRAL_SCHOOL_DAYS, laestab)
