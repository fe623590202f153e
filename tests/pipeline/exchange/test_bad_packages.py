"""What does not get in: forged, replayed, reflected, late, misdirected. Nothing changes on a case; someone is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gateway.domain.cases.case import Case, CaseState
from gateway.domain.parcels.parcel import Parcel, ParcelState
from gateway.domain.referrals.message import MessageKind
from gateway.domain.referrals.referral import Answer, Referral, ReferralState
from tests.pipeline.exchange.neighbours import Borough, Neighbours, neighbours

ANSWER = {"answer": "accepted", "answered_at": "2026-11-16T09:00:00+00:00", "officer": {"name": "D Park"}}


@pytest.fixture
def towns() -> Neighbours:
    return neighbours()


def _sent(towns: Neighbours) -> tuple[Case, Referral]:
    here = towns["990"]
    case = here.open_case()
    draft = here.draft(case)
    here.release(draft)
    towns.settle()
    return case, here.the(draft)


def _refused(town: Borough, parcel: Parcel, code: str) -> None:
    assert parcel.state is ParcelState.REFUSED
    with town.store.reading() as tx:
        [leaf] = [leaf for leaf in tx.leaves.unsequenced(1000) if leaf.kind == "package-refused"]
    assert leaf.facts["code"] == code
    [hold] = town.holds("file")
    assert "Souza" not in hold.reason
    town.work("notice")
    assert town.notices.told[-1].subject.endswith(f"({hold.id})")


def test_an_answer_from_another_authority_than_was_asked_changes_nothing(towns: Neighbours) -> None:
    here = towns["990"]
    case, sent = _sent(towns)
    forged = towns["992"].forge(MessageKind.ANSWER, f"{sent.message}-A1", "990", ANSWER | {"about": sent.message})
    _refused(here, here.take(forged, "992"), "PACKAGE-UNKNOWN")
    assert here.case(case).state is CaseState.OPEN and here.the(sent) == sent


def test_an_answer_by_the_channel_of_the_one_asked_but_signed_by_another_changes_nothing(towns: Neighbours) -> None:
    here = towns["990"]
    case, sent = _sent(towns)
    forged = towns["992"].forge(MessageKind.ANSWER, f"{sent.message}-A1", "990", ANSWER | {"about": sent.message})
    _refused(here, here.take(forged, "991"), "PACKAGE-SIGNATURE")
    assert here.case(case).state is CaseState.OPEN and here.the(sent) == sent


def test_an_answer_to_a_referral_never_sent_changes_nothing(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    draft = here.draft(here.open_case())
    forged = there.forge(MessageKind.ANSWER, f"{draft.message}-A1", "990", ANSWER | {"about": draft.message})
    _refused(here, here.take(forged, "991"), "PACKAGE-TOO-LATE")
    assert here.the(draft).state is ReferralState.DRAFTED


def test_an_answer_to_another_exchange_than_its_id_says_changes_nothing(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case, sent = _sent(towns)
    forged = there.forge(MessageKind.ANSWER, "R99-A1", "990", ANSWER | {"about": sent.message})
    _refused(here, here.take(forged, "991"), "PACKAGE-ABOUT")
    assert here.case(case).state is CaseState.OPEN


def test_another_answer_after_the_exchange_has_closed_changes_no_case_and_goes_to_a_person(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case, sent = _sent(towns)
    towns.answer("991", Answer.ACCEPTED)
    closing = here.case(case).closing
    late = there.forge(MessageKind.ANSWER, f"{sent.message}-A7", "990", ANSWER | {"about": sent.message, "answer": "declined"})
    assert here.take(late, "991").state is ParcelState.SETTLED
    assert here.case(case).closing == closing
    assert [hold.what for hold in here.holds()] == ["taken-back"]


def test_our_own_package_sent_back_is_refused(towns: Neighbours) -> None:
    here = towns["990"]
    here.release(here.draft(here.open_case()))
    here.work("deliver")
    [sealed] = here.boxes["peer:991"].things.values()
    _refused(here, here.take(sealed, "991"), "PACKAGE-SEALED")


def test_a_replay_gets_the_original_receipt_and_changes_nothing(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    here.release(here.draft(here.open_case()))
    here.work("deliver")
    [(name, sealed)] = here.boxes["peer:991"].things.items()
    towns.post()
    there.work("deliver")
    [(receipt, first)] = there.boxes["peer:990"].things.items()
    there.boxes["peer:990"].things.clear()
    before = there.referrals()
    assert there.take(sealed, "990", name).state is ParcelState.SETTLED
    there.work("deliver")
    assert there.boxes["peer:990"].things == {receipt: first}
    assert there.referrals() == before
    assert len(there.holds("answer")) == 1


def test_another_message_under_an_id_that_was_used_is_refused(towns: Neighbours) -> None:
    there = towns["991"]
    _, sent = _sent(towns)
    body: dict[str, Any] = {**sent.payload, "child": {**sent.payload["child"], "legal_forename": "Theo"}}
    other = towns["990"].forge(MessageKind.REFERRAL, sent.message, "991", body)
    _refused(there, there.take(other, "990"), "PACKAGE-ID-REUSED")
    assert len(there.referrals()) == 1


def test_a_package_that_came_too_late_is_refused_and_bounces_at_its_sender(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    draft = here.draft(here.open_case())
    here.release(draft)
    here.work("deliver")
    towns.clock.today_ = date(2027, 1, 4)
    towns.post()
    assert there.referrals() == []
    there.work("deliver", "notice")
    towns.post()
    assert here.the(draft).state is ReferralState.BOUNCED
    assert "PACKAGE-EXPIRED" in here.holds("bounced")[0].reason


def test_what_bounced_can_be_released_again_and_arrives(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    test_a_package_that_came_too_late_is_refused_and_bounces_at_its_sender(towns)
    [draft] = here.referrals()
    assert here.release(draft).state is ReferralState.RELEASED
    towns.settle()
    assert here.the(draft).state is ReferralState.DELIVERED
    assert len(there.referrals()) == 1


def test_a_receipt_for_other_bytes_than_were_sent_is_refused(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    draft = here.draft(here.open_case())
    here.release(draft)
    here.work("deliver")
    body = {"about": draft.message, "sha256": "0" * 64, "received_at": "2026-11-16T09:00:00+00:00", "verdict": "accepted"}
    forged = there.forge(MessageKind.RECEIPT, f"{draft.message}-R00000000", "990", body)
    _refused(here, here.take(forged, "991"), "RECEIPT-OTHER-BYTES")
    assert here.the(draft).state is ReferralState.SENT


def test_a_rehearsals_referral_is_refused_in_a_real_home(towns: Neighbours) -> None:
    there = towns["991"]
    _, sent = _sent(towns)
    rehearsed = towns["990"].forge(MessageKind.REFERRAL, "R77", "991", {**sent.payload, "rehearsal": True})
    _refused(there, there.take(rehearsed, "990"), "PACKAGE-REHEARSAL")


@pytest.mark.parametrize("content", [b"", b"not age", b"age-encryption.org/v1\n-> X25519 x\n"], ids=["empty", "text", "cut off"])
def test_what_is_no_package_is_refused_without_an_answer(towns: Neighbours, content: bytes) -> None:
    there = towns["991"]
    _refused(there, there.take(content, "990"), "PACKAGE-SEALED")
    assert there.work("deliver") == 0
