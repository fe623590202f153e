"""Safeguard 3: confirmed elsewhere nothing; named and unconfirmed an enquiry; no school a referral. Always a draft."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.domain.referrals.referral import ReferralKind, ReferralState
from gateway.domain.returns.record import DestinationType
from tests.safeguards.thornhaven import (
    FERNBRIDGE,
    HARTSMOOR,
    LARKRISE,
    SALTMARCH_QUAY,
    Pupil,
    Town,
    leaver,
    to_school,
)


@pytest.mark.parametrize("school", [SALTMARCH_QUAY, HARTSMOOR])
def test_a_confirmed_place_elsewhere_sends_nothing(thornhaven: Town, school: str) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(school, destination_confirmed=True)))
    assert thornhaven.cases == []
    assert thornhaven.referrals == []
    assert thornhaven.holds() == []


@pytest.mark.parametrize(("school", "authority"), [(SALTMARCH_QUAY, "992"), (HARTSMOOR, "994")])
def test_a_named_unconfirmed_school_elsewhere_is_an_enquiry(thornhaven: Town, school: str, authority: str) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(school)))
    assert [(r.kind, r.authority, r.state) for r in thornhaven.referrals] == [
        (ReferralKind.ENQUIRY, authority, ReferralState.DRAFTED)]
    assert len(thornhaven.holds("release")) == 1


def test_an_independent_school_in_our_area_is_one_task_to_confirm(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(LARKRISE)))
    assert [hold.what for hold in thornhaven.holds()] == ["confirm-destination"]
    assert thornhaven.cases == []


def test_another_authority_without_a_school_is_a_referral(thornhaven: Town) -> None:
    moved: dict[str, Any] = {"destination": DestinationType.OTHER_LA, "destination_la": "991", "new_postcode": "ZY3 1QP"}
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="g", **moved))
    assert [(r.kind, r.authority) for r in thornhaven.referrals] == [(ReferralKind.REFERRAL, "991")]
    assert len(thornhaven.open_cases) == 1


def test_another_authority_named_without_an_address_is_a_draft_on_two_sources_that_differ(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="g", destination=DestinationType.OTHER_LA, destination_la="991"))
    [referral] = thornhaven.referrals
    assert referral.authority == "991"
    assert set(referral.derivations.values()) == {"990", "991"}


def test_the_same_return_again_drafts_nothing_more(thornhaven: Town) -> None:
    for postcode in ("ZY1 8GD", "ZY1 8GE"):
        thornhaven.send(FERNBRIDGE, leaver(Pupil(1, postcode=postcode), ground="a", **to_school(SALTMARCH_QUAY)))
    assert len(thornhaven.referrals) == 1
    assert len(thornhaven.holds("release")) == 1


def test_a_correction_to_a_school_elsewhere_takes_the_wrong_draft_back(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(SALTMARCH_QUAY)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(HARTSMOOR)))
    assert [(r.authority, r.state.value) for r in thornhaven.referrals] == [("992", "withdrawn"), ("994", "drafted")]
    assert len(thornhaven.holds("release")) == 1
