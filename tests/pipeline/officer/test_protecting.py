"""Flags that protect a child: raised by an officer or a match as by a row, and followed wherever the child's data stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gateway.domain.actor import Actor
from gateway.domain.cases.case import CaseState
from gateway.domain.cases.waiting import Hold
from gateway.domain.matching.child import Child, SuggestionState
from gateway.domain.referrals.referral import ReferralState
from gateway.domain.returns.movement import MovementState
from gateway.domain.returns.record import DestinationType
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline import exchange, officer, stories, views
from tests.safeguards.thornhaven import (
    DEPUTY,
    FERNBRIDGE,
    MARLOWICK_GREEN,
    OFFICER,
    QUILLMEAD,
    SALTMARCH_QUAY,
    VIEWER,
    Pupil,
    Town,
    joiner,
    leaver,
    to_school,
    town,
)

MOVED: dict[str, Any] = {"address_lines": ["9 Chantry Lane", "Thornhaven"], "new_address_lines": ["4 Tanyard Row", "Marlowick"],
                         "new_postcode": "ZY3 1QP", "parents": [{"name": "Mrs Ellery", "address": "4 Tanyard Row"}]}


@pytest.fixture
def place() -> Town:
    return town()


def do(place: Town, act: Callable[..., Any], *words: Any, by: Actor = OFFICER, **more: Any) -> Any:
    with place.act() as tx:
        return act(tx, place.ports, *words, by, place.now, **more)


def the_child(place: Town) -> Child:
    with place.store.reading() as tx:
        return next(child for child in tx.children.where() if child.same_as is None)


def leaves(place: Town) -> list[str]:
    with place.store.reading() as tx:
        return [leaf.kind for leaf in tx.leaves.unsequenced(1000)]


def test_one_officer_raises_a_flag_by_the_id_of_anything_about_the_child(place: Town) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(SALTMARCH_QUAY)))
    [case], [movement], [referral] = place.cases, place.movements, place.referrals
    for about in (case.id, movement.id, referral.id, case.child):
        do(place, officer.protect, about, "address_protected", "refuge")
        assert the_child(place).address_protected
        for person in (OFFICER, DEPUTY):
            do(place, officer.lift, about, "address_protected", "moved", by=person)
        assert not the_child(place).address_protected
    assert {"protection-raised", "lifting-proposed", "protection-lifted"} <= set(leaves(place))


def test_only_who_may_act_raises_or_lifts_and_nothing_is_raised_twice(place: Town) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1)))
    id = place.cases[0].id
    with pytest.raises(NotAllowedError):
        do(place, officer.protect, id, "restricted", "court order", by=VIEWER)
    do(place, officer.protect, id, "restricted", "court order")
    for act, flag in ((officer.protect, "restricted"), (officer.lift, "address_protected"), (officer.protect, "shoe size")):
        with pytest.raises(UsageError):
            do(place, act, id, flag, "again")


def test_a_flag_raised_by_a_misread_column_is_lowered_by_two_people_and_its_case_is_as_before(place: Town) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1), restricted=True))
    case = place.cases[0]
    waiting = do(place, officer.lift, case.id, "restricted", "the column was headed court order, and said no")
    assert isinstance(waiting, Hold)
    do(place, officer.release_hold, waiting.id, "so it was", by=DEPUTY)
    assert not the_child(place).restricted and not place.cases[0].restricted


def test_a_match_raises_on_the_child_what_protects_either_record(place: Town) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 6), "g", **MOVED))
    place.send(QUILLMEAD, leaver(Pupil(1, upn=None), date(2026, 11, 13), address_protected=True))
    [suggestion] = place.suggestions
    assert "Tanyard" in json.dumps(dict(place.referrals[0].payload))
    do(place, officer.accept_match, suggestion.id, "")
    assert the_child(place).address_protected
    for referral in place.referrals:
        with place.act() as tx:
            assert "Tanyard" not in json.dumps(exchange.current_fields(tx, place.ports, referral))


def test_a_handover_that_waits_is_written_again_without_the_address(place: Town) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1), ground="o", **MOVED))
    [before] = place.handovers
    assert "Chantry" in json.dumps(dict(before.details))
    do(place, officer.protect, before.id, "address_protected", "refuge")
    [after] = place.handovers
    assert "Chantry" not in json.dumps(dict(after.details)) and "ZY1" not in json.dumps(dict(after.details))
    assert [job.payload.get("again") for job in place.jobs("handover")][-1] is True
    assert "handover-protected" in leaves(place)


def test_a_flag_that_a_later_row_raises_is_followed_as_one_that_an_officer_raises(place: Town) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1), ground="o", **MOVED))
    place.send(QUILLMEAD, joiner(Pupil(1), date(2026, 11, 16), address_protected=True))
    [handover] = place.handovers
    assert "Chantry" not in json.dumps(dict(handover.details))


def test_restricting_a_child_restricts_its_cases_and_takes_back_what_is_out(place: Town) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(SALTMARCH_QUAY)))
    do(place, officer.protect, place.movements[0].id, "restricted", "adopted")
    assert place.cases[0].restricted and place.cases[0].state is CaseState.OPEN
    assert [r.state for r in place.referrals] == [ReferralState.WITHDRAWN]


def test_nothing_is_asked_about_a_restricted_child_and_what_waited_goes_its_own_way(place: Town) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 6)))
    place.send(QUILLMEAD, joiner(Pupil(1, upn=None), date(2026, 11, 9)))
    [suggestion] = place.suggestions
    do(place, officer.protect, place.cases[0].id, "restricted", "adopted")
    assert place.suggestions == [] and place.holds("suggested-match") == []
    with place.store.reading() as tx:
        assert tx.suggestions.get(suggestion.id).state is SuggestionState.REJECTED
    assert all(m.state is not MovementState.PENDING for m in place.movements)


def test_a_restricted_child_is_linked_by_no_match(place: Town) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 6)))
    place.send(QUILLMEAD, joiner(Pupil(1, upn=None), date(2026, 11, 9)))
    [suggestion] = place.suggestions
    do(place, officer.protect, place.cases[0].id, "restricted", "adopted")
    do(place, officer.undo_match, suggestion.id, "asked again")
    with pytest.raises(NotAllowedError) as caught:
        do(place, officer.accept_match, suggestion.id, "the same")
    assert caught.value.code == "RESTRICTED"


@pytest.mark.parametrize("said", [("k",), (None, DestinationType.DECEASED)])
def test_nothing_is_written_about_a_child_whichever_of_its_rows_says_that_it_died(place: Town, said: tuple[Any, ...]) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 6)))
    place.send(QUILLMEAD, leaver(Pupil(1), date(2026, 11, 13), *said))
    for case in place.open_cases:
        with pytest.raises(NotAllowedError) as caught:
            do(place, exchange.draft_for_case, case.id, "991")
        assert caught.value.code == "GUARD-RESTRICTED"
    assert all(r.state is ReferralState.WITHDRAWN for r in place.referrals)


def test_a_child_whose_restriction_two_people_lifted_may_be_written_about_again(place: Town) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 6)))
    place.send(MARLOWICK_GREEN, leaver(Pupil(1), date(2026, 11, 13), "k"))
    case = place.cases[0]
    for person in (OFFICER, DEPUTY):
        do(place, officer.lift, case.id, "restricted", "it was another child", by=person)
    assert do(place, exchange.draft_for_case, case.id, "991").state is ReferralState.DRAFTED


def test_former_names_and_numbers_of_a_restricted_child_are_shown_nowhere(place: Town) -> None:
    former: dict[str, Any] = {"former_surname": "Oldname", "former_upn": Pupil(7).number}
    place.send(FERNBRIDGE, leaver(Pupil(1, "Oldname"), date(2026, 11, 13), **former))
    place.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 13), restricted=True, **former))
    assert len(place.cases) == 1
    do_restrict = the_child(place).restricted
    if not do_restrict:
        do(place, officer.protect, place.cases[0].id, "restricted", "adopted")
    with place.act() as tx:
        movements = tx.movements.where()
        shown = [stories.case(tx, place.ports, case.id, OFFICER) for case in tx.cases.where()]
        shown += [stories.story(tx, place.ports, m.id, OFFICER) for m in movements]
        shown += views.movements(tx, OFFICER, place.now)
    superseded = {m.id for m in movements if m.superseded_by}
    text = json.dumps([row for row in shown if row.get("restricted") or row["id"] in superseded])
    assert "Oldname" not in text and str(Pupil(7).number) not in text


def test_the_lifting_of_one_flag_is_proposed_beside_that_of_the_other(place: Town) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(1), restricted=True, address_protected=True))
    id = place.cases[0].id
    for flag in ("restricted", "address_protected"):
        assert isinstance(do(place, officer.lift, id, flag, "ended"), Hold)
    do(place, officer.lift, id, "address_protected", "so it is", by=DEPUTY)
    assert the_child(place).restricted and not the_child(place).address_protected
