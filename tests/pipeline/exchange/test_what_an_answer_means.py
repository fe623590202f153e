"""What an answer can be, what it closes, and what happens when it is taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gateway.domain.cases.case import Case, CaseState
from gateway.domain.matching.child import Child
from gateway.domain.referrals.exchange import ANSWERS, WrongTurnError
from gateway.domain.referrals.message import MessageKind
from gateway.domain.referrals.referral import Answer, Direction, Referral, ReferralKind, ReferralState
from gateway.errors import UsageError
from gateway.pipeline import exchange, officer
from tests.pipeline.exchange.neighbours import CHILD, Neighbours, leaver_of, neighbours

DETAILS: dict[Answer, dict[str, Any]] = {
    Answer.ON_ROLL: {"school": "9912010", "since": "2026-11-16"}, Answer.DECLINED: {"reason": "not resident"},
    Answer.REDIRECT: {"redirect_to": "992"}}


@pytest.fixture
def towns() -> Neighbours:
    return neighbours()


def _asked(towns: Neighbours, kind: ReferralKind = ReferralKind.REFERRAL) -> tuple[Case, Referral]:
    here = towns["990"]
    case = here.open_case()
    draft = here.draft(case, kind)
    here.release(draft)
    towns.settle()
    return case, draft


@pytest.mark.parametrize("kind", list(ReferralKind))
@pytest.mark.parametrize("said", list(Answer))
def test_only_what_fits_the_question_can_be_said(towns: Neighbours, kind: ReferralKind, said: Answer) -> None:
    _asked(towns, kind)
    if said in ANSWERS[kind]:
        assert towns["991"].answer(said, **DETAILS.get(said, {})).answer is said
        return
    with pytest.raises(UsageError) as caught:
        towns["991"].answer(said, **DETAILS.get(said, {}))
    assert caught.value.code == "ANSWER-NOT-FOR-KIND"
    assert all(fit.value in caught.value.hint for fit in ANSWERS[kind])


def test_accepted_to_an_enquiry_from_another_gateway_closes_nothing_and_a_person_is_told_why(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case, draft = _asked(towns, ReferralKind.ENQUIRY)
    body = {"about": draft.message, "answer": "accepted", "answered_at": "2026-11-16T09:00:00+00:00", "officer": {"name": "X"}}
    here.take(there.forge(MessageKind.ANSWER, f"{draft.message}-A1", "990", body), "991")
    assert here.case(case).state is CaseState.OPEN
    [hold] = here.holds("answered")
    assert "asks no more than whether the child is on roll" in hold.reason


def test_nobody_says_on_roll_of_a_day_that_has_not_come(towns: Neighbours) -> None:
    _asked(towns, ReferralKind.ENQUIRY)
    with pytest.raises(UsageError) as caught:
        towns["991"].answer(Answer.ON_ROLL, school="9912010", since="2027-09-01")
    assert caught.value.code == "DATED-AHEAD"


@pytest.mark.parametrize("since", ["2027-09-01", "2019-09-03"])
def test_on_roll_from_a_day_that_does_not_fit_leaves_the_case_open_and_says_why(towns: Neighbours, since: str) -> None:
    here, there = towns["990"], towns["991"]
    case = here.open_case(leaver_of(Child("K", **CHILD), last_attendance_date=date(2026, 11, 6)))
    draft = here.draft(case, ReferralKind.ENQUIRY)
    here.release(draft)
    towns.settle()
    body = {"about": draft.message, "answer": "on-roll", "answered_at": "2026-11-16T09:00:00+00:00", "officer": {"name": "X"},
            "school": "9912010", "since": since}
    here.take(there.forge(MessageKind.ANSWER, f"{draft.message}-A1", "990", body), "991")
    assert here.case(case).state is CaseState.OPEN
    [hold] = here.holds("answered")
    assert since in hold.reason


def test_who_redirects_names_another_authority_than_the_two_that_talk(towns: Neighbours) -> None:
    _asked(towns)
    for to in ("990", "991", "999"):
        with pytest.raises(UsageError):
            towns["991"].answer(Answer.REDIRECT, redirect_to=to)


def test_an_acceptance_that_is_taken_back_is_told_in_words_and_the_case_reopens_when_a_person_says_so(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case, _ = _asked(towns)
    towns.answer("991", Answer.ACCEPTED)
    assert here.case(case).state is CaseState.CLOSED
    towns.answer("991", Answer.DECLINED, reason="they moved on before we saw them")
    assert here.case(case).state is CaseState.CLOSED
    [hold] = here.holds("taken-back")
    assert "takes its answer back and says declined" in hold.reason
    assert any(hold.id in notice.subject for notice in here.notices.told)
    assert here.holds("file") == [] and there.holds("bounced") == []
    here.act(lambda tx, ports, actor, now: officer.release_hold(tx, ports, hold.id, "rang them", actor, now))
    assert here.case(case).state is CaseState.OPEN


def test_a_redirect_after_an_acceptance_is_followed_once_the_case_is_open_again(towns: Neighbours) -> None:
    here = towns["990"]
    _asked(towns)
    towns.answer("991", Answer.ACCEPTED)
    towns.answer("991", Answer.REDIRECT, redirect_to="992")
    assert [r.authority for r in here.referrals(Direction.OUT)] == ["991"]
    [hold] = here.holds("taken-back")
    here.act(lambda tx, ports, actor, now: officer.release_hold(tx, ports, hold.id, "rang them", actor, now))
    assert [(r.authority, r.state) for r in here.referrals(Direction.OUT)] == [
        ("991", ReferralState.REDIRECTED), ("992", ReferralState.DRAFTED)]


def test_a_person_may_leave_the_case_closed_when_an_answer_is_taken_back(towns: Neighbours) -> None:
    here = towns["990"]
    case, _ = _asked(towns)
    towns.answer("991", Answer.ACCEPTED)
    towns.answer("991", Answer.NOT_FOUND)
    [hold] = here.holds("taken-back")
    here.act(lambda tx, ports, actor, now: officer.reject_hold(tx, ports, hold.id, "seen at school here", actor, now))
    assert here.case(case).state is CaseState.CLOSED and here.holds() == []


def test_a_declined_referral_may_be_sent_again_by_a_person_and_not_by_routing(towns: Neighbours) -> None:
    here = towns["990"]
    case, first = _asked(towns)
    towns.answer("991", Answer.DECLINED, reason="no such address")
    assert here.draft(case).id == first.id
    again = here.act(lambda tx, ports, actor, now: exchange.draft_for_case(tx, ports, case.id, "991", actor, now))
    assert (again.state, again.id != first.id) == (ReferralState.DRAFTED, True)


def test_while_they_have_not_said_their_last_word_it_stays_one_exchange(towns: Neighbours) -> None:
    here = towns["990"]
    case, first = _asked(towns)
    towns.answer("991", Answer.MORE_NEEDED)
    again = here.act(lambda tx, ports, actor, now: exchange.draft_for_case(tx, ports, case.id, "991", actor, now))
    assert again.id == first.id


@pytest.mark.parametrize("said", [Answer.DECLINED, Answer.NOT_FOUND, Answer.REDIRECT])
def test_our_case_that_rests_on_a_referral_we_do_not_take_is_put_before_a_person(towns: Neighbours, said: Answer) -> None:
    there = towns["991"]
    _asked(towns)
    [theirs] = there.referrals(Direction.IN)
    towns.answer("991", said, **DETAILS.get(said, {}))
    [hold] = there.holds("suggested-closing")
    there.act(lambda tx, ports, actor, now: officer.release_hold(tx, ports, hold.id, "theirs", actor, now))
    with there.store.reading() as tx:
        case = tx.cases.get(str(theirs.case))
    assert case.state is CaseState.CLOSED
    assert case.closing is not None and case.closing["evidence"] == "returned-to-authority"


def test_a_referral_that_is_taken_back_puts_the_case_it_opened_before_a_person(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case, _ = _asked(towns)
    with here.store.writing() as tx:
        exchange.withdraw_for_case(tx, here.ports, tx.cases.get(case.id), towns.clock.now())
    towns.settle()
    assert [hold.what for hold in there.holds()] == ["suggested-closing"]


def test_a_case_of_our_own_is_not_closed_because_their_referral_ended(towns: Neighbours) -> None:
    there = towns["991"]
    there.open_case()
    _asked(towns)
    towns.answer("991", Answer.DECLINED, reason="known here, and gone")
    assert there.holds("suggested-closing") == []


def test_a_second_message_about_a_child_known_twice_asks_no_question_twice(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    there.open_case(upn=None)
    for kind in (ReferralKind.ENQUIRY, ReferralKind.REFERRAL):
        here.release(here.draft(here.open_case(), kind))
        towns.settle()
    assert len(there.referrals(Direction.IN)) == 2
    assert len(there.holds("suggested-match")) == 1
    assert there.holds("job") == []


def test_what_is_closed_withdrawn_or_drafted_cannot_be_answered_and_that_is_no_fault_of_ours(towns: Neighbours) -> None:
    here = towns["990"]
    draft = here.draft(here.open_case())
    with pytest.raises(WrongTurnError) as caught:
        here.act(lambda tx, ports, actor, now: exchange.record_answer_by_person(
            tx, ports, draft.id, Answer.ACCEPTED, actor, now, how="telephone", told_by="D Park"))
    assert caught.value.exit_code == 64


def test_silence_that_someone_asked_after_is_due_anew_and_seen_again(towns: Neighbours) -> None:
    here = towns["990"]
    _, draft = _asked(towns)
    towns.clock.today_ = date(2026, 12, 1)
    here.work("timer")
    [hold] = here.holds("silence")
    here.act(lambda tx, ports, actor, now: officer.release_hold(tx, ports, hold.id, "rang, nobody there", actor, now))
    assert here.holds("silence") == []
    towns.clock.today_ = date(2026, 12, 16)
    here.work("timer")
    assert len(here.holds("silence")) == 1
    assert here.the(draft).state is ReferralState.DELIVERED


def test_a_package_that_they_refused_is_sent_again_on_the_release_of_its_hold(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case = here.open_case()
    draft = here.draft(case)
    here.release(draft)
    here.work("deliver")
    here.boxes["peer:991"].things.clear()
    body = {"about": draft.message, "sha256": here.the(draft).sha256, "received_at": "2026-11-16T09:00:00+00:00",
            "verdict": "refused", "code": "PACKAGE-SEALED"}
    here.take(there.forge(MessageKind.RECEIPT, f"{draft.message}-R00000000", "990", body), "991")
    [hold] = here.holds("bounced")
    here.act(lambda tx, ports, actor, now: officer.release_hold(tx, ports, hold.id, "they mended their key", actor, now))
    assert here.the(draft).state is ReferralState.RELEASED and here.holds("bounced") == []
    towns.settle()
    assert here.the(draft).state is ReferralState.DELIVERED
