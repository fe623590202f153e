"""A yes that is taken back leaves everybody as they were: rows, halves, cases, alerts, hand-overs and what waits for a school."""

from __future__ import annotations

from datetime import date
from typing import Any

from gateway.domain.cases.case import CaseState
from gateway.domain.matching.child import Suggestion, SuggestionState
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import DestinationType
from gateway.pipeline import officer
from tests.safeguards.thornhaven import ALL_HALLOWS, FERNBRIDGE, OFFICER, QUILLMEAD, Pupil, Town, joiner, leaver

FRIDAY, NEXT = date(2026, 11, 6), date(2026, 11, 13)
SLIP = date(2018, 2, 3)           # in the date of birth
HELD = leaver(Pupil(1, ""), FRIDAY, held=True)


def act(place: Town, what: Any, *words: Any) -> Any:
    place.minutes += 1
    with place.act() as tx:
        done = what(tx, place.ports, *words, OFFICER, place.now)
    place.fire()
    return done


def answer(place: Town, which: int = 0) -> Suggestion:
    done: Suggestion = act(place, officer.accept_match, place.suggestions[which].id, "the parent says so")
    return done


def take_back(place: Town) -> None:
    with place.store.reading() as tx:
        last = tx.suggestions.where(state=SuggestionState.ACCEPTED)[-1]
    act(place, officer.undo_match, last.id, "another parent")


def of(place: Town, school: str) -> Movement:
    [found] = [m for m in place.movements if m.school == school]
    return found


def test_a_correction_takes_the_place_of_the_row_that_was_asked_about_and_of_no_other(thornhaven: Town) -> None:
    other = Pupil(1, born=SLIP)
    thornhaven.send(FERNBRIDGE, leaver(other, FRIDAY), leaver(Pupil(1), NEXT))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), FRIDAY))
    answer(thornhaven)
    assert [(m.record.dob, m.moved_on) for m in thornhaven.movements] == [(date(2018, 3, 2), NEXT), (date(2018, 3, 2), FRIDAY)]
    take_back(thornhaven)
    assert len(thornhaven.movements) == 3
    assert len(thornhaven.open_cases) == 2


def test_a_joiner_that_answers_another_leaver_leaves_the_first_without_half_a_match(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), FRIDAY))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(5, "Ellory"), FRIDAY))
    thornhaven.send(ALL_HALLOWS, joiner(Pupil(1, upn=None), FRIDAY))
    for _ in range(2):
        answer(thornhaven)
    halves = {m.id: m.matched_with for m in thornhaven.movements}
    assert sorted(filter(None, halves.values())) == sorted(m for m in halves if halves[m])
    assert thornhaven.open_cases == []
    take_back(thornhaven)
    assert len([m for m in thornhaven.movements if m.state is MovementState.MATCHED]) == 2
    assert len(thornhaven.open_cases) == 1


def test_a_held_row_waits_again_though_its_parcel_was_dealt_with(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), None, held=True), leaver(Pupil(2, "Begum", "Noah"), None, held=True))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    [hold] = thornhaven.holds("rows")
    act(thornhaven, officer.reject_hold, hold.id, "Noah never left")
    take_back(thornhaven)
    assert [m.record.legal_forename for m in thornhaven.movements if m.state is MovementState.HELD] == ["Musa"]
    assert len(thornhaven.holds("rows")) == 1


def test_a_held_row_that_a_person_says_was_put_right_waits_no_more(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, HELD)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, born=SLIP), FRIDAY))
    answer(thornhaven)
    assert thornhaven.holds("rows") == []
    take_back(thornhaven)
    assert len(thornhaven.holds("rows")) == 1


def test_a_flag_for_which_another_rows_alert_had_answered_has_its_own(thornhaven: Town) -> None:
    for day in (FRIDAY, NEXT):
        thornhaven.send(FERNBRIDGE, leaver(Pupil(1), day, urgent=True))
    assert len(thornhaven.holds("urgent")) == 1
    take_back(thornhaven)
    assert {h.child for h in thornhaven.holds("urgent")} == {m.child for m in thornhaven.movements}
    assert len(thornhaven.holds("urgent")) == 2


