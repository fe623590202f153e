"""School days: weekdays in term that are no bank holiday.

1. A school's own terms go before its authority's; where neither has any, every weekday that is no bank holiday counts.
2. Terms speak for the time from the first start to the last end in their list; outside it, weekdays count again, so that a
   clock never stops because next year's terms were not entered.
3. "After n school days": the day of arrival is day 0; due when the n-th school day after it has ended.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """One row of ``terms.csv``. ``laestab`` None: every school of the authority."""

    la: str
    start: date
    end: date
    laestab: str | None = None
    name: str = ""


@dataclass(frozen=True)
class SchoolCalendar:
    """Counts school days for one authority and its schools; keeps the contract of ``ports.Calendar``."""

    la: str
    terms: tuple[Term, ...] = ()
    bank_holidays: Container[date] = frozenset()
    _own: dict[str | None, tuple[Term, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_school_day(self, day: date, laestab: str | None = None) -> bool:
        """Whether the school, or the authority's schools, meet on ``day``."""
        if day.weekday() >= 5 or day in self.bank_holidays:
            return False
        terms = self._terms_of(laestab)
        if not terms or not terms[0].start <= day <= max(t.end for t in terms):
            return True
        return any(t.start <= day <= t.end for t in terms)

    def after(self, start: date, days: int, laestab: str | None = None) -> date:
        """The ``days``-th school day after ``start``; ``start`` itself when ``days`` is 0."""
        day = start
        while days > 0:
            day += _DAY
            if self.is_school_day(day, laestab):
                days -= 1
        return day

    def _terms_of(self, laestab: str | None) -> tuple[Term, ...]:
        if laestab not in self._own:
            own = _sorted(t for t in self.terms if laestab and t.laestab == laestab)
            la = laestab[:3] if laestab else self.la
            self._own[laestab] = own or _sorted(t for t in self.terms if t.la == la and not t.laestab)
        return self._own[laestab]


def _sorted(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=lambda t: t.start))
