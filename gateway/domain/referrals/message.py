"""What travels between authorities, before it is sealed and after it was proven.

1. An envelope is what the signed manifest says. Nothing inside it is believed before its signature verified under the
   key that is pinned for the authority it says it is from.
2. A package's id is the referral's message id, with a suffix for what is said about it: ``-A1`` an answer, ``-W1`` a
   withdrawal, ``-R`` and eight digits of a hash the receipt of a package. So every package says by its name which exchange
   it belongs to.
3. A referral and an enquiry begin an exchange; the other three speak about one that began.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from gateway.errors import RefusedError

PACKAGE_LIFETIME = timedelta(days=30)   # a package older than that is a replay or a very late post: both go to a person


class MessageKind(StrEnum):
    """The five messages of the exchange."""

    ENQUIRY = "enquiry"
    REFERRAL = "referral"
    ANSWER = "answer"
    WITHDRAWAL = "withdrawal"
    RECEIPT = "receipt"

    @property
    def begins(self) -> bool:
        """Whether it begins an exchange."""
        return self in (MessageKind.ENQUIRY, MessageKind.REFERRAL)


@dataclass(frozen=True, slots=True)
class Envelope:
    """The manifest's words: from whom, to whom, what, until when. ``sha256`` and ``size`` are the payload's."""

    id: str
    kind: MessageKind
    sender: str                   # three digits
    recipient: str
    created: datetime
    expires: datetime
    sha256: str = ""
    size: int = 0

    @property
    def message(self) -> str:
        """The id of the exchange it belongs to."""
        return message_of(self.id)


@dataclass(frozen=True, slots=True)
class Message:
    """An envelope and its payload, parsed strictly."""

    envelope: Envelope
    body: Mapping[str, Any] = field(repr=False)


class PackageError(RefusedError):
    """A package that may not be believed. ``proven`` holds the envelope when the signature verified: someone can be told."""

    def __init__(self, message: str, *, code: str, hint: str, proven: Envelope | None = None) -> None:
        super().__init__(message, code=code, hint=hint)
        self.proven = proven


def message_of(package: str) -> str:
    """The exchange a package id belongs to."""
    return package.split("-", 1)[0]


def receipt_id(package: str, sha256: str) -> str:
    """The id of the receipt of a package: of these exact bytes."""
    return f"{package}-R{sha256[:8]}"


def answer_id(message: str, number: int) -> str:
    """The id of the n-th answer in an exchange."""
    return f"{message}-A{number}"


def withdrawal_id(message: str) -> str:
    """The id of the withdrawal of an exchange; there is one."""
    return f"{message}-W1"


def wire_name(envelope: Envelope, sha256: str) -> str:
    """The name a sealed package travels under: codes, an id and eight digits of its hash, nothing about a child."""
    return f"{envelope.sender}-{envelope.recipient}-{envelope.id}-{sha256[:8]}.age"


_ID = r"[A-Za-z0-9]{1,40}"
_ABOUT = rf"{_ID}(-A[0-9]{{1,3}}|-W1)?"
_SHAPES = {
    MessageKind.ENQUIRY: re.compile(_ID), MessageKind.REFERRAL: re.compile(_ID),
    MessageKind.ANSWER: re.compile(rf"{_ID}-A[0-9]{{1,3}}"), MessageKind.WITHDRAWAL: re.compile(rf"{_ID}-W1"),
    MessageKind.RECEIPT: re.compile(rf"{_ABOUT}-R[0-9a-f]{{8}}"),
}


def is_id_of(kind: MessageKind, package: str) -> bool:
    """Whether a package of that kind can have that id. Ids become names of files: nothing else passes."""
    return package.isascii() and _SHAPES[kind].fullmatch(package) is not None


def begun(message_id: str, kind: MessageKind, sender: str, recipient: str, now: datetime) -> Envelope:
    """An envelope written now."""
    return Envelope(id=message_id, kind=kind, sender=sender, recipient=recipient, created=now, expires=now + PACKAGE_LIFETIME)
