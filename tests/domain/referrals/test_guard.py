"""The guard: reasons why a released message may not go where it is addressed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from gateway.domain.referrals.contact import Contact
from gateway.domain.referrals.guard import doubts
from gateway.domain.referrals.referral import Direction, Referral, ReferralKind, ReferralState
from gateway.domain.register.establishments import Authority, Register

TODAY = date(2026, 11, 16)
REGISTER = Register(authorities={"990": Authority("990", "Thornhaven"), "991": Authority("991", "Marlowick"),
                                 "992": Authority("992", "Saltmarch Vale", successor="991")})
CONTACT = Contact("991", "Marlowick CME", "folder", "peers/991", date(2026, 9, 7), "age1…", b"k" * 32)
REFERRAL = Referral("R1", "R1", ReferralKind.REFERRAL, Direction.OUT, "991", ReferralState.DRAFTED,
                    datetime(2026, 11, 16, tzinfo=UTC), derivations={"new home address": "991", "named by the school": "991"})


def _codes(referral: Referral = REFERRAL, contact: Contact | None = CONTACT, **more: Any) -> list[str]:
    return [d.code for d in doubts(referral, contact, REGISTER, "990", TODAY, **more)]


def test_two_sources_that_agree_and_a_verified_contact_raise_no_doubt() -> None:
    assert _codes() == []


def test_one_source_alone_is_a_doubt_that_a_person_may_settle() -> None:
    alone = replace(REFERRAL, derivations={"new home address": "991"})
    assert _codes(alone) == ["GUARD-ONE-SOURCE"]
    assert _codes(replace(alone, derivations={**alone.derivations, "officer alice": "991"})) == []


def test_sources_that_differ_are_shown_side_by_side() -> None:
    torn = replace(REFERRAL, derivations={"new home address": "991", "named by the school": "992"})
    (doubt,) = doubts(torn, CONTACT, REGISTER, "990", TODAY)
    assert doubt.code == "GUARD-DISAGREE" and doubt.settled_by_person
    assert "named by the school: 992" in doubt.reason and "new home address: 991" in doubt.reason


def test_a_contact_that_is_missing_keyless_or_stale_stops_it_and_no_word_settles_that() -> None:
    for contact, code in ((None, "GUARD-NO-CONTACT"), (replace(CONTACT, recipient=None), "GUARD-NO-KEY"),
                          (replace(CONTACT, verified_on=None), "GUARD-STALE"),
                          (replace(CONTACT, verified_on=date(2025, 1, 1)), "GUARD-STALE")):
        (doubt,) = doubts(REFERRAL, contact, REGISTER, "990", TODAY)
        assert doubt.code == code and not doubt.settled_by_person


def test_an_authority_that_was_merged_is_unknown_or_is_ourselves_is_not_written_to() -> None:
    for la, code in (("992", "GUARD-MERGED"), ("999", "GUARD-UNKNOWN-LA"), ("990", "GUARD-OURSELVES")):
        assert code in _codes(replace(REFERRAL, authority=la, derivations={"a": la, "b": la}))


def test_of_a_child_that_died_nothing_is_sent() -> None:
    assert _codes(died=True) == ["GUARD-RESTRICTED"]


def test_what_a_flag_forbids_since_the_release_is_stopped_until_it_is_released_again() -> None:
    (doubt,) = doubts(REFERRAL, CONTACT, REGISTER, "990", TODAY, forbidden=("believed_address",))
    assert (doubt.code, doubt.settled_by_person) == ("GUARD-PROTECTED", True)


def test_what_a_person_tells_needs_no_key_and_no_contact_but_a_right_addressee() -> None:
    telephone = replace(CONTACT, channel="telephone", recipient=None, signs_with=None)
    assert _codes(contact=telephone) == []
    assert _codes(contact=replace(telephone, verified_on=None)) == ["GUARD-STALE"]
    assert _codes(contact=None, by_hand=True) == []
    assert _codes(replace(REFERRAL, authority="990"), by_hand=True) == ["GUARD-OURSELVES", "GUARD-DISAGREE"]
