from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.clocks.london import after, day_of, start_of

LONDON = ZoneInfo("Europe/London")
DAYS = st.dates(date(1996, 1, 1), date(2037, 12, 31))   # since the European summer time of today


@given(DAYS)
def test_the_start_of_a_day_is_the_time_zones_own(day: date) -> None:
    assert start_of(day) == datetime.combine(day, time(), LONDON).astimezone(UTC)


MOMENTS = st.integers(0, 41 * 365 * 24 * 60).map(lambda minutes: datetime(1996, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(MOMENTS)
def test_the_day_of_a_moment_is_the_time_zones_own(moment: datetime) -> None:
    assert day_of(moment) == moment.astimezone(LONDON).date()


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_days_on_which_clocks_change_have_23_and_25_hours(day: date) -> None:
    assert after(day) - start_of(day) == timedelta(hours=23 if day.month == 3 else 25)
