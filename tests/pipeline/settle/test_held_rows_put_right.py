"""Which row puts a held one right, and which only looks like it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gateway.domain.cases.case import CaseState
from gateway.pipeline.officer import reject_hold, reject_match, release_hold
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
)

PLACE = to_school(SALTMARCH_QUAY, destination_confirmed=True)
LATE = date(2026, 11, 20)         # a held row of the first day is provisional


def rows_held(place: Town) -> list[str]:
    return sorted(str(m.record.legal_forename) for m in place.movements if m.held)


@pytest.mark.parametrize("fault", [{"ground": "a", "destination": None}, {"left": None}])
def test_a_twins_row_does_not_put_the_other_twins_held_row_right(thornhaven: Town, fault: dict[str, Any]) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, forename="Amelia", upn=None), held=True, **fault))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(2, forename="Oliver", upn=None)))
    assert rows_held(thornhaven) == ["Amelia"]
    assert len(thornhaven.holds("rows")) == 1
    thornhaven.pass_to(LATE)
    assert sorted(case.state.value for case in thornhaven.cases) == ["open", "provisional"]


def test_a_twin_beside_a_held_row_without_a_forename_puts_nothing_right(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, forename=None, upn=None), ground="a", destination=None, held=True))
    thornhaven.send(FERNBRIDGE, *(leaver(Pupil(n, forename=name, upn=None)) for n, name in ((1, "Amelia"), (2, "Oliver"))))
    assert rows_held(thornhaven) == ["None"]
    assert len(thornhaven.holds("rows")) == 1


def test_another_surname_is_a_question_and_the_held_row_waits(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, "Okonkwo", upn=None), ground="a", destination=None, held=True))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, upn=None)))
    assert rows_held(thornhaven) == ["Musa"]
    [suggestion] = thornhaven.suggestions
    with thornhaven.act() as tx:
        reject_match(tx, thornhaven.ports, suggestion.id, "another child", OFFICER, thornhaven.now)
    assert len(thornhaven.open_cases) == 1


def test_a_held_row_that_is_sent_again_with_another_fault_closes_nothing(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", destination=None, held=True))
    thornhaven.pass_to(LATE)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", destination=None, held=True, phone="01632 960003"))
    assert [case.state for case in thornhaven.cases] == [CaseState.PROVISIONAL]
    assert [hold.what for hold in thornhaven.holds()] == ["rows"]


def test_a_good_row_that_is_sent_again_with_a_fault_leaves_its_case_alone(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", destination=None, held=True))
    assert [hold.what for hold in thornhaven.holds()] == ["rows"]
    assert [case.state for case in thornhaven.cases] == [CaseState.OPEN]


def test_a_held_row_takes_no_good_rows_place(thornhaven: Town) -> None:
    good = leaver(Pupil(1), date(2026, 11, 6), "a", **to_school(ALL_HALLOWS))
    thornhaven.send(FERNBRIDGE, good)
    thornhaven.send(ALL_HALLOWS, joiner(Pupil(1), date(2026, 11, 9)))
    for _ in range(2):
        thornhaven.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 6), "a", None, held=True))
    assert sorted((m.state.value, m.held) for m in thornhaven.movements) == [
        ("held", True), ("matched", False), ("matched", False)]
    thornhaven.send(FERNBRIDGE, good)
    assert {m.state.value for m in thornhaven.movements} == {"matched"}
    assert thornhaven.holds() == []
    thornhaven.pass_to(date(2026, 12, 18))
    assert thornhaven.cases == []


@pytest.mark.parametrize("again", [leaver(Pupil(1)), leaver(Pupil(1), phone="01632 960003")], ids=["the same", "changed"])
def test_the_good_row_sent_again_puts_a_held_one_right_that_had_lost_its_date(thornhaven: Town, again: Any) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, upn=None), None, held=True))
    assert len(thornhaven.holds("rows")) == 1
    thornhaven.send(FERNBRIDGE, again)
    assert thornhaven.holds() == []
    assert rows_held(thornhaven) == []
    thornhaven.pass_to(date(2026, 12, 18))
    assert len(thornhaven.cases) == 1


def test_two_faults_mended_one_at_a_time_are_one_child_and_one_provisional_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, born=None, upn=None), ground="a", destination=None, held=True))
    thornhaven.pass_to(date(2026, 11, 18))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, upn=None), ground="a", destination=None, held=True))
    thornhaven.pass_to(date(2026, 11, 23))
    assert [case.state for case in thornhaven.cases] == [CaseState.PROVISIONAL]
    assert len(thornhaven.holds("rows")) == 1
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, upn=None), ground="a", **PLACE))
    assert [case.state for case in thornhaven.cases] == [CaseState.CLOSED]
    assert thornhaven.holds() == []


def test_a_held_row_put_right_as_a_known_child_leaves_one_case(thornhaven: Town) -> None:
    thornhaven.send(QUILLMEAD, leaver(Pupil(1), date(2026, 11, 2)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, upn=None), None, held=True))
    thornhaven.pass_to(LATE)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    assert len(thornhaven.open_cases) == 1


def test_a_good_row_after_held_ones_were_rejected_is_a_new_movement(thornhaven: Town) -> None:
    held = leaver(Pupil(1), ground="a", destination=None, held=True)
    thornhaven.send(FERNBRIDGE, held)
    [hold] = thornhaven.holds("rows")
    with thornhaven.act() as tx:
        reject_hold(tx, thornhaven.ports, hold.id, "no such child", OFFICER, thornhaven.now)
    thornhaven.send(FERNBRIDGE, held)
    assert thornhaven.holds() == []                 # a person answered this very row
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    assert [case.state for case in thornhaven.cases] == [CaseState.OPEN]
    assert sorted(m.state.value for m in thornhaven.movements) == ["noted", "withdrawn"]


def test_a_withdrawn_row_that_comes_back_otherwise_held_waits_again(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", destination=None, held=True))
    [hold] = thornhaven.holds("rows")
    with thornhaven.act() as tx:
        reject_hold(tx, thornhaven.ports, hold.id, "no such child", OFFICER, thornhaven.now)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", destination=None, held=True, phone="01632 960003"))
    assert len(thornhaven.holds("rows")) == 1


@pytest.mark.parametrize(("row", "state"), [
    (leaver(Pupil(1), None, "a", held=True, **PLACE), CaseState.CLOSED),
    (leaver(Pupil(1), None, "a", held=True, **to_school(QUILLMEAD)), CaseState.CLOSED),
    (leaver(Pupil(1), None, held=True), CaseState.OPEN),
], ids=["a confirmed place", "a place to be confirmed", "no place"])
def test_releasing_rows_decides_their_provisional_case(thornhaven: Town, row: Any, state: CaseState) -> None:
    thornhaven.send(FERNBRIDGE, row)
    thornhaven.pass_to(LATE)
    [hold] = thornhaven.holds("rows")
    with thornhaven.act() as tx:
        release_hold(tx, thornhaven.ports, hold.id, "the date does not matter", OFFICER, thornhaven.now)
    assert [case.state for case in thornhaven.cases] == [state]
