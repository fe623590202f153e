"""Safeguard 6: a joiner is awaited only from a school of ours with a feed; otherwise one task. Whole cohorts wait for autumn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gateway.domain.cases.case import Category
from gateway.domain.clocks.school_days import Term
from gateway.domain.returns.movement import MovementState
from gateway.domain.returns.record import DestinationType
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
