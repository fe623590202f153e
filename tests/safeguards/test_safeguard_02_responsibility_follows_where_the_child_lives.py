"""Safeguard 2: the authority of the home is responsible; the school's authority is only asked about its roll."""

from __future__ import annotations

from datetime import date
from typing import Any

from gateway.domain.referrals.referral import ReferralKind
from gateway.domain.returns.movement import MovementState
from gateway.domain.returns.record import DestinationType
from gateway.pipeline.officer import reject_hold
from tests.safeguards.thornhaven import (
    ALL_HALLOWS,
    FERNBRIDGE,
    MARLOWICK_GREEN,
    OFFICER,
    QUILLMEAD,
    SALTMARCH_QUAY,
    Pupil,
    Town,
    leaver,
    to_school,
)

LIVES_IN_MARLOWICK = Pupil(1, postcode="ZY3 1QP")


def test_a_child_who_lives_here_is_ours(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    assert [case.responsible_la for case in thornhaven.cases] == ["990"]
    assert thornhaven.referrals == []


def test_the_new_home_goes_before_the_old_one(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), new_postcode="ZY3 1QP"))
    assert [case.responsible_la for case in thornhaven.cases] == ["991"]
    assert [(r.kind, r.authority) for r in thornhaven.referrals] == [(ReferralKind.REFERRAL, "991")]


def test_a_child_of_our_school_who_lives_elsewhere_is_theirs(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(LIVES_IN_MARLOWICK))
    assert [case.responsible_la for case in thornhaven.cases] == ["991"]
    assert [(r.kind, r.authority) for r in thornhaven.referrals] == [(ReferralKind.REFERRAL, "991")]


def test_living_in_991_with_an_unconfirmed_school_in_992_is_an_enquiry_to_992(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(LIVES_IN_MARLOWICK, ground="a", **to_school(SALTMARCH_QUAY)))
    assert [(r.kind, r.authority) for r in thornhaven.referrals] == [(ReferralKind.ENQUIRY, "992")]
    assert [case.responsible_la for case in thornhaven.cases] == ["991"]


def test_the_sources_of_the_addressee_are_kept_side_by_side(thornhaven: Town) -> None:
    moved: dict[str, Any] = {"destination": DestinationType.OTHER_LA, "destination_la": "991", "new_postcode": "ZY4 1BD"}
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="g", **moved))
    [referral] = thornhaven.referrals
    assert referral.authority == "992"
    assert dict(referral.derivations) == {"new home postcode": "992", "destination": "991"}


def test_a_child_of_another_authoritys_school_who_lives_there_is_none_of_ours(thornhaven: Town) -> None:
    thornhaven.send(MARLOWICK_GREEN, leaver(LIVES_IN_MARLOWICK))
    assert thornhaven.cases == [] and thornhaven.referrals == []


def test_a_child_of_another_authoritys_school_who_lives_here_or_comes_to_our_school_is_ours(thornhaven: Town) -> None:
    thornhaven.send(MARLOWICK_GREEN, leaver(Pupil(1)))
    assert [case.responsible_la for case in thornhaven.cases] == ["990"]
    orla = Pupil(2, "Okonkwo", "Orla", postcode="ZY3 1QP")
    thornhaven.send(MARLOWICK_GREEN, leaver(orla, ground="a", **to_school(ALL_HALLOWS)))
    assert [m.state for m in thornhaven.movements if m.record.legal_surname == "Okonkwo"] == [MovementState.AWAITED]


def test_a_child_who_did_not_arrive_is_referred_to_where_it_lives(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(LIVES_IN_MARLOWICK, ground="a", **to_school(ALL_HALLOWS)))
    thornhaven.pass_to(date(2026, 12, 8))
    assert [case.responsible_la for case in thornhaven.open_cases] == ["991"]
    assert [(r.kind, r.authority) for r in thornhaven.referrals] == [(ReferralKind.REFERRAL, "991")]


def test_a_place_that_an_officer_did_not_find_is_referred_too(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(LIVES_IN_MARLOWICK, ground="a", **to_school(QUILLMEAD)))
    [hold] = thornhaven.holds("confirm-destination")
    with thornhaven.act() as tx:
        reject_hold(tx, thornhaven.ports, hold.id, "never heard of", OFFICER, thornhaven.now)
    assert [(r.kind, r.authority) for r in thornhaven.referrals] == [(ReferralKind.REFERRAL, "991")]


def test_a_held_row_that_nobody_put_right_is_referred_too(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(LIVES_IN_MARLOWICK, None, held=True))
    thornhaven.pass_to(date(2026, 11, 20))
    assert [case.state.value for case in thornhaven.cases] == ["provisional"]
    assert [(r.kind, r.authority) for r in thornhaven.referrals] == [(ReferralKind.REFERRAL, "991")]
