"""Deciding suggestions: what is joined, which case closes, and that every decision can be taken back as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gateway.domain.cases.case import CaseState
from gateway.domain.matching.child import Suggestion, SuggestionState
from gateway.domain.returns.movement import MovementState
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.pipeline.officer import accept_match, reject_match, undo_match
from tests.safeguards.thornhaven import (
    ALL_HALLOWS,
    FERNBRIDGE,
    HIGH,
    OFFICER,
    QUILLMEAD,
    SALTMARCH_QUAY,
    Pupil,
    Town,
    joiner,
    leaver,
    to_school,
)

CHILD = Pupil(1)


def do(place: Town, act: Callable[..., Any], suggestion: Suggestion) -> None:
    with place.act() as tx:
        act(tx, place.ports, suggestion.id, "an officer says so", OFFICER, place.now)


def decided(place: Town) -> list[Suggestion]:
    with place.store.reading() as tx:
        return tx.suggestions.where(state=SuggestionState.ACCEPTED)


def story(place: Town) -> tuple[Any, ...]:
    """What must be as before when a decision was taken back: who stands how, what waits, which cases are open."""
    with place.store.reading() as tx:
        roots = {c.id: c.same_as for c in tx.children.where()}
    return (sorted((m.id, m.state.value, m.matched_with, m.due) for m in place.movements), sorted(roots.items(), key=str),
            sorted((c.child, c.state.value, c.movement) for c in place.open_cases),
            sorted((h.what, h.about) for h in place.holds()))


def test_accepting_two_suggestions_of_one_leaver_joins_all_three_and_leaves_one_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 11, 6)))
    thornhaven.send(HIGH, leaver(Pupil(2), date(2026, 11, 9)))                # the same name with another number
    for suggestion in thornhaven.suggestions:
        do(thornhaven, reject_match, suggestion)
    assert len(thornhaven.open_cases) == 2
    thornhaven.send(QUILLMEAD, leaver(Pupil(3, upn=None), date(2026, 11, 13)))
    first, second = thornhaven.suggestions
    do(thornhaven, accept_match, first)
    do(thornhaven, accept_match, second)
    [case] = thornhaven.open_cases
    assert case.last_school == QUILLMEAD
    assert {m.matched_with for m in thornhaven.movements} == {None}
    assert thornhaven.holds() == []
    closed = [c.closing or {} for c in thornhaven.cases if c.state is CaseState.CLOSED]
    assert [c["evidence"] for c in closed] == ["corrected-by-school"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_accepted_suggestions_can_be_taken_back_in_any_order(thornhaven: Town, order: tuple[int, int]) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 11, 6)))
    thornhaven.send(HIGH, leaver(Pupil(2), date(2026, 11, 9)))
    for suggestion in thornhaven.suggestions:
        do(thornhaven, reject_match, suggestion)
    thornhaven.send(QUILLMEAD, leaver(Pupil(3, upn=None), date(2026, 11, 13)))
    both = thornhaven.suggestions
    for suggestion in both:
        do(thornhaven, accept_match, suggestion)
    do(thornhaven, undo_match, both[order[0]])
    assert len(thornhaven.open_cases) == 2
    do(thornhaven, undo_match, both[order[1]])
    assert sorted(str(c.last_school) for c in thornhaven.open_cases) == sorted([FERNBRIDGE, HIGH, QUILLMEAD])
    with thornhaven.store.reading() as tx:
        assert {c.same_as for c in tx.children.where()} == {None}


def test_a_suggestion_between_two_who_are_one_by_now_is_answered(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 11, 6)))
    thornhaven.send(HIGH, leaver(Pupil(2), date(2026, 11, 9)))
    [between] = thornhaven.suggestions
    thornhaven.send(QUILLMEAD, leaver(Pupil(3, upn=None), date(2026, 11, 13)))
    _, first, second = thornhaven.suggestions
    do(thornhaven, accept_match, first)
    do(thornhaven, accept_match, second)
    assert thornhaven.suggestions == []
    assert thornhaven.holds() == []
    do(thornhaven, undo_match, second)
    assert [s.id for s in thornhaven.suggestions] == [between.id]
    assert len(thornhaven.holds("suggested-match")) == 1


def test_undoing_the_first_of_two_corrections_revives_the_first_row_alone(thornhaven: Town) -> None:
    for name in ("Ellory", "Ellary", "Ellery"):
        thornhaven.send(FERNBRIDGE, leaver(Pupil(1, name)))
    first, _ = decided(thornhaven)
    do(thornhaven, undo_match, first)
    assert sorted(str(m.record.legal_surname) for m in thornhaven.movements) == ["Ellery", "Ellory"]
    assert len(thornhaven.open_cases) == 2
    assert len({c.child for c in thornhaven.open_cases}) == 2


def test_undoing_the_second_of_two_corrections_revives_the_second_row(thornhaven: Town) -> None:
    for name in ("Ellory", "Ellary", "Ellery"):
        thornhaven.send(FERNBRIDGE, leaver(Pupil(1, name)))
    _, second = decided(thornhaven)
    do(thornhaven, undo_match, second)
    assert sorted(str(m.record.legal_surname) for m in thornhaven.movements) == ["Ellary", "Ellery"]
    assert len(thornhaven.open_cases) == 2


def test_undoing_a_correction_that_opened_a_case_takes_the_case_along(thornhaven: Town) -> None:
    place = to_school(SALTMARCH_QUAY, destination_confirmed=True)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, "Ellory"), ground="a", **place))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    [case] = thornhaven.open_cases
    do(thornhaven, undo_match, decided(thornhaven)[0])
    [same] = thornhaven.open_cases
    [row] = [m for m in thornhaven.movements if m.record.legal_surname == "Ellery"]
    assert (same.id, same.movement, same.child) == (case.id, row.id, row.child)


def test_undoing_a_correction_after_the_row_changed_again_parts_them_all_the_same(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, "Ellory")))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), phone="01632 960004"))
    do(thornhaven, undo_match, decided(thornhaven)[0])
    assert sorted(str(m.record.legal_surname) for m in thornhaven.movements) == ["Ellery", "Ellory"]
    assert len({m.child for m in thornhaven.movements}) == 2
    assert len(thornhaven.open_cases) == 2


def test_undoing_the_correction_of_a_held_row_lets_it_wait_again(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, upn=None), None, held=True))
    thornhaven.pass_to(date(2026, 11, 20))
    place = to_school(SALTMARCH_QUAY, destination_confirmed=True)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, upn=None), ground="a", **place))
    assert thornhaven.open_cases == []
    do(thornhaven, undo_match, decided(thornhaven)[0])
    assert [(c.state, c.last_school) for c in thornhaven.open_cases] == [(CaseState.PROVISIONAL, FERNBRIDGE)]
    assert [hold.what for hold in thornhaven.holds()] == ["rows"]


SUGGESTED: dict[str, tuple[PupilRecord, str, PupilRecord]] = {
    "a case": (leaver(CHILD, date(2026, 11, 6)), QUILLMEAD, joiner(Pupil(1, upn=None), date(2026, 11, 9))),
    "a child who is awaited": (leaver(CHILD, date(2026, 11, 6), "a", **to_school(ALL_HALLOWS)), ALL_HALLOWS,
                               joiner(Pupil(1, upn=None), date(2026, 11, 9))),
    "a guest": (leaver(CHILD, date(2026, 11, 6), "a", **to_school(ALL_HALLOWS)), ALL_HALLOWS,
                joiner(CHILD, date(2026, 11, 9), enrolment_status="guest")),
    "another leaver": (leaver(CHILD, date(2026, 11, 6)), QUILLMEAD, leaver(Pupil(1, upn=None), date(2026, 11, 13))),
    "a correction": (leaver(Pupil(1, "Ellory", upn=None)), FERNBRIDGE, leaver(Pupil(1, upn=None))),
}


@pytest.mark.parametrize(("known", "school", "row"), SUGGESTED.values(), ids=list(SUGGESTED))
def test_accepting_undone_and_then_rejected_is_as_if_rejected_at_once(thornhaven: Town, known: PupilRecord, school: str,
                                                                      row: PupilRecord) -> None:
    thornhaven.send(FERNBRIDGE, known)
    thornhaven.send(school, row)
    [suggestion] = thornhaven.suggestions
    before = story(thornhaven)
    do(thornhaven, reject_match, suggestion)
    rejected = story(thornhaven)
    do(thornhaven, undo_match, suggestion)
    [asked] = thornhaven.suggestions
    do(thornhaven, accept_match, asked)
    do(thornhaven, undo_match, asked)
    parted = story(thornhaven)
    assert parted[0] == rejected[0]
    assert parted[1] == before[1]
    assert [case[1:] for case in parted[2]] == [case[1:] for case in rejected[2]]
    assert parted[3] == rejected[3]


def test_an_awaited_child_whose_guest_place_was_taken_for_an_answer_is_awaited_again(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 11, 6), "a", **to_school(ALL_HALLOWS)))
    thornhaven.send(ALL_HALLOWS, joiner(CHILD, date(2026, 11, 9), enrolment_status="guest"))
    [suggestion] = thornhaven.suggestions
    do(thornhaven, accept_match, suggestion)
    do(thornhaven, undo_match, suggestion)
    [waiting] = [m for m in thornhaven.movements if m.kind is MovementKind.LEAVER]
    assert waiting.state is MovementState.AWAITED
    thornhaven.pass_to(date(2026, 12, 18))
    assert len(thornhaven.open_cases) == 1


def test_two_joiners_that_may_answer_are_two_questions_about_one_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 11, 6)))
    for school in (QUILLMEAD, ALL_HALLOWS):
        thornhaven.send(school, joiner(CHILD, date(2026, 11, 9), enrolment_status="guest"))
    first, second = thornhaven.suggestions
    with thornhaven.store.reading() as tx:
        assert tx.children.count() == 1                 # a question makes no child
    do(thornhaven, accept_match, second)
    assert thornhaven.open_cases == []
    assert thornhaven.suggestions == []
    do(thornhaven, undo_match, second)
    assert [s.id for s in thornhaven.suggestions] == [first.id]
    assert len(thornhaven.open_cases) == 1


def test_a_closing_that_is_accepted_closes_the_case_it_was_about_and_no_other(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 11, 6)))
    thornhaven.send(QUILLMEAD, joiner(CHILD, date(2026, 11, 9), enrolment_status="guest"))
    [suggestion] = thornhaven.suggestions
    thornhaven.send(QUILLMEAD, leaver(CHILD, date(2026, 11, 13)))
    do(thornhaven, accept_match, suggestion)
    assert len(thornhaven.open_cases) == 1              # the child left again: that case is another matter
