"""Safeguard 1: outside compulsory school age no case opens; post-16 needs the date, never age or year group alone."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.domain.returns.record import DestinationType
from tests.safeguards.thornhaven import FERNBRIDGE, HIGH, MONDAY, Pupil, Town, leaver, town


def test_a_child_below_compulsory_school_age_opens_no_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, born=date(2022, 1, 15), year="R")))
    assert thornhaven.cases == []
    assert thornhaven.teams == []


@pytest.mark.parametrize(("born", "of_age"), [
    (date(2021, 8, 31), True),      # five on the prescribed day itself, 31 August 2026
    (date(2021, 9, 1), False),      # five the day after: of age from 31 December
])
def test_compulsory_school_age_begins_on_the_prescribed_day(born: date, of_age: bool) -> None:
    place = town(today=date(2026, 10, 1))
    place.send(FERNBRIDGE, leaver(Pupil(1, born=born), date(2026, 9, 30)))
    assert bool(place.cases) is of_age


@pytest.mark.parametrize(("day", "of_age"), [(date(2026, 6, 26), True), (date(2026, 6, 27), False)])
def test_compulsory_school_age_ends_with_the_last_friday_of_june(day: date, of_age: bool) -> None:
    place = town(today=day)
    place.send(HIGH, leaver(Pupil(1, born=date(2010, 2, 1), year="11"), day))
    assert bool(place.cases) is of_age
    assert place.teams == ([] if of_age else ["participation"])


def test_a_year_12_pupil_who_is_still_of_age_is_a_case_and_not_post_16(thornhaven: Town) -> None:
    kept_ahead = Pupil(1, born=date(2011, 10, 1), year="12")
    thornhaven.send(HIGH, leaver(kept_ahead, ground="l", destination=DestinationType.POST_16))
    assert len(thornhaven.open_cases) == 1
    assert thornhaven.teams == []


def test_a_year_11_pupil_who_is_over_age_goes_to_the_participation_team(thornhaven: Town) -> None:
    kept_back = Pupil(1, born=date(2010, 3, 5), year="11")
    thornhaven.send(HIGH, leaver(kept_back, ground="l", destination=DestinationType.POST_16))
    assert thornhaven.cases == []
    assert thornhaven.teams == ["participation"]


def test_a_held_row_of_a_child_outside_the_age_opens_no_provisional_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, born=date(2022, 5, 1)), None, held=True))
    thornhaven.pass_to(date(2026, 12, 18))
    assert thornhaven.cases == []


def test_an_awaited_child_who_grows_over_age_meanwhile_is_no_case() -> None:
    place = town(feeds=(HIGH,), today=date(2026, 6, 15))
    from tests.safeguards.thornhaven import to_school
    place.send(FERNBRIDGE, leaver(Pupil(1, born=date(2010, 2, 1)), date(2026, 6, 12), "a", **to_school(HIGH)))
    place.pass_to(date(2026, 7, 20))
    assert place.cases == []
    assert place.today < MONDAY
