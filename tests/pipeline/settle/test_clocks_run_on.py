"""A changed row starts no clock again: what waited before it waits on, and what a person answered stays answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from gateway.domain.cases.case import CaseState
from gateway.domain.returns.movement import MovementState
from gateway.domain.returns.record import DestinationType
from gateway.pipeline.officer import acknowledge_handover, release_hold
from tests.safeguards.thornhaven import (
    ALL_HALLOWS,
    FERNBRIDGE,
    OFFICER,
    QUILLMEAD,
    SALTMARCH_QUAY,
    Pupil,
    Town,
    joiner,
    leaver,
    to_school,
    town,
)

TO_FEED = leaver(Pupil(1), ground="a", **to_school(ALL_HALLOWS))
HELD = leaver(Pupil(1), ground="a", destination=None, held=True)


def changed(row: Any, n: int) -> Any:
    return replace(row, details={**row.details, "phone": f"01632 96000{n}"})


def test_a_return_that_changes_a_detail_each_week_does_not_keep_a_child_awaited(thornhaven: Town) -> None:
    for week in range(3):
        thornhaven.pass_to(date(2026, 11, 16) + timedelta(days=7 * week))
        thornhaven.send(FERNBRIDGE, changed(TO_FEED, week))
    thornhaven.pass_to(date(2026, 12, 1))            # the tenth school day since the first has ended
    assert [hold.what for hold in thornhaven.holds()] == ["overdue"]
    thornhaven.pass_to(date(2026, 12, 8))
    assert len(thornhaven.open_cases) == 1


def test_a_child_who_is_overdue_stays_so_when_a_detail_changes(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, TO_FEED)
    thornhaven.pass_to(date(2026, 12, 1))
    [before] = thornhaven.holds("overdue")
    thornhaven.send(FERNBRIDGE, changed(TO_FEED, 1))
    [movement] = thornhaven.movements
    [hold] = thornhaven.holds("overdue")
    assert (movement.state, hold.id, hold.about) == (MovementState.OVERDUE, before.id, movement.id)
    thornhaven.pass_to(date(2026, 12, 8))
    assert len(thornhaven.open_cases) == 1
    assert thornhaven.holds() == []


def test_another_school_each_week_is_no_new_time_either() -> None:
    place = town(feeds=(ALL_HALLOWS, QUILLMEAD))
    for week, school in enumerate((ALL_HALLOWS, QUILLMEAD, ALL_HALLOWS, QUILLMEAD)):
        place.pass_to(date(2026, 11, 16) + timedelta(days=7 * week))
        place.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(school)))
    place.pass_to(date(2026, 12, 8))
    assert len(place.open_cases) == 1


def test_a_later_start_is_waited_for(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, TO_FEED)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(ALL_HALLOWS, destination_start_date="2026-12-07")))
    thornhaven.pass_to(date(2026, 12, 18))
    assert thornhaven.holds() == []
    thornhaven.pass_to(date(2026, 12, 22))
    assert [hold.what for hold in thornhaven.holds()] == ["overdue"]


def test_a_held_row_that_is_sent_again_every_two_days_is_provisional_all_the_same(thornhaven: Town) -> None:
    for day in range(16, 21, 2):
        thornhaven.pass_to(date(2026, 11, day))
        thornhaven.send(FERNBRIDGE, changed(HELD, day - 16))
    assert [case.state for case in thornhaven.cases] == [CaseState.PROVISIONAL]


def test_a_row_that_is_held_and_good_by_turns_is_waited_for_once(thornhaven: Town) -> None:
    for n, row in enumerate((HELD, TO_FEED, HELD, TO_FEED, HELD, TO_FEED)):
        thornhaven.pass_to(date(2026, 11, 16) + timedelta(days=2 * n))
        thornhaven.send(FERNBRIDGE, changed(row, n))
    thornhaven.pass_to(date(2026, 12, 1))
    assert [hold.what for hold in thornhaven.holds("overdue")] == ["overdue"]


def test_what_an_officer_found_is_not_asked_again_for_a_telephone_number(thornhaven: Town) -> None:
    rows = TO_FEED, leaver(Pupil(2, "Begum", "Noah"), ground="a", **to_school(QUILLMEAD))
    thornhaven.send(FERNBRIDGE, *rows)
    thornhaven.pass_to(date(2026, 12, 1))
    for hold in thornhaven.holds():
        with thornhaven.act() as tx:
            release_hold(tx, thornhaven.ports, hold.id, "the school's office confirms", OFFICER, thornhaven.now)
    thornhaven.send(FERNBRIDGE, *(changed(row, 1) for row in rows))
    assert thornhaven.holds() == []
    assert {m.state for m in thornhaven.movements} == {MovementState.NOTED}
    thornhaven.send(FERNBRIDGE, leaver(Pupil(2, "Begum", "Noah"), ground="a", **to_school(SALTMARCH_QUAY)))
    assert len(thornhaven.open_cases) == 1             # another place is news


def test_home_education_that_its_team_has_taken_starts_no_clock_again(thornhaven: Town) -> None:
    row = leaver(Pupil(1), ground="f", destination=DestinationType.EHE)
    thornhaven.send(FERNBRIDGE, row)
    thornhaven.send(FERNBRIDGE, changed(row, 1))
    [handover] = thornhaven.handovers
    with thornhaven.act() as tx:
        acknowledge_handover(tx, thornhaven.ports, handover.id, OFFICER, thornhaven.now)
    thornhaven.send(FERNBRIDGE, changed(row, 2))
    thornhaven.pass_to(date(2027, 1, 11))
    assert thornhaven.cases == []
    assert thornhaven.holds() == []


def test_a_changed_row_does_not_answer_the_question_that_the_first_one_asked(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    other = leaver(Pupil(1, upn=None), date(2026, 11, 13))
    thornhaven.send(QUILLMEAD, other)
    thornhaven.send(QUILLMEAD, changed(other, 1))
    [suggestion] = thornhaven.suggestions
    [waiting] = [m for m in thornhaven.movements if m.school == QUILLMEAD]
    assert (waiting.state, suggestion.movement) == (MovementState.PENDING, waiting.id)
    assert len(thornhaven.cases) == 1


def test_a_ground_that_is_put_right_is_doubtful_no_more(thornhaven: Town) -> None:
    from gateway.domain.parcels.kinds import Finding, Severity
    odd = Finding("GROUND-CONFLICT", Severity.QUERY, "letter and words differ", "say which", row=2, field="deletion_ground")
    row = leaver(Pupil(1), ground="f", destination=DestinationType.EHE, ehe_letter_date="2026-11-12")
    thornhaven.send(FERNBRIDGE, row, findings=(odd,))
    thornhaven.send(FERNBRIDGE, row)
    assert "ground_doubtful" not in thornhaven.movements[0].record.details


def test_an_undated_leaver_was_gone_at_the_latest_when_it_was_first_reported(thornhaven: Town) -> None:
    undated = leaver(Pupil(1), None, held=True)
    thornhaven.send(FERNBRIDGE, undated)
    thornhaven.pass_to(date(2026, 11, 23))
    thornhaven.send(FERNBRIDGE, changed(undated, 1))
    thornhaven.send(QUILLMEAD, joiner(Pupil(1), date(2026, 11, 18)))
    assert thornhaven.open_cases == []
