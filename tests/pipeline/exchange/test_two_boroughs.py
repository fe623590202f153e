"""A referral from draft to a closed case, and every other way it can end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast

import pytest

from gateway.domain.cases.case import CaseState
from gateway.domain.matching.child import Child
from gateway.domain.parcels.parcel import Job, JobState, ParcelState
from gateway.domain.parcels.stages import Delivered
from gateway.domain.referrals.exchange import WrongTurnError
from gateway.domain.referrals.message import Message
from gateway.domain.referrals.referral import Answer, Direction, Referral, ReferralKind, ReferralState
from gateway.errors import LeaseLostError, NotAllowedError, PartnerUnavailableError, UsageError
from gateway.pipeline import exchange
from gateway.ports import Courier, Outbox, Outgoing
from tests.pipeline.exchange.neighbours import CHILD, VIEWER, Neighbours, leaver_of, neighbours


@pytest.fixture
def towns() -> Neighbours:
    return neighbours()


def test_a_referral_is_released_delivered_answered_and_its_case_closed_on_that_answer_alone(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case = here.open_case()
    draft = here.draft(case)
    assert draft.state is ReferralState.DRAFTED and here.boxes == {}
    here.release(draft)
    towns.settle()
    assert here.the(draft).state is ReferralState.DELIVERED
    [theirs] = there.referrals(Direction.IN)
    assert (theirs.state, theirs.kind, theirs.message) == (ReferralState.DELIVERED, ReferralKind.REFERRAL, draft.message)
    assert theirs.payload["child"]["legal_surname"] == "D'Souza"
    assert here.case(case).state is CaseState.OPEN
    towns.answer("991", Answer.ACCEPTED)
    assert here.the(draft).state is ReferralState.CLOSED
    assert here.case(case).state is CaseState.CLOSED
    closing = here.case(case).closing
    assert closing is not None and closing["authority"] == "991" and closing["officer"]["name"] == "Alice Osei"
    assert there.the(theirs).state is ReferralState.CLOSED
    assert there.holds("answer") == []


def test_what_arrives_opens_a_case_with_a_task_for_an_officer(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    here.release(here.draft(here.open_case()))
    towns.settle()
    [theirs] = there.referrals()
    assert theirs.case is not None
    with there.store.reading() as tx:
        case = tx.cases.get(theirs.case)
        assert tx.children.get(case.child).legal_surname == "D'Souza"
        assert (case.state, case.responsible_la, case.last_school) == (CaseState.OPEN, "991", "9902001")
    [hold] = there.holds("answer")
    assert hold.clears_with == f"gateway show {hold.id}"
    assert [n.subject for n in there.notices.told] == [f"Waits for a person: answer ({hold.id})"]
    assert "Souza" not in there.notices.told[0].text


def test_a_child_known_there_for_certain_joins_its_open_case(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    known = there.open_case()
    here.release(here.draft(here.open_case()))
    towns.settle()
    assert [r.case for r in there.referrals()] == [known.id]


def test_a_child_that_only_looks_like_a_known_one_is_a_suggestion_to_a_person(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    known = there.open_case(upn=None)
    here.release(here.draft(here.open_case()))
    towns.settle()
    [theirs] = there.referrals()
    assert theirs.case != known.id
    assert len(there.holds("suggested-match")) == 1


def test_an_enquiry_opens_no_case_there(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    here.release(here.draft(here.open_case(), ReferralKind.ENQUIRY))
    towns.settle()
    [theirs] = there.referrals()
    assert theirs.case is None
    assert "last_address" not in theirs.payload


def test_on_roll_with_school_and_date_closes_the_case(towns: Neighbours) -> None:
    here = towns["990"]
    case = here.open_case()
    here.release(here.draft(case, ReferralKind.ENQUIRY))
    towns.settle()
    with pytest.raises(UsageError):
        towns.answer("991", Answer.ON_ROLL, school="9912010")
    towns.answer("991", Answer.ON_ROLL, school="9912010", since="2026-11-09")
    assert here.case(case).state is CaseState.CLOSED


@pytest.mark.parametrize(("said", "details"), [(Answer.ALREADY_KNOWN, {}), (Answer.DECLINED, {"reason": "not resident"}),
                                               (Answer.MORE_NEEDED, {}), (Answer.NOT_FOUND, {})])
def test_everything_else_leaves_the_case_open_and_tells_a_person(towns: Neighbours, said: Answer,
                                                                 details: dict[str, str]) -> None:
    here = towns["990"]
    case = here.open_case()
    draft = here.draft(case)
    here.release(draft)
    towns.settle()
    towns.answer("991", said, **details)
    assert here.case(case).state is CaseState.OPEN
    assert here.the(draft).state is ReferralState.ANSWERED
    assert len(here.holds("answered")) == 1


def test_already_known_first_and_accepted_later_closes_the_case_then(towns: Neighbours) -> None:
    here = towns["990"]
    case = here.open_case()
    here.release(here.draft(case))
    towns.settle()
    towns.answer("991", Answer.ALREADY_KNOWN)
    assert here.case(case).state is CaseState.OPEN
    towns.answer("991", Answer.ACCEPTED)
    assert here.case(case).state is CaseState.CLOSED


def test_not_on_roll_drafts_the_referral_to_where_the_child_lives(towns: Neighbours) -> None:
    here = towns["990"]
    case = here.open_case()
    enquiry = here.draft(case, ReferralKind.ENQUIRY, to="992", derivations={"destination": "992", "school number": "992"})
    here.release(enquiry)
    towns.settle()
    towns.answer("992", Answer.NOT_ON_ROLL)
    [referral] = [r for r in here.referrals() if r.kind is ReferralKind.REFERRAL]
    assert (referral.authority, referral.state) == ("991", ReferralState.DRAFTED)
    assert set(referral.derivations.values()) == {"991"}
    assert len(here.holds("release")) == 1


def test_a_redirect_is_drafted_to_the_authority_they_name_and_ends_the_first(towns: Neighbours) -> None:
    here = towns["990"]
    case = here.open_case()
    first = here.draft(case)
    here.release(first)
    towns.settle()
    towns.answer("991", Answer.REDIRECT, redirect_to="992")
    assert here.the(first).state is ReferralState.REDIRECTED
    second = here.referrals()[-1]
    assert (second.authority, second.state, second.derivations) == ("992", ReferralState.DRAFTED, {"answer of 991": "992"})


def test_one_source_alone_is_held_by_the_guard_until_an_officer_stands_for_it(towns: Neighbours) -> None:
    here = towns["990"]
    draft = here.draft(here.open_case(), derivations={"new home postcode": "991"})
    assert here.release(draft).state is ReferralState.HELD
    towns.settle()
    assert here.boxes == {}
    [hold] = here.holds()
    assert hold.what == "guard" and "one source alone" in hold.reason
    here.act(lambda tx, ports, actor, now: exchange.release_guarded(tx, ports, draft.id, actor, now, "rang the parent"))
    towns.settle()
    assert here.the(draft).state is ReferralState.DELIVERED
    assert here.the(draft).derivations["officer alice"] == "991"
    assert here.holds() == []


def test_sources_that_disagree_are_never_sent_by_a_first_release(towns: Neighbours) -> None:
    here = towns["990"]
    draft = here.draft(here.open_case(), derivations={"new home postcode": "991", "named destination": "992"})
    here.release(draft)
    towns.settle()
    assert here.the(draft).state is ReferralState.HELD and here.boxes == {}


def test_nothing_is_sent_to_an_authority_without_a_contact_however_often_it_is_released(towns: Neighbours) -> None:
    here = towns["990"]
    draft = here.draft(here.open_case(), to="994", derivations={"new home postcode": "994", "new home address": "994"})
    assert here.release(draft).state is ReferralState.HELD
    with pytest.raises(NotAllowedError) as caught:
        here.act(lambda tx, ports, actor, now: exchange.release_guarded(tx, ports, draft.id, actor, now, "please"))
    assert caught.value.code == "GUARD-NO-CONTACT"


def test_a_contact_that_went_stale_between_release_and_delivery_stops_it(towns: Neighbours) -> None:
    here = towns["990"]
    draft = here.draft(here.open_case())
    here.release(draft)
    towns.clock.today_ = date(2027, 12, 1)
    here.work()
    assert here.the(draft).state is ReferralState.HELD
    assert here.boxes == {} and "last verified" in here.holds("guard")[0].reason


def test_only_an_officer_releases_and_answers(towns: Neighbours) -> None:
    here = towns["990"]
    draft = here.draft(here.open_case())
    with pytest.raises(NotAllowedError):
        here.release(draft, actor=VIEWER)
    here.release(draft)
    towns.settle()
    with pytest.raises(NotAllowedError):
        towns["991"].answer(Answer.ACCEPTED, actor=VIEWER)


def test_nothing_is_drafted_about_a_child_who_died(towns: Neighbours) -> None:
    here = towns["990"]
    case = here.open_case(leaver_of(Child("K", **CHILD), deletion_ground="2024:9(1)(k)"))
    with pytest.raises(NotAllowedError):
        here.draft(case)


def test_a_delivery_repeated_after_a_crash_is_one_delivery(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    draft = here.draft(here.open_case())
    here.release(draft)
    [job] = here.claim("deliver")
    crashed = replace(here.ports, outboxes=lambda purpose: _Dies(here.box(purpose)))
    with pytest.raises(PartnerUnavailableError):
        exchange.deliver(job, crashed)
    assert here.the(draft).state is ReferralState.RELEASED
    exchange.deliver(job, here.ports)
    assert len(here.boxes["peer:991"].things) == 1
    towns.settle()
    assert len(there.referrals()) == 1
    assert here.the(draft).state is ReferralState.DELIVERED


class _Overtaken:
    """A courier whose worker sleeps while it seals: meanwhile another worker does the whole of its job."""

    def __init__(self, courier: Courier, meanwhile: Callable[[], None]) -> None:
        self._courier = courier
        self._meanwhile = meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._courier, name)

    def seal(self, message: Message) -> bytes:
        sealed = self._courier.seal(message)
        self._meanwhile()
        return sealed


def test_of_two_workers_who_seal_the_same_package_one_sealing_leaves(towns: Neighbours) -> None:
    here = towns["990"]
    here.release(here.draft(here.open_case()))
    [asleep] = here.claim("deliver")
    with here.store.writing() as tx:
        [awake] = tx.jobs.claim("another", towns.clock.now() + timedelta(hours=1), 60, 1, ["deliver"])
    courier = _Overtaken(here.ports.courier, lambda: exchange.deliver(awake, here.ports))
    with pytest.raises(LeaseLostError):
        exchange.deliver(asleep, replace(here.ports, courier=cast(Courier, courier)))
    assert len(here.boxes["peer:991"].things) == 1


class _Dies:
    """An outbox that delivers, and dies before it can say so."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def deliver(self, outgoing: Outgoing, at: datetime) -> Delivered:
        self._outbox.deliver(outgoing, at)
        raise PartnerUnavailableError("the line broke", code="SFTP-DOWN", hint="")

    def withdraw(self, name: str) -> bool:
        return False


