"""Two records about which more than one question arises: no row waits for an answer that was given, or that nobody is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from gateway.domain.cases.waiting import HoldState
from gateway.domain.parcels.kinds import Finding, Severity
from gateway.domain.returns.movement import MovementState
from gateway.pipeline.officer import accept_match, reject_match
from tests.safeguards.thornhaven import FERNBRIDGE, OFFICER, QUILLMEAD, Pupil, Town, leaver

FAULT = (Finding("FAULT", Severity.QUERY, "odd", "look", row=2),)      # the row goes back, and may return under its id
MONDAY = date(2026, 11, 16)


def act(place: Town, what: Any, suggestion: str) -> None:
    with place.act() as tx:
        what(tx, place.ports, suggestion, "looked at", OFFICER, place.now)


def waiting(place: Town) -> list[str]:
    return [m.id for m in place.movements if m.state is MovementState.PENDING]


def another_child_in_the_row_of_the_first(place: Town, *, answer: bool) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1), row_id="r1"), findings=FAULT)
    place.send(QUILLMEAD, leaver(Pupil(2)))
    if answer:
        act(place, reject_match, place.suggestions[0].id)
    place.send(FERNBRIDGE, leaver(Pupil(2), MONDAY, row_id="r1"))


def test_a_row_that_waits_is_asked_about_though_its_two_records_already_are(thornhaven: Town) -> None:
    another_child_in_the_row_of_the_first(thornhaven, answer=False)
    assert [s.movement for s in thornhaven.suggestions] == waiting(thornhaven)
    assert len(thornhaven.holds("suggested-match")) == len(waiting(thornhaven)) == 2


def test_a_row_does_not_wait_for_an_answer_that_was_given(thornhaven: Town) -> None:
    another_child_in_the_row_of_the_first(thornhaven, answer=True)
    assert waiting(thornhaven) == []
    assert len(thornhaven.open_cases) == 2


def test_one_no_answers_every_question_about_the_same_two(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    for day in (date(2026, 11, 13), MONDAY):
        thornhaven.send(QUILLMEAD, leaver(Pupil(2, upn=None, postcode="ZY2 1AA"), day))
    [correction] = [s for s in thornhaven.suggestions if "one difference: date" in s.evidence]
    act(thornhaven, accept_match, correction.id)
    first, _ = thornhaven.suggestions
    act(thornhaven, reject_match, first.id)
    assert thornhaven.holds("suggested-match") == []
    assert waiting(thornhaven) == []
    assert len(thornhaven.open_cases) == 2
    with thornhaven.store.reading() as tx:
        states = [h.state for h in tx.holds.where(what="suggested-match")]
    assert states.count(HoldState.REJECTED) == 2
