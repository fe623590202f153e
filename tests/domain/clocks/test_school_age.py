from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.clocks.school_age import age_on, begins, ends, year_group


@pytest.mark.parametrize(("born", "first"), [
    (date(2021, 8, 31), date(2026, 8, 31)),      # on the prescribed day itself
    (date(2021, 9, 1), date(2026, 12, 31)),
    (date(2021, 12, 31), date(2026, 12, 31)),
    (date(2022, 1, 1), date(2027, 3, 31)),
    (date(2022, 3, 31), date(2027, 3, 31)),
    (date(2022, 4, 1), date(2027, 8, 31)),
    (date(2020, 2, 29), date(2025, 3, 31)),      # a birthday on 1 March
])
def test_it_begins_on_the_prescribed_day_on_or_after_the_fifth_birthday(born: date, first: date) -> None:
    assert begins(born) == first
    assert [age_on(born, day) for day in (first - timedelta(days=1), first)] == ["under", "of"]


@pytest.mark.parametrize(("born", "last"), [
    (date(2010, 8, 31), date(2026, 6, 26)),      # turns 16 on the last day of 2025-26
    (date(2010, 9, 1), date(2027, 6, 25)),       # on the first of 2026-27
    (date(2011, 3, 1), date(2027, 6, 25)),
    (date(2011, 7, 15), date(2027, 6, 25)),      # 16 after the leaving date: the date stands
    (date(2012, 2, 29), date(2028, 6, 30)),      # 30 June 2028 is a Friday
])
def test_it_ends_with_the_last_friday_of_june_in_the_year_of_the_sixteenth_birthday(born: date, last: date) -> None:
    assert ends(born) == last
    assert last.weekday() == 4
    assert [age_on(born, day) for day in (last, last + timedelta(days=1))] == ["of", "over"]


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_everyone_is_of_age_for_about_eleven_years(born: date) -> None:
    years = (ends(born) - begins(born)).days / 365.25
    assert 9.7 < years < 11.9


@pytest.mark.parametrize(("born", "group"), [(date(2015, 9, 1), 6), (date(2016, 8, 31), 6), (date(2016, 9, 1), 5),
                                             (date(2022, 8, 31), 0)])
def test_the_year_group_by_age(born: date, group: int) -> None:
    assert year_group(born, 2026) == group
