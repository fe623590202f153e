"""The civil day in London, as a pure rule.

1. Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October.
2. A thing that is due "when the n-th school day has ended" falls due at the first moment of the day after it, in London:
   ``start_of(day_after)`` as an instant in UTC. A run on that day finds it due; a run on the school day itself does not.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

_HOUR = timedelta(hours=1)


def start_of(day: date) -> datetime:
    """The first moment of ``day`` in London, in UTC."""
    # Clocks change at 01:00 UTC, after midnight: the Sunday in March still begins in winter time, that in October in summer time.
    summer = _last_sunday(day.year, 3) < day <= _last_sunday(day.year, 10)
    midnight = datetime.combine(day, time(), UTC)
    return midnight - _HOUR if summer else midnight


def day_of(moment: datetime) -> date:
    """The civil day in London at an aware moment."""
    utc = moment.astimezone(UTC)
    begins = datetime.combine(_last_sunday(utc.year, 3), time(1), UTC)
    ends = datetime.combine(_last_sunday(utc.year, 10), time(1), UTC)
    return (utc + _HOUR if begins <= utc < ends else utc).date()


def after(day: date) -> datetime:
    """The moment at which ``day`` has ended in London, in UTC."""
    return start_of(day + timedelta(days=1))


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)            # March and October both have 31 days
    return last - timedelta(days=(last.weekday() + 1) % 7)
