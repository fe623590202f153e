"""A referral or an enquiry to, or from, another authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ReferralKind(StrEnum):
    """Enquiry: is this child on roll with you? Referral: take responsibility for this child."""

    ENQUIRY = "enquiry"
    REFERRAL = "referral"


class Direction(StrEnum):
    """Out: ours to them. In: theirs to us."""

    OUT = "out"
    IN = "in"


class ReferralState(StrEnum):
    """Drafted → released → sent → delivered → answered → closed, with the ways aside."""

    DRAFTED = "drafted"
    HELD = "held"
    RELEASED = "released"
    SENT = "sent"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    CLOSED = "closed"
    BOUNCED = "bounced"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REDIRECTED = "redirected"


class Answer(StrEnum):
    """What the other authority says. Only ``accepted`` and ``on-roll`` close a case."""

    ACCEPTED = "accepted"
    ALREADY_KNOWN = "already-known"
    ON_ROLL = "on-roll"
    NOT_ON_ROLL = "not-on-roll"
    NOT_FOUND = "not-found"
    DECLINED = "declined"
    MORE_NEEDED = "more-information-needed"
    REDIRECT = "redirect"


@dataclass(frozen=True, slots=True)
class Referral:
    """One exchange about one child. ``message`` is the id both sides know; unique with direction and authority."""

    id: str
    message: str
    kind: ReferralKind
    direction: Direction
    authority: str                # three digits: the other side
    state: ReferralState
    created_at: datetime
    case: str | None = None
    child: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)   # sealed: the fields that travel
    reason: str = ""              # why routing drafted it, without the child's data
    derivations: Mapping[str, str] = field(default_factory=dict)   # source → authority: what the guard compared
    released_by: str | None = None
    released_at: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    answered_at: datetime | None = None
    answer: Answer | None = None
    answer_details: Mapping[str, Any] = field(default_factory=dict)  # sealed: officer, their reference, school and date
    sha256: str | None = None     # of the sealed package that was sent
    parcel: str | None = None     # the parcel it came in
    sent_how: str | None = None   # "telephone", "letter", …: a person told them; None: it goes as a package
