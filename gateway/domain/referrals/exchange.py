"""The exchange between authorities: one state machine for both directions.

1. ``advance`` is the only way from one state to the next; what the table does not name cannot happen.
2. Sent is not accepted. What an answer can be depends on what was asked: only *accepted* to a referral, or *on roll* with a
   school and a day that has come and lies not before the last attendance, lets a case close.
3. What we sent may be received and answered before we noted that it was sent: a crash lies between. So *released* may go on
   to all that *sent* may.
4. A withdrawn or redirected exchange never opens again. An expired one may still be answered: late is not never. A closed one
   hears one thing more: another answer of theirs, which takes back the one it closed on and goes to a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from gateway.domain.referrals.referral import Answer, Direction, Referral, ReferralKind, ReferralState
from gateway.domain.returns.record import PupilRecord
from gateway.errors import UsageError

S = ReferralState


class News(StrEnum):
    """What can happen to an exchange."""

    HOLD = "held"
    RELEASE = "released"
    SEND = "sent"
    DELIVER = "delivered"
    BOUNCE = "bounced"
    ANSWER = "answered"
    REDIRECT = "redirected"
    EXPIRE = "expired"
    WITHDRAW = "withdrawn"
    CLOSE = "closed"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, when, by whom, and what it says."""

    news: News
    at: datetime
    by: str = ""
    answer: Answer | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    sha256: str | None = None     # of the sealed package, when it was sent


class WrongTurnError(UsageError):
    """An exchange cannot go that way from where it stands."""


_ANSWERABLE = (S.RELEASED, S.SENT, S.DELIVERED, S.ANSWERED, S.EXPIRED, S.CLOSED)
_WITHDRAWABLE = (S.DRAFTED, S.HELD, S.RELEASED, S.SENT, S.DELIVERED, S.ANSWERED, S.BOUNCED, S.EXPIRED)

OUT: Mapping[tuple[ReferralState, News], ReferralState] = {
    (S.DRAFTED, News.HOLD): S.HELD,
    (S.DRAFTED, News.RELEASE): S.RELEASED,
    (S.HELD, News.HOLD): S.HELD,
    (S.HELD, News.RELEASE): S.RELEASED,
    (S.RELEASED, News.HOLD): S.HELD,
    (S.RELEASED, News.SEND): S.SENT,
    (S.SENT, News.SEND): S.SENT,              # a repeat of the same package
    **{(state, News.DELIVER): S.DELIVERED for state in (S.RELEASED, S.SENT)},
    **{(state, News.BOUNCE): S.BOUNCED for state in (S.RELEASED, S.SENT)},
    (S.DELIVERED, News.DELIVER): S.DELIVERED,
    (S.BOUNCED, News.RELEASE): S.RELEASED,    # a person sends it again
    **{(state, News.ANSWER): S.ANSWERED for state in _ANSWERABLE},
    **{(state, News.REDIRECT): S.REDIRECTED for state in _ANSWERABLE},
    (S.ANSWERED, News.DELIVER): S.ANSWERED,   # the receipt came after the answer
    (S.SENT, News.EXPIRE): S.EXPIRED,
    (S.DELIVERED, News.EXPIRE): S.EXPIRED,
    (S.EXPIRED, News.DELIVER): S.DELIVERED,
    (S.ANSWERED, News.CLOSE): S.CLOSED,
    **{(state, News.WITHDRAW): S.WITHDRAWN for state in _WITHDRAWABLE},
}
"""Ours to them."""

IN: Mapping[tuple[ReferralState, News], ReferralState] = {
    (S.DELIVERED, News.ANSWER): S.ANSWERED,
    (S.ANSWERED, News.ANSWER): S.ANSWERED,    # "already known" first, "accepted" later
    (S.ANSWERED, News.CLOSE): S.CLOSED,
    (S.DELIVERED, News.REDIRECT): S.REDIRECTED,
    (S.ANSWERED, News.REDIRECT): S.REDIRECTED,
    (S.DELIVERED, News.WITHDRAW): S.WITHDRAWN,
    (S.ANSWERED, News.WITHDRAW): S.WITHDRAWN,
    (S.CLOSED, News.ANSWER): S.ANSWERED,      # we take back what we said
    (S.CLOSED, News.REDIRECT): S.REDIRECTED,
}
"""Theirs to us: it begins as delivered."""

TABLES: Mapping[Direction, Mapping[tuple[ReferralState, News], ReferralState]] = {Direction.OUT: OUT, Direction.IN: IN}

LEFT = (S.SENT, S.DELIVERED, S.EXPIRED)
"""States in which the other authority has it, and has not answered."""

