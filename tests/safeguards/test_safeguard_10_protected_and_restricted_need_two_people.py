"""Safeguards 10 and 11: flags that protect a child stop addresses and links; lifting them needs two different people."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.domain.cases.case import Case, CaseState
from gateway.domain.cases.waiting import Hold
from gateway.domain.matching.child import Child
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline import stories
from gateway.pipeline.officer import close, lift, note, release_hold
from tests.safeguards.thornhaven import (
    DEPUTY,
    FERNBRIDGE,
    MANAGER,
    OFFICER,
    QUILLMEAD,
    SALTMARCH_QUAY,
    SEEN,
    VIEWER,
    Pupil,
    Town,
    joiner,
    leaver,
    to_school,
)

MARKED: dict[str, Any] = {"address_lines": ["9 Chantry Lane"], "new_address_lines": ["4 Tanyard Row"], "new_postcode": "ZY4 1BD",
          "parents": [{"name": "Mrs Ellery", "address": "9 Chantry Lane", "postcode": "ZY1 8GD", "phone": "000"}]}


def child_of(place: Town) -> Child:
    with place.store.reading() as tx:
        return tx.children.where()[0]


def test_a_protected_address_leaves_in_no_message(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", address_protected=True, **to_school(SALTMARCH_QUAY), **MARKED))
    [referral] = thornhaven.referrals
    text = json.dumps(dict(referral.payload))
    for value in ("Chantry", "Tanyard", "ZY1", "ZY4"):
        assert value not in text


def test_a_flag_once_raised_is_lowered_by_no_row(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), address_protected=True))
    thornhaven.send(QUILLMEAD, joiner(Pupil(1), thornhaven.today))
    assert child_of(thornhaven).address_protected


def test_a_protected_address_is_in_no_handover(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="o", address_protected=True, **MARKED))
    [handover] = thornhaven.handovers
    assert "ZY1" not in json.dumps(dict(handover.details))


@pytest.mark.parametrize("flag", ["restricted", "address_protected"])
def test_two_different_people_lift_a_protection(thornhaven: Town, flag: str) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), restricted=flag == "restricted", address_protected=flag != "restricted"))
    child = child_of(thornhaven)
    with thornhaven.act() as tx:
        assert isinstance(lift(tx, thornhaven.ports, child.id, flag, "court order ended", OFFICER, thornhaven.now), Hold)
    with pytest.raises(NotAllowedError), thornhaven.act() as tx:
        lift(tx, thornhaven.ports, child.id, flag, "again", OFFICER, thornhaven.now)
    assert getattr(child_of(thornhaven), flag)
    with thornhaven.act() as tx:
        assert isinstance(lift(tx, thornhaven.ports, child.id, flag, "seen", DEPUTY, thornhaven.now), Child)
    assert not getattr(child_of(thornhaven), flag)
    assert thornhaven.holds("second-person") == []


def test_a_restricted_case_closes_by_two_people(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), restricted=True))
    [case] = thornhaven.cases
    with thornhaven.act() as tx:
        assert isinstance(close(tx, thornhaven.ports, case.id, SEEN, OFFICER, thornhaven.now), Hold)
    with pytest.raises(NotAllowedError), thornhaven.act() as tx:
        close(tx, thornhaven.ports, case.id, SEEN, OFFICER, thornhaven.now)
    with thornhaven.act() as tx:
        closed = close(tx, thornhaven.ports, case.id, SEEN, MANAGER, thornhaven.now)
    assert isinstance(closed, Case)
    assert closed.state is CaseState.CLOSED


def test_the_second_person_may_also_release_the_hold(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), restricted=True))
    child = child_of(thornhaven)
    with thornhaven.act() as tx:
        lift(tx, thornhaven.ports, child.id, "restricted", "court order ended", OFFICER, thornhaven.now)
    [hold] = thornhaven.holds("second-person")
    with pytest.raises(NotAllowedError), thornhaven.act() as tx:
        release_hold(tx, thornhaven.ports, hold.id, "yes", OFFICER, thornhaven.now)
    with thornhaven.act() as tx:
        release_hold(tx, thornhaven.ports, hold.id, "yes", DEPUTY, thornhaven.now)
    assert not child_of(thornhaven).restricted


def test_who_lacks_the_role_may_not_act(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    [case] = thornhaven.cases
    with pytest.raises(NotAllowedError), thornhaven.act() as tx:
        note(tx, thornhaven.ports, case.id, "hello", VIEWER, thornhaven.now)


@pytest.mark.parametrize("text", ["", "referral sent", "not on roll", "I think so", "accepted? no answer, waiting"])
def test_no_evidence_closes_nothing(thornhaven: Town, text: str) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    [case] = thornhaven.cases
    with pytest.raises(UsageError), thornhaven.act() as tx:
        close(tx, thornhaven.ports, case.id, text, OFFICER, thornhaven.now)
    assert len(thornhaven.open_cases) == 1


def test_unresolved_needs_a_manager_and_goes_on_the_watched_list(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    case = thornhaven.cases[0].id
    with pytest.raises(NotAllowedError), thornhaven.act() as tx:
        close(tx, thornhaven.ports, case, "unresolved: M Pryce, 2026-11-16, all enquiries exhausted", OFFICER, thornhaven.now)
    with thornhaven.act() as tx:
        close(tx, thornhaven.ports, case, "unresolved: M Pryce, 2026-11-16, all enquiries exhausted", MANAGER, thornhaven.now)
    assert [c.state for c in thornhaven.cases] == [CaseState.HELD_UNRESOLVED]
    thornhaven.send(QUILLMEAD, joiner(Pupil(1), thornhaven.today))
    assert [c.state for c in thornhaven.cases] == [CaseState.CLOSED]


def test_reading_a_childs_record_writes_an_access_entry(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    case = thornhaven.cases[0]
    with thornhaven.act() as tx:
        shown = stories.case(tx, thornhaven.ports, case.id, OFFICER)
        assert shown["legal_surname"] == "Ellery"
        assert len(tx.access.entries(case.child)) == 1
        assert len(tx.access.entries(case.id)) == 1
