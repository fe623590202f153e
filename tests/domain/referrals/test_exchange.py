"""The exchange as a state machine: what can happen, what cannot, and what closes a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from gateway.domain.referrals.exchange import (
    ENDED,
    TABLES,
    Event,
    News,
    WrongTurnError,
    advance,
    can,
    closes_case,
    diagram,
)
from gateway.domain.referrals.referral import Answer, Direction, Referral, ReferralKind, ReferralState
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.errors import UsageError

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
DRAFT = Referral(id="R1", message="R1", kind=ReferralKind.REFERRAL, direction=Direction.OUT, authority="991",
                 state=ReferralState.DRAFTED, created_at=NOW)


def _go(referral: Referral, *news: News) -> Referral:
    for one in news:
        referral = advance(referral, Event(one, NOW, by="alice", answer=Answer.ACCEPTED, sha256="ab"))
    return referral


def test_the_ordinary_way_leads_from_a_draft_to_a_closed_exchange() -> None:
    closed = _go(DRAFT, News.RELEASE, News.SEND, News.DELIVER, News.ANSWER, News.CLOSE)
    assert closed.state is ReferralState.CLOSED
    assert (closed.released_by, closed.sha256, closed.answer) == ("alice", "ab", Answer.ACCEPTED)
    assert closed.sent_at == closed.delivered_at == closed.answered_at == NOW


def test_an_answer_may_overtake_its_receipt() -> None:
    assert _go(DRAFT, News.RELEASE, News.SEND, News.ANSWER, News.DELIVER).state is ReferralState.ANSWERED


def test_nothing_is_sent_that_no_person_released() -> None:
    for state in (ReferralState.DRAFTED, ReferralState.HELD, ReferralState.BOUNCED):
        assert not can(replace(DRAFT, state=state), News.SEND)


def test_sent_is_not_accepted_and_closes_nothing() -> None:
    sent = _go(DRAFT, News.RELEASE, News.SEND)
    assert not can(sent, News.CLOSE)
    assert not can(_go(sent, News.DELIVER), News.CLOSE)


def test_what_was_withdrawn_or_redirected_never_opens_again() -> None:
    for direction, state, news in product(Direction, ENDED - {ReferralState.CLOSED}, News):
        with pytest.raises(WrongTurnError):
            advance(replace(DRAFT, direction=direction, state=state), Event(news, NOW))


def test_what_is_closed_hears_another_answer_of_theirs_and_nothing_else() -> None:
    for direction, news in product(Direction, News):
        closed = replace(DRAFT, direction=direction, state=ReferralState.CLOSED)
        assert can(closed, news) is (news in (News.ANSWER, News.REDIRECT))


def test_a_wrong_turn_is_a_matter_of_typing_and_no_fault_of_ours() -> None:
    with pytest.raises(UsageError) as caught:
        advance(DRAFT, Event(News.ANSWER, NOW))
    assert caught.value.exit_code == 64


def test_an_expired_enquiry_may_still_be_answered() -> None:
    assert _go(DRAFT, News.RELEASE, News.SEND, News.EXPIRE, News.ANSWER).state is ReferralState.ANSWERED


def test_a_withdrawal_reaches_everything_that_is_out() -> None:
    for state in set(ReferralState) - ENDED:
        assert can(replace(DRAFT, state=state), News.WITHDRAW), state


ENQUIRY, REFERRAL = ReferralKind.ENQUIRY, ReferralKind.REFERRAL
SINCE = {"school": "9912010", "since": "2026-11-09"}


@pytest.mark.parametrize(("kind", "answer", "details", "closes"), [
    (REFERRAL, Answer.ACCEPTED, {}, True), (ENQUIRY, Answer.ACCEPTED, {}, False), (ENQUIRY, Answer.ACCEPTED, SINCE, False),
    (ENQUIRY, Answer.ON_ROLL, SINCE, True), (REFERRAL, Answer.ON_ROLL, SINCE, True),
    (ENQUIRY, Answer.ON_ROLL, {"school": "9912010"}, False), (ENQUIRY, Answer.ON_ROLL, {"since": "2026-11-09"}, False),
    (REFERRAL, Answer.ALREADY_KNOWN, SINCE, False), (ENQUIRY, Answer.NOT_ON_ROLL, {}, False),
    (ENQUIRY, Answer.NOT_FOUND, {}, False),
    (REFERRAL, Answer.DECLINED, {}, False), (REFERRAL, Answer.MORE_NEEDED, {}, False), (REFERRAL, Answer.REDIRECT, {}, False),
    (REFERRAL, None, {}, False),
])
def test_accepted_closes_a_referral_and_on_roll_with_school_and_day_closes_either(
        kind: ReferralKind, answer: Answer | None, details: dict[str, str], closes: bool) -> None:
    assert closes_case(kind, answer, details, NOW.date()) is closes


@pytest.mark.parametrize(("since", "attended", "off_roll", "closes"), [
    ("2027-09-01", None, None, False), ("2026-11-17", None, None, False), ("2026-11-16", None, None, True),
    ("2019-09-01", date(2026, 11, 6), None, False), ("2026-11-05", date(2026, 11, 6), None, False),
    ("2026-11-06", date(2026, 11, 6), None, True), ("2026-11-02", None, date(2026, 11, 13), True),
    ("2019-09-01", None, date(2026, 11, 13), False),
])
def test_on_roll_closes_only_from_a_day_that_has_come_and_not_before_the_last_attendance(
        since: str, attended: date | None, off_roll: date | None, closes: bool) -> None:
    row = PupilRecord(2, None, MovementKind.LEAVER, last_attendance_date=attended, off_roll_date=off_roll)
    details = {"school": "9912010", "since": since}
    assert closes_case(ENQUIRY, Answer.ON_ROLL, details, NOW.date(), row) is closes


def test_every_state_of_ours_can_be_reached_and_left_or_is_an_end() -> None:
    table = TABLES[Direction.OUT]
    reached = {ReferralState.DRAFTED} | set(table.values())
    left = {before for before, _ in table}
    assert reached == set(ReferralState)
    assert reached - left == ENDED - {ReferralState.CLOSED}    # which hears one thing more


def test_the_diagram_names_every_turn() -> None:
    for direction in Direction:
        drawn = diagram(direction)
        assert drawn.startswith("stateDiagram-v2\n")
        for (before, news), after in TABLES[direction].items():
            assert f"{before} --> {after}: {news}" in drawn
