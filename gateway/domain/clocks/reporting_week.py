"""The reporting week: schools report by the week, and it starts on Monday."""

from __future__ import annotations

from datetime import date, timedelta


def reporting_week(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())