_AFTER_SENDING = (News.DELIVER, News.BOUNCE, News.ANSWER, News.REDIRECT)
ENDED = frozenset({S.CLOSED, S.WITHDRAWN, S.REDIRECTED})
FINAL_ANSWERS = frozenset({Answer.ACCEPTED, Answer.ON_ROLL, Answer.NOT_ON_ROLL, Answer.NOT_FOUND, Answer.DECLINED})
ANSWERS: Mapping[ReferralKind, tuple[Answer, ...]] = {
    ReferralKind.ENQUIRY: (Answer.ON_ROLL, Answer.NOT_ON_ROLL, Answer.NOT_FOUND, Answer.ALREADY_KNOWN, Answer.MORE_NEEDED,
                           Answer.REDIRECT, Answer.DECLINED),
    ReferralKind.REFERRAL: (Answer.ACCEPTED, Answer.ON_ROLL, Answer.ALREADY_KNOWN, Answer.NOT_FOUND, Answer.MORE_NEEDED,
                            Answer.REDIRECT, Answer.DECLINED),
}
"""What may be said to each: *accepted* takes a child over, which an enquiry does not ask for."""
OFF_ROLL_AFTER = timedelta(days=28)   # ground (i) needs 20 school days of absence: about so long before it a child was last seen


def can(referral: Referral, news: News) -> bool:
    """Whether this can happen to it now."""
    return (referral.state, news) in TABLES[referral.direction]


def advance(referral: Referral, event: Event) -> Referral:
    """The referral after the event, or WrongTurnError."""
    state = TABLES[referral.direction].get((referral.state, event.news))
    if state is None:
        raise WrongTurnError(f"exchange {referral.id} is {referral.state}, it cannot be {event.news}", code="WRONG-TURN",
                             hint="See where it stands with `gateway referrals`.")
    sent: dict[str, Any] = {"sent_at": event.at} if _went_unnoted(referral, event) else {}
    return replace(referral, state=state, **sent, **_marks(event))


def _went_unnoted(referral: Referral, event: Event) -> bool:
    return referral.direction is Direction.OUT and referral.sent_at is None and event.news in _AFTER_SENDING


def _marks(event: Event) -> dict[str, Any]:
    match event.news:
        case News.RELEASE:
            return {"released_by": event.by, "released_at": event.at}
        case News.SEND:
            return {"sent_at": event.at, "sha256": event.sha256}
        case News.DELIVER:
            return {"delivered_at": event.at}
        case News.ANSWER | News.REDIRECT:
            return {"answered_at": event.at, "answer": event.answer, "answer_details": dict(event.details)}
        case _:
            return {}


def closes_case(kind: ReferralKind, answer: Answer | None, details: Mapping[str, Any], today: date,
                record: PupilRecord | None = None) -> bool:
    """Whether this answer is evidence on which a case may close. *Already known* is not: knowing is not taking over."""
    return answer in (Answer.ACCEPTED, Answer.ON_ROLL) and objection(kind, answer, details, today, record) is None


def objection(kind: ReferralKind, answer: Answer, details: Mapping[str, Any], today: date,
              record: PupilRecord | None = None) -> str | None:
    """Why an answer that says where the child is closes nothing, in words; None when nothing speaks against it."""
    if answer not in ANSWERS[kind]:
        return f"an {kind} asks no more than whether the child is on roll" if kind is ReferralKind.ENQUIRY else \
            f"a {kind} asks to take responsibility"
    if answer is not Answer.ON_ROLL:
        return None
    if not details.get("school") or not details.get("since"):
        return "it names no school with a day"
    since, seen = date.fromisoformat(str(details["since"])), last_seen(record)
    if since > today:
        return f"it is on roll from {since.isoformat()}, which has not come"
    if seen is not None and since < seen:
        return f"it is on roll since {since.isoformat()}, before the last attendance here"
    return None


def last_seen(record: PupilRecord | None) -> date | None:
    """The last attendance, or about that day: a child is taken off roll some weeks after it was last seen."""
    if record is None:
        return None
    return record.last_attendance_date or (record.off_roll_date - OFF_ROLL_AFTER if record.off_roll_date else None)


def has_said_its_last(referral: Referral) -> bool:
    """Whether the other authority has given its last word on this one, and took nothing over by it."""
    return referral.state is S.ANSWERED and referral.answer in FINAL_ANSWERS


def ends_exchange(answer: Answer) -> bool:
    """Whether the exchange is over with this answer."""
    return answer in FINAL_ANSWERS


def diagram(direction: Direction) -> str:
    """The table as a Mermaid state diagram, for the reference page."""
    start = S.DRAFTED if direction is Direction.OUT else S.DELIVERED
    lines = ["stateDiagram-v2", f"    [*] --> {start}"]
    lines += [f"    {before} --> {after}: {news}" for (before, news), after in TABLES[direction].items()]
    lines += [f"    {state} --> [*]" for state in sorted(ENDED)]
    return "\n".join(lines) + "\n"
