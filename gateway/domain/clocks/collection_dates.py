"""Dates of the council's collections and of the reporting week.

1. Children missing out on education are collected on the first Thursday of November and the last Thursday of April.
2. The reporting week starts on Monday.
"""

from __future__ import annotations

from datetime import date, timedelta

_THURSDAY = 3


def collection_dates(year: int) -> tuple[date, date]:
    """April's and November's date of one calendar year."""
    april, november = date(year, 4, 30), date(year, 11, 1)
    return (april - timedelta(days=(april.weekday() - _THURSDAY) % 7),
            november + timedelta(days=(_THURSDAY - november.weekday()) % 7))


def next_collection(today: date) -> date:
    """The next collection on or after today."""
    dates = (*collection_dates(today.year), *collection_dates(today.year + 1))
    return next(day for day in dates if day >= today)


def reporting_week(day: date) -> date:
    """The Monday of the week."""
    return day - timedelta(days=day.weekday())