def test_an_answer_that_came_before_we_noted_the_sending_counts(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case = here.open_case()
    draft = here.draft(case)
    here.release(draft)
    [job] = here.claim("deliver")
    with pytest.raises(PartnerUnavailableError):
        exchange.deliver(job, replace(here.ports, outboxes=lambda purpose: _Dies(here.box(purpose))))
    towns.post()
    there.answer(Answer.ACCEPTED)
    towns.settle()
    assert here.case(case).state is CaseState.CLOSED
    exchange.deliver(job, here.ports)
    assert here.the(draft).state is ReferralState.CLOSED


def _leaves_without_proof(towns: Neighbours, draft: Referral) -> Job:
    """The package is over there, and here nobody knows."""
    here = towns["990"]
    here.release(draft)
    [job] = here.claim("deliver")
    with pytest.raises(PartnerUnavailableError):
        exchange.deliver(job, replace(here.ports, outboxes=lambda purpose: _Dies(here.box(purpose))))
    return job


def test_silence_is_visible_too_when_their_receipt_came_before_our_proof(towns: Neighbours) -> None:
    here = towns["990"]
    draft = here.draft(here.open_case())
    job = _leaves_without_proof(towns, draft)
    towns.post()
    towns.settle()
    assert here.the(draft).state is ReferralState.DELIVERED
    exchange.deliver(job, here.ports)
    with here.store.reading() as tx:
        clocks = [job for job in tx.jobs.where(kind="timer") if job.key.startswith(f"timer:answer-due:{draft.id}:")]
    assert [job.state for job in clocks] == [JobState.READY]


def test_what_may_have_left_is_withdrawn_over_there_as_well(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case = here.open_case()
    job = _leaves_without_proof(towns, here.draft(case))
    with here.store.writing() as tx:
        exchange.withdraw_for_case(tx, here.ports, tx.cases.get(case.id), towns.clock.now())
    exchange.deliver(job, here.ports)
    towns.settle()
    assert [r.state for r in there.referrals()] == [ReferralState.WITHDRAWN]
    assert there.holds("answer") == []


def test_a_child_found_at_home_withdraws_what_is_out_and_they_are_told(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case = here.open_case()
    draft = here.draft(case)
    here.release(draft)
    towns.settle()
    with here.store.writing() as tx:
        assert exchange.withdraw_for_case(tx, here.ports, tx.cases.get(case.id), towns.clock.now()) == 1
    towns.settle()
    assert here.the(draft).state is ReferralState.WITHDRAWN
    assert [r.state for r in there.referrals()] == [ReferralState.WITHDRAWN]
    assert there.holds("answer") == []


def test_a_draft_that_is_withdrawn_tells_nobody(towns: Neighbours) -> None:
    here = towns["990"]
    case = here.open_case()
    here.draft(case)
    with here.store.writing() as tx:
        exchange.withdraw_for_case(tx, here.ports, tx.cases.get(case.id), towns.clock.now())
    towns.settle()
    assert here.boxes == {} and here.holds() == []


def test_a_withdrawal_that_overtakes_its_referral_is_kept_and_nobody_is_asked(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case = here.open_case()
    here.release(here.draft(case))
    here.work()
    [(name, sealed)] = here.boxes["peer:991"].things.items()
    here.boxes["peer:991"].things.clear()
    with here.store.writing() as tx:
        exchange.withdraw_for_case(tx, here.ports, tx.cases.get(case.id), towns.clock.now())
    towns.settle()
    there.take(sealed, "990", name)
    assert [r.state for r in there.referrals()] == [ReferralState.WITHDRAWN]
    assert there.holds() == []


def test_an_answer_that_crosses_a_withdrawal_changes_nothing(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case = here.open_case()
    draft = here.draft(case)
    here.release(draft)
    towns.settle()
    there.answer(Answer.ACCEPTED)
    with here.store.writing() as tx:
        exchange.withdraw_for_case(tx, here.ports, tx.cases.get(case.id), towns.clock.now())
    towns.settle()
    assert here.the(draft).state is ReferralState.WITHDRAWN
    assert here.case(case).state is CaseState.OPEN
    assert "answer-after-withdrawal" in here.leaves()


def test_an_answer_by_telephone_is_recorded_with_who_said_it_and_how(towns: Neighbours) -> None:
    here = towns["990"]
    case = here.open_case()
    draft = here.draft(case)
    here.release(draft)
    towns.settle()
    with pytest.raises(UsageError):
        here.act(lambda tx, ports, actor, now: exchange.record_answer_by_person(
            tx, ports, draft.id, Answer.ACCEPTED, actor, now, how="", told_by=""))
    here.act(lambda tx, ports, actor, now: exchange.record_answer_by_person(
        tx, ports, draft.id, Answer.ACCEPTED, actor, now, how="telephone", told_by="D Park, Marlowick"))
    closing = here.case(case).closing
    assert closing is not None
    assert (closing["how"], closing["told_by"], closing["by"]) == ("telephone", "D Park, Marlowick", "Alice Osei")


def test_what_is_not_ours_to_answer_cannot_be_answered(towns: Neighbours) -> None:
    here = towns["990"]
    draft = here.draft(here.open_case())
    with pytest.raises(UsageError):
        here.act(lambda tx, ports, actor, now: exchange.answer(tx, ports, draft.id, Answer.ACCEPTED, actor, now))
    with pytest.raises(WrongTurnError):
        here.act(lambda tx, ports, actor, now: exchange.record_answer_by_person(
            tx, ports, draft.id, Answer.ACCEPTED, actor, now, how="telephone", told_by="someone"))


def test_an_urgent_referral_alerts_the_duty_contact_there(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    here.release(here.draft(here.open_case(leaver_of(Child("K", **CHILD), urgent=True))))
    towns.settle()
    assert any(n.subject.startswith("URGENT") for n in there.notices.told)
    assert len(there.holds("urgent")) == 1


def test_a_silent_authority_is_visible_after_the_configured_days_and_an_enquiry_expires(towns: Neighbours) -> None:
    here = towns["990"]
    enquiry = here.draft(here.open_case(), ReferralKind.ENQUIRY)
    here.release(enquiry)
    here.work("deliver")
    towns.clock.today_ = date(2026, 12, 1)
    here.work("timer")
    assert here.the(enquiry).state is ReferralState.EXPIRED
    assert len(here.holds("silence")) == 1
    assert any(r.kind is ReferralKind.REFERRAL and r.authority == "991" for r in here.referrals())


def test_a_package_is_settled_as_a_parcel_and_every_step_is_in_the_ledger(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    here.release(here.draft(here.open_case()))
    towns.settle()
    towns.answer("991", Answer.ACCEPTED)
    with there.store.reading() as tx:
        assert {p.state for p in tx.parcels.where()} == {ParcelState.SETTLED}
    assert {"referral-drafted", "referral-released", "package-sent", "referral-delivered", "referral-answered",
            "case-closed"} <= set(here.leaves())
    assert {"referral-arrived", "package-taken", "answer-given", "reply-delivered"} <= set(there.leaves())