def test_an_alert_goes_with_its_row(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), FRIDAY))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), NEXT, urgent=True))
    take_back(thornhaven)
    [alert] = thornhaven.holds("urgent")
    [flagged] = [m for m in thornhaven.movements if m.record.urgent]
    assert (alert.about, alert.child) == (flagged.id, flagged.child)


def test_home_education_goes_with_its_row_and_its_team_can_take_it(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), FRIDAY))
    thornhaven.send(QUILLMEAD, leaver(Pupil(1, born=SLIP), FRIDAY, "f", DestinationType.EHE))
    answer(thornhaven)
    thornhaven.pass_to(date(2026, 12, 1))
    take_back(thornhaven)
    [handover] = thornhaven.handovers
    assert handover.child == of(thornhaven, QUILLMEAD).child
    act(thornhaven, officer.acknowledge_handover, handover.id)
    assert of(thornhaven, QUILLMEAD).state is MovementState.NOTED
    assert thornhaven.holds("overdue") == []


def test_a_case_that_was_opened_before_the_answer_is_its_own_childs_again(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, HELD)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, born=SLIP), FRIDAY, "f", DestinationType.EHE, ehe_letter_date="2026-11-05"))
    thornhaven.pass_to(date(2026, 11, 20))
    [before] = thornhaven.cases
    answer(thornhaven)
    take_back(thornhaven)
    [case] = thornhaven.cases
    assert (case.id, case.child, case.movement, case.state) == (before.id, before.child, before.movement, CaseState.PROVISIONAL)


def test_a_correction_answers_the_question_about_the_same_two(thornhaven: Town) -> None:
    thornhaven.send(QUILLMEAD, leaver(Pupil(1, born=None), FRIDAY, held=True))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), FRIDAY))
    assert len(thornhaven.suggestions) == 1
    thornhaven.send(QUILLMEAD, leaver(Pupil(1), FRIDAY))
    assert thornhaven.suggestions == []
    assert [m for m in thornhaven.movements if m.state is MovementState.PENDING] == []
    take_back(thornhaven)
    assert thornhaven.suggestions != []


def test_what_was_late_before_the_answer_is_late_again(thornhaven: Town) -> None:
    thornhaven.pass_to(date(2026, 11, 24))
    thornhaven.send(FERNBRIDGE, HELD, leaver(Pupil(1, ""), FRIDAY, "o", held=True))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), FRIDAY, "o"))
    while thornhaven.suggestions:
        answer(thornhaven)
    assert [m for m in thornhaven.movements if m.state is MovementState.AWAITED] == []
    assert len(thornhaven.open_cases) == 1


def test_a_case_on_a_withdrawn_row_is_opened_again_as_a_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), None, held=True))
    thornhaven.pass_to(date(2026, 11, 20))
    [hold] = thornhaven.holds("rows")
    act(thornhaven, officer.reject_hold, hold.id, "never left")
    act(thornhaven, officer.reopen, thornhaven.cases[0].id, "left after all")
    assert [case.state for case in thornhaven.cases] == [CaseState.OPEN]


def test_one_answer_about_a_place_answers_every_hold_about_it(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), FRIDAY, "f", DestinationType.EHE))
    thornhaven.pass_to(date(2026, 12, 2))
    confirm, overdue = sorted(thornhaven.holds(), key=lambda hold: hold.what)
    assert (confirm.what, overdue.what) == ("confirm-destination", "overdue")
    act(thornhaven, officer.reject_hold, confirm.id, "no letter was written")
    assert thornhaven.holds() == []
    assert len(thornhaven.open_cases) == 1


def test_a_held_row_that_a_joiner_answered_still_waits_for_its_school(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), None, held=True))
    thornhaven.send(ALL_HALLOWS, joiner(Pupil(1, born=SLIP), thornhaven.today))
    answer(thornhaven)
    assert {m.state for m in thornhaven.movements} == {MovementState.MATCHED}
    assert len(thornhaven.holds("rows")) == 1
    take_back(thornhaven)
    assert of(thornhaven, FERNBRIDGE).state is MovementState.HELD
    assert len(thornhaven.holds("rows")) == 1
