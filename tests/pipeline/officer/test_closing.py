"""Closing: on evidence alone; by two people who agree to one thing where the child is restricted, whichever way it is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.domain.actor import Actor, Role
from gateway.domain.cases.case import Case, CaseState
from gateway.domain.cases.evidence import Evidence
from gateway.domain.cases.waiting import Agreement, Hold
from gateway.domain.referrals.referral import Answer, ReferralKind, ReferralState
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline import casework, exchange, officer, stories
from gateway.pipeline.desk import Desk
from tests.safeguards.thornhaven import (
    DEPUTY,
    FERNBRIDGE,
    MANAGER,
    OFFICER,
    SEEN,
    Pupil,
    Town,
    leaver,
    to_school,
    town,
)

DIED = "died: registrar of Thornhaven, 2026-11-16, told by letter"
UNRESOLVED = "unresolved: M Pryce, 2026-11-16, every enquiry is exhausted"


def restricted() -> tuple[Town, Case]:
    place = town()
    place.send(FERNBRIDGE, leaver(Pupil(1), restricted=True))
    [case] = place.cases
    assert case.restricted
    return place, case


def do(place: Town, act: Callable[..., Any], *words: Any, by: Actor = OFFICER, **more: Any) -> Any:
    with place.act() as tx:
        return act(tx, place.ports, *words, by, place.now, **more)


def test_what_was_said_by_whom_and_when_is_kept_with_the_closing_and_its_kind_is_said_once() -> None:
    place = town()
    place.send(FERNBRIDGE, leaver(Pupil(1)))
    case = do(place, officer.close, place.cases[0].id, SEEN)
    assert case.closing == {"evidence": "on-roll", "text": "office of Quillmead Primary School, 2026-11-16, started there",
                            "by": "O Hart", "told_by": "office of Quillmead Primary School", "on": "2026-11-16"}
    with place.act() as tx:
        [closed] = [e for e in stories.case(tx, place.ports, case.id, OFFICER)["events"] if e["what"] == "closed"]
    assert closed["text"].count("on-roll") == 1


def test_the_second_person_agrees_to_exactly_what_was_proposed_or_to_nothing() -> None:
    place, case = restricted()
    waiting = do(place, officer.close, case.id, SEEN)
    assert isinstance(waiting, Hold)
    with pytest.raises(NotAllowedError) as caught:
        do(place, officer.close, case.id, DIED, by=DEPUTY)
    assert caught.value.code == "OTHER-PROPOSAL" and waiting.id in caught.value.message
    assert place.cases[0].state is CaseState.OPEN
    do(place, officer.release_hold, waiting.id, "seen as well", by=DEPUTY)
    closing = place.cases[0].closing
    assert closing is not None
    assert (closing["evidence"], closing["agreed_by"]) == ("on-roll", ["o.hart", "d.lowe"])


def test_who_proposed_is_kept_as_data_whatever_the_users_name_looks_like() -> None:
    place, case = restricted()
    spaced = Actor("by mistake agreed", "B Mistake", frozenset({Role.OFFICER}))
    waiting = do(place, officer.close, case.id, SEEN, by=spaced)
    with pytest.raises(NotAllowedError):
        do(place, officer.release_hold, waiting.id, "myself", by=spaced)
    do(place, officer.release_hold, waiting.id, "seen", by=Actor("agreed", "A Greed", frozenset({Role.OFFICER})))
    assert place.cases[0].state is CaseState.CLOSED


def test_a_rejected_proposal_is_gone_and_another_may_follow() -> None:
    place, case = restricted()
    first = do(place, officer.close, case.id, DIED)
    do(place, officer.reject_hold, first.id, "it was another child", by=DEPUTY)
    second = do(place, officer.close, case.id, SEEN)
    assert isinstance(second, Hold) and second.id != first.id
    do(place, officer.close, case.id, SEEN, by=MANAGER)
    assert place.cases[0].state is CaseState.CLOSED


def test_unresolved_needs_a_manager_among_the_two() -> None:
    place, case = restricted()
    waiting = do(place, officer.close, case.id, UNRESOLVED)
    with pytest.raises(NotAllowedError):
        do(place, officer.release_hold, waiting.id, "agreed", by=DEPUTY)
    do(place, officer.release_hold, waiting.id, "signed off", by=MANAGER)
    assert place.cases[0].state is CaseState.HELD_UNRESOLVED


def test_nothing_closes_a_restricted_case_without_an_agreement_whatever_path_leads_there() -> None:
    place, case = restricted()
    with place.act() as tx, pytest.raises(NotAllowedError):
        casework.close_case(Desk(tx, place.ports, place.now), case, Evidence.ON_ROLL, "a joiner came")
    with place.act() as tx, pytest.raises(NotAllowedError):
        casework.close_case(Desk(tx, place.ports, place.now, OFFICER), case, Evidence.ON_ROLL, "an officer said so")
    with pytest.raises(ValueError, match="two people"):
        Agreement("o.hart", "o.hart", OFFICER.roles)


def test_releasing_a_suggested_closing_of_a_restricted_case_proposes_it_and_a_second_person_closes() -> None:
    place, case = restricted()
    with place.act() as tx:
        desk = Desk(tx, place.ports, place.now)
        desk.hold("suggested-closing", case.id, "the school put its row right", "suggested-closing:x", child=case.child,
                  case=case.id)
        desk.settle()
    [suggested] = place.holds("suggested-closing")
    do(place, officer.release_hold, suggested.id, "the school is right")
    assert len(place.open_cases) == 1
    [proposed] = place.holds("second-person")
    with pytest.raises(NotAllowedError):
        do(place, officer.release_hold, proposed.id, "again")
    do(place, officer.release_hold, proposed.id, "so it is", by=DEPUTY)
    assert place.cases[0].state is CaseState.CLOSED


def test_withdrawing_the_held_row_of_a_restricted_child_proposes_the_closing_of_its_provisional_case() -> None:
    place = town()
    place.send(FERNBRIDGE, leaver(Pupil(1), held=True))
    place.pass_to(date(2026, 11, 21))
    [case] = place.cases
    do(place, officer.protect, case.id, "restricted", "court order")
    [rows] = place.holds("rows")
    do(place, officer.reject_hold, rows.id, "entered in error")
    assert place.cases[0].state is CaseState.PROVISIONAL
    assert len(place.holds("second-person")) == 1


def test_over_school_age_closes_only_when_the_date_of_birth_says_so() -> None:
    place = town()
    place.send(FERNBRIDGE, leaver(Pupil(1)))
    with pytest.raises(NotAllowedError) as caught:
        do(place, officer.close, place.cases[0].id, "over-school-age: participation team, 2026-11-16, is sixteen")
    assert caught.value.code == "STILL-OF-AGE"
    assert "2018" not in caught.value.message + caught.value.hint


def test_a_case_closed_because_the_child_died_restricts_the_child() -> None:
    place = town()
    place.send(FERNBRIDGE, leaver(Pupil(1)))
    case = do(place, officer.close, place.cases[0].id, DIED)
    with place.act() as tx:
        assert tx.children.get(case.child).restricted


def test_an_acceptance_is_recorded_as_the_answer_of_the_authority_that_was_asked() -> None:
    place = town()
    place.send(FERNBRIDGE, leaver(Pupil(1, postcode="ZY3 1QP"), ground="i"))
    [referral] = place.referrals
    with place.act() as tx:
        tx.referrals.save(replace(referral, state=ReferralState.SENT))
    text = "accepted-by-authority: D Park at Marlowick, 2026-11-16, accepted by telephone"
    with pytest.raises(UsageError) as caught:
        do(place, officer.close, place.cases[0].id, text)
    assert caught.value.code == "ANSWER-THERE" and referral.id in caught.value.hint
    do(place, exchange.record_answer_by_person, referral.id, Answer.ACCEPTED, how="telephone", told_by="D Park")
    assert place.cases[0].state is CaseState.CLOSED
    assert place.referrals[0].state is ReferralState.CLOSED


def test_an_answer_about_a_restricted_child_is_put_before_two_people() -> None:
    place, case = restricted()
    with place.act() as tx:
        enquiry = exchange.draft(tx, place.ports, kind=ReferralKind.ENQUIRY, authority="991", case=case,
                                 child=tx.children.get(case.child), record=None, reason="asked", derivations={}, now=place.now)
        tx.referrals.save(replace(enquiry, state=ReferralState.SENT))
    do(place, exchange.record_answer_by_person, enquiry.id, Answer.ON_ROLL, how="telephone", told_by="D Park",
       school="9912010", since="2026-11-16")
    assert place.cases[0].state is CaseState.OPEN
    [suggested] = place.holds("suggested-closing")
    do(place, officer.release_hold, suggested.id, "read")
    [proposed] = place.holds("second-person")
    do(place, officer.release_hold, proposed.id, "read too", by=DEPUTY)
    closing = place.cases[0].closing
    assert closing is not None
    assert (closing["evidence"], closing["authority"], closing["school"]) == ("on-roll", "991", "9912010")


def test_a_case_with_a_confirmed_place_elsewhere_needs_evidence_like_every_other() -> None:
    place = town()
    place.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school("9922020")))
    for text in ("on-roll", "the new school rang", "on-roll: the school rang"):
        with pytest.raises(UsageError):
            do(place, officer.close, place.cases[0].id, text)
    assert len(place.open_cases) == 1
