"""The exchange as a state machine: what can happen, what cannot, and what closes a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
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


def test_what_has_ended_never_opens_again() -> None:
    for direction, state, news in product(Direction, ENDED, News):
        with pytest.raises(WrongTurnError):
            advance(replace(DRAFT, direction=direction, state=state), Event(news, NOW))


def test_an_expired_enquiry_may_still_be_answered() -> None:
    assert _go(DRAFT, News.RELEASE, News.SEND, News.EXPIRE, News.ANSWER).state is ReferralState.ANSWERED


def test_a_withdrawal_reaches_everything_that_is_out() -> None:
    for state in set(ReferralState) - ENDED:
        assert can(replace(DRAFT, state=state), News.WITHDRAW), state


@pytest.mark.parametrize(("answer", "details", "closes"), [
    (Answer.ACCEPTED, {}, True),
    (Answer.ON_ROLL, {"school": "9912010", "since": "2026-11-09"}, True),
    (Answer.ON_ROLL, {"school": "9912010"}, False),
    (Answer.ON_ROLL, {"since": "2026-11-09"}, False),
    (Answer.ALREADY_KNOWN, {"school": "9912010", "since": "2026-11-09"}, False),
    (Answer.NOT_ON_ROLL, {}, False), (Answer.NOT_FOUND, {}, False), (Answer.DECLINED, {}, False),
    (Answer.MORE_NEEDED, {}, False), (Answer.REDIRECT, {}, False), (None, {}, False),
])
def test_only_accepted_or_on_roll_with_school_and_date_closes(answer: Answer, details: dict[str, str], closes: bool) -> None:
    assert closes_case(answer, details) is closes


def test_every_state_of_ours_can_be_reached_and_left_or_is_an_end() -> None:
    table = TABLES[Direction.OUT]
    reached = {ReferralState.DRAFTED} | set(table.values())
    left = {before for before, _ in table}
    assert reached == set(ReferralState)
    assert reached - left == ENDED


def test_the_diagram_names_every_turn() -> None:
    for direction in Direction:
        drawn = diagram(direction)
        assert drawn.startswith("stateDiagram-v2\n")
        for (before, news), after in TABLES[direction].items():
            assert f"{before} --> {after}: {news}" in drawn
