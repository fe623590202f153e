"""Safeguard 6: a joiner is awaited only from a school of ours with a feed; otherwise one task. Whole cohorts wait for autumn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.domain.cases.case import Category
from gateway.domain.clocks.school_days import Term
from gateway.domain.register.establishments import Establishment
from gateway.domain.returns.movement import MovementState
from gateway.domain.returns.record import DestinationType, MovementKind, PupilRecord
from gateway.pipeline.officer import reject_hold, release_hold
from tests.safeguards.thornhaven import (
    ALL_HALLOWS,
    FERNBRIDGE,
    HIGH,
    MARLOWICK_GREEN,
    OFFICER,
    OLDFIELD_ACADEMY,
    OLDFIELD_PRIMARY,
    QUILLMEAD,
    Pupil,
    Town,
    joiner,
    leaver,
    to_school,
    town,
)

YEAR_6 = date(2015, 1, 1)


def cohort(size: int, born: date = YEAR_6) -> list[Pupil]:
    return [Pupil(n, f"Family{n:04d}", f"Child{n}", born + timedelta(days=n % 200), year="6") for n in range(size)]


def test_awaited_then_overdue_then_a_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(ALL_HALLOWS)))
    assert thornhaven.holds() == []
    thornhaven.pass_to(date(2026, 11, 30))           # the tenth school day: not yet ended
    assert thornhaven.holds() == []
    thornhaven.pass_to(date(2026, 12, 1))
    assert [hold.what for hold in thornhaven.holds()] == ["overdue"]
    thornhaven.pass_to(date(2026, 12, 7))            # the fifth after it
    assert thornhaven.cases == []
    thornhaven.pass_to(date(2026, 12, 8))
    assert len(thornhaven.open_cases) == 1
    assert thornhaven.holds() == []


def test_a_daemon_that_was_off_for_weeks_comes_to_the_same(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(ALL_HALLOWS)))
    thornhaven.jump_to(date(2027, 1, 20))
    assert len(thornhaven.open_cases) == 1
    assert thornhaven.holds() == []


def test_holidays_do_not_count() -> None:
    terms = (Term("990", date(2026, 9, 1), date(2026, 11, 20)), Term("990", date(2026, 11, 30), date(2026, 12, 18)))
    place = town(terms=terms)
    place.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(ALL_HALLOWS)))
    place.pass_to(date(2026, 12, 7))
    assert place.holds() == []
    place.pass_to(date(2026, 12, 8))
    assert len(place.holds("overdue")) == 1


@pytest.mark.parametrize("school", [QUILLMEAD, HIGH])
def test_a_school_without_a_feed_is_one_task_and_never_a_case_by_itself(thornhaven: Town, school: str) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(school)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, sex="F"), ground="a", **to_school(school)))
    assert [hold.what for hold in thornhaven.holds()] == ["confirm-destination"]
    thornhaven.pass_to(date(2027, 2, 1))
    assert thornhaven.cases == []


def test_a_feed_that_begins_later_is_not_awaited() -> None:
    place = town(today=date(2026, 7, 1))
    place.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 6, 30), "a", **to_school(ALL_HALLOWS)))
    assert [hold.what for hold in place.holds()] == ["confirm-destination"]


def test_a_closed_schools_successor_is_awaited() -> None:
    place = town(feeds=(OLDFIELD_ACADEMY,))
    place.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(OLDFIELD_PRIMARY)))
    assert [m.state for m in place.movements] == [MovementState.AWAITED]


def test_the_officer_who_finds_the_child_ends_the_task_and_who_does_not_opens_the_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(QUILLMEAD)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(2, "Begum", "Noah"), ground="a", **to_school(QUILLMEAD)))
    first, second = thornhaven.holds("confirm-destination")
    with thornhaven.act() as tx:
        release_hold(tx, thornhaven.ports, first.id, "the school's office confirms", OFFICER, thornhaven.now)
        reject_hold(tx, thornhaven.ports, second.id, "never heard of", OFFICER, thornhaven.now)
    [case] = thornhaven.open_cases
    with thornhaven.store.reading() as tx:
        assert tx.children.get(case.child).legal_surname == "Begum"
    assert thornhaven.holds() == []


def test_september_with_a_whole_cohort_opens_no_false_cases() -> None:
    place = town(feeds=(HIGH,), today=date(2026, 9, 7))
    children = cohort(3000)                                                  # a borough's Year 6; three in ten go to a feed
    for first, last, destination in ((0, 900, HIGH), (900, 2000, OLDFIELD_ACADEMY), (2000, 3000, MARLOWICK_GREEN)):
        rows = [leaver(c, date(2026, 8, 31), "a", **to_school(destination)) for c in children[first:last]]
        place.send(FERNBRIDGE, *rows)
    lost = leaver(Pupil(9999, "Lost", "One", YEAR_6, year="6"), date(2026, 8, 31), "g", DestinationType.UNKNOWN)
    place.send(FERNBRIDGE, lost)
    place.send(HIGH, *(joiner(c, date(2026, 9, 3)) for c in children[:898]))
    place.pass_to(date(2026, 12, 18))
    assert [case.destination for case in place.open_cases] == [None]         # the one who is lost, and no other
    assert place.referrals == []
    [no_show] = place.holds()
    assert (no_show.what, no_show.about, no_show.reason.split()[0]) == ("no-show", HIGH, "2")
    with place.act() as tx:
        release_hold(tx, place.ports, no_show.id, "not in school", OFFICER, place.now)
    assert [case.category for case in place.open_cases[1:]] == [Category.FAILED_TRANSFER] * 2


def test_a_secondary_pupil_who_leaves_in_september_is_no_phase_transfer() -> None:
    place = town(feeds=(), today=date(2026, 9, 28))
    place.send(HIGH, leaver(Pupil(1, born=YEAR_6, year="7"), date(2026, 9, 25), "a", **to_school(QUILLMEAD)))
    assert [hold.what for hold in place.holds()] == ["confirm-destination"]


def test_home_education_at_phase_transfer_still_goes_to_its_team() -> None:
    place = town(today=date(2026, 9, 7))
    row = leaver(Pupil(1, born=YEAR_6, year="6"), date(2026, 8, 31), "f", DestinationType.EHE, ehe_letter_date="2026-08-20")
    place.send(FERNBRIDGE, row)
    assert place.teams == ["ehe"]


def to_high(n: int) -> PupilRecord:
    return leaver(Pupil(n, f"Family{n}", f"Child{n}", YEAR_6, year="6"), date(2026, 8, 31), "a", **to_school(HIGH))


def test_a_second_date_of_the_no_show_list_has_its_own_hold() -> None:
    place = town(feeds=(HIGH,), today=date(2026, 9, 7))
    place.send(FERNBRIDGE, to_high(1))
    place.pass_to(date(2026, 9, 14))
    place.send(FERNBRIDGE, to_high(1), to_high(2))
    place.pass_to(date(2026, 10, 6))
    [first] = place.holds("no-show")
    assert first.reason.split()[0] == "1"
    with place.act() as tx:
        reject_hold(tx, place.ports, first.id, "moved to Wales", OFFICER, place.now)
    place.pass_to(date(2026, 10, 13))
    [second] = place.holds("no-show")
    assert second.reason.split()[0] == "1"
    with place.act() as tx:
        release_hold(tx, place.ports, second.id, "not in school", OFFICER, place.now)
    assert [case.category for case in place.open_cases] == [Category.FAILED_TRANSFER]
    assert {m.state for m in place.movements} == {MovementState.NOTED}


def test_the_count_of_no_shows_falls_as_they_are_reported_and_the_hold_lapses_with_the_last() -> None:
    place = town(feeds=(HIGH,), today=date(2026, 9, 7))
    rows = [to_high(n) for n in (1, 2)]
    place.send(FERNBRIDGE, *rows)
    place.pass_to(date(2026, 10, 6))
    for left, row in ((1, rows[0]), (0, rows[1])):
        place.send(HIGH, replace(row, movement=MovementKind.JOINER, start_date=date(2026, 9, 3), deletion_ground=None))
        assert [hold.reason.split()[0] for hold in place.holds("no-show")] == [str(left)] * bool(left)
    assert place.cases == []


def test_a_detail_that_changes_puts_no_child_off_to_a_later_list() -> None:
    place = town(feeds=(HIGH,), today=date(2026, 9, 7))
    for week in range(6):
        place.pass_to(date(2026, 9, 7) + timedelta(days=7 * week))
        place.send(FERNBRIDGE, replace(to_high(1), home_postcode=f"ZY1 {week}AA"))
    [hold] = place.holds("no-show")
    assert hold.reason.split()[0] == "1"
    with place.act() as tx:
        release_hold(tx, place.ports, hold.id, "not in school", OFFICER, place.now)
    assert len(place.open_cases) == 1


def with_school(place: Town, laestab: str, name: str, phase: str) -> None:
    school = Establishment("990777", laestab, name, True, "Community school", phase)
    known = {**place.ports.register.establishments, laestab: school}
    place.ports.register = replace(place.ports.register, establishments=known)  # type: ignore[misc]


MIDDLE = "9904777"
BORN_IN_YEAR = {2: date(2019, 1, 1), 4: date(2017, 1, 1), 6: YEAR_6, 8: date(2013, 1, 1)}


@pytest.mark.parametrize(("name", "phase", "year"), [
    ("Weirside Middle School", "Middle deemed secondary", 8), ("Weirside School", "Middle deemed primary", 8),
    ("Weirside First School", "Primary", 4), ("Weirside Infant and Nursery School", "Primary", 2),
    ("Weirside Junior School", "Primary", 6),
])
def test_cohorts_of_first_middle_and_infant_schools_wait_for_autumn_and_become_cases(name: str, phase: str, year: int) -> None:
    place = town(feeds=(HIGH,), today=date(2026, 9, 7))
    with_school(place, MIDDLE, name, phase)
    born = BORN_IN_YEAR[year]
    place.send(MIDDLE, leaver(Pupil(1, born=born, year=str(year)), date(2026, 8, 31), "a", **to_school(HIGH)))
    assert [m.state for m in place.movements] == [MovementState.AWAITED]
    place.pass_to(date(2026, 10, 6))
    [hold] = place.holds("no-show")
    with place.act() as tx:
        release_hold(tx, place.ports, hold.id, "not in school", OFFICER, place.now)
    assert [case.category for case in place.open_cases] == [Category.FAILED_TRANSFER]


@pytest.mark.parametrize(("name", "phase", "year"), [
    ("Middleton High School", "Secondary", 8), ("Middle Park High School", "Secondary", 8),
    ("Weirside Middle School", "Middle deemed primary", 6), ("Weirside Junior and Infant School", "Primary", 2),
    ("Firstwater Primary School", "Primary", 4),
])
def test_a_name_that_sounds_like_a_phase_makes_no_cohort(name: str, phase: str, year: int) -> None:
    place = town(feeds=(), today=date(2026, 9, 7))
    with_school(place, MIDDLE, name, phase)
    born = BORN_IN_YEAR[year]
    place.send(MIDDLE, leaver(Pupil(1, born=born, year=str(year)), date(2026, 8, 31), "a", **to_school(QUILLMEAD)))
    assert [hold.what for hold in place.holds()] == ["confirm-destination"]


def test_home_education_that_waits_for_its_letter_is_not_taken_off_with_the_no_shows() -> None:
    place = town(feeds=(HIGH,), today=date(2026, 9, 7), awaited_school_days=20)
    home = leaver(Pupil(2, "Begum", "Noah", YEAR_6, year="6"), date(2026, 8, 31), "f", DestinationType.EHE)
    place.send(FERNBRIDGE, to_high(1), home)
    place.pass_to(date(2026, 10, 20))
    assert len(place.open_cases) == 1


def test_a_feed_that_began_after_the_expected_day_is_not_awaited() -> None:
    place = town(feeds=(ALL_HALLOWS,), today=date(2026, 9, 14))
    place.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 8, 28), "a", **to_school(ALL_HALLOWS)))
    assert [hold.what for hold in place.holds()] == ["confirm-destination"]


def test_a_school_closed_twice_over_is_awaited_at_the_last_that_followed() -> None:
    place = town(feeds=(ALL_HALLOWS,))
    schools = dict(place.ports.register.establishments)
    schools[OLDFIELD_ACADEMY] = replace(schools[OLDFIELD_ACADEMY], open=False)
    schools[ALL_HALLOWS] = replace(schools[ALL_HALLOWS], predecessor=OLDFIELD_ACADEMY)
    place.ports.register = replace(place.ports.register, establishments=schools)  # type: ignore[misc]
    place.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(OLDFIELD_PRIMARY)))
    assert [m.state for m in place.movements] == [MovementState.AWAITED]
