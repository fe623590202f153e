"""What the five messages hold: read strictly, after their signature was proven.

1. Nothing is taken that is not named here; nothing is converted by guess. A signature never makes the parser kinder.
2. Every text has a longest length and no control character; every list has a longest length.
3. What concerns a child's safety is a yes or no and a person to ring, never a narrative.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from gateway.domain.referrals.message import MessageKind
from gateway.domain.referrals.referral import Answer

Text = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Long = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
La = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,80}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Body(BaseModel):
    """One message's or part's fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Child(Body):
    """Who: names including other names, date of birth, numbers."""

    legal_surname: Text
    legal_forename: Text | None = None
    middle_names: Text | None = None
    preferred_surname: Text | None = None
    preferred_forename: Text | None = None
    former_surname: Text | None = None
    dob: date | None = None
    sex: Text | None = None
    upn: Text | None = None
    former_upn: Text | None = None
    year_group: Text | None = None


class Address(Body):
    """Where, and how we know."""

    lines: list[Text] = Field(default_factory=list, max_length=10)
    postcode: Text | None = None
    since: Text | None = None
    source: Text | None = None


class Parent(Body):
    """Whom to ask."""

    name: Text | None = None
    relationship: Text | None = None
    address: Long | None = None
    postcode: Text | None = None
    phone: Text | None = None
    email: Text | None = None
    lives_with: bool | Text | None = None


class Education(Body):
    """Where last, until when, on what ground, and where the child is said to go."""

    last_school: Text | None = None
    last_school_name: Text | None = None
    last_attendance: date | None = None
    off_roll: date | None = None
    ground: Text | None = None
    named_school: Text | None = None
    named_school_name: Text | None = None


class Done(Body):
    """One enquiry made: when and of what sort."""

    on: date
    what: Text


class Officer(Body):
    """The named person to ring."""

    name: Text
    email: Text = ""
    phone: Text = ""


class Opening(Body):
    """An enquiry or a referral."""

    asked: Text
    officer: Officer
    legal: Text
    notice: Long
    urgent: bool = False
    marking: Text = "OFFICIAL-SENSITIVE"
    child: Child
    last_address: Address | None = None
    believed_address: Address | None = None
    parents: list[Parent] = Field(default_factory=list, max_length=20)
    siblings: list[Text] = Field(default_factory=list, max_length=20)
    education: Education = Field(default_factory=Education)
    needs: dict[Text, bool] = Field(default_factory=dict, max_length=20)
    enquiries: list[Done] = Field(default_factory=list, max_length=100)
    rehearsal: bool = False


class AnswerBody(Body):
    """What the other authority says, and who said it."""

    about: Id
    answer: Answer
    officer: Officer
    answered_at: datetime
    reference: Text | None = None
    school: Text | None = None
    school_name: Text | None = None
    since: date | None = None
    reason: Text | None = None
    redirect_to: La | None = None


class WithdrawalBody(Body):
    """It is no longer needed: the child was found."""

    about: Id
    reason: Text


class ReceiptBody(Body):
    """These exact bytes arrived, and whether they were taken."""

    about: Id
    sha256: Sha256
    received_at: datetime
    verdict: Annotated[str, StringConstraints(pattern=r"^(accepted|refused)$")]
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{0,60}$")] = ""


SHAPES: dict[MessageKind, type[Body]] = {
    MessageKind.ENQUIRY: Opening, MessageKind.REFERRAL: Opening, MessageKind.ANSWER: AnswerBody,
    MessageKind.WITHDRAWAL: WithdrawalBody, MessageKind.RECEIPT: ReceiptBody,
}


class BadBodyError(ValueError):
    """A payload that is not what its kind says; the places that are wrong, without their values."""


def read_body(kind: MessageKind, payload: bytes) -> dict[str, Any]:
    """The fields of a payload as plain values, or BadBodyError. What was left out is left out."""
    try:
        return SHAPES[kind].model_validate_json(payload).model_dump(mode="json", exclude_unset=True)
    except ValidationError as error:
        places = sorted({".".join(str(part) for part in fault["loc"][:2]) or "the whole" for fault in error.errors()})
        raise BadBodyError(", ".join(places[:5])) from None   # the cause would print the child's values


def write_body(kind: MessageKind, body: dict[str, Any]) -> bytes:
    """The canonical payload; what we send is held to what we take."""
    payload = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    read_body(kind, payload)
    return payload
