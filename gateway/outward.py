"""The ports through which things leave the house, each contract in a sentence. ``ports`` gives them to everyone else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from gateway.domain.parcels.stages import Delivered
from gateway.domain.referrals.contact import Contact
from gateway.domain.referrals.message import Message
from gateway.domain.s2s.own_file import OwnFile


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something sealed, or a page without a child's data, ready to leave. ``name`` is an id or a conventional name."""

    job: str
    to: str                       # authority, sender or team
    name: str
    content: bytes


class Outbox(Protocol):
    """Takes one thing to one place. Safe to call twice: the same name with the same hash is success."""

    def deliver(self, outgoing: Outgoing, at: datetime) -> Delivered: ...   # PartnerUnavailableError, TamperError
    def withdraw(self, name: str) -> bool: ...   # takes back what still lies there; False: nothing does


class Courier(Protocol):
    """Seals a message under the key of the authority it names, and no other; opens what came, proving it before reading it."""

    def contact(self, authority: str) -> Contact | None: ...
    def contacts(self) -> Sequence[Contact]: ...
    def seal(self, message: Message) -> bytes: ...          # ConfigError: no contact, no key
    def open(self, sealed: bytes, sender: str, at: datetime) -> Message: ...   # PackageError


class Pages(Protocol):
    """Renders what was decided: instructions, checklists and hand-overs to read; Common Transfer Files of ours. Pure."""

    def page(self, name: str, facts: Mapping[str, Any]) -> bytes: ...
    def transfer(self, file: OwnFile) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to a person about something that waits, never with a child's data."""

    to: tuple[str, ...]           # e-mail addresses; the folder notifier ignores them
    subject: str
    text: str
    key: str                      # the same notice is the same key


class Notifier(Protocol):
    """Tells people. Raises RetryableError when it could not."""

    def tell(self, notice: Notice) -> None: ...


class ReceiptPress(Protocol):
    """Renders a signed note as the page a school opens, and as JSON; pure, the same note gives the same bytes."""

    def bare(self, facts: Mapping[str, Any]) -> bytes: ...  # the page without note and data: what the note is signed over
    def page(self, note: str, facts: Mapping[str, Any], digest: str | None = None) -> bytes: ...    # of the bare page
    def data(self, note: str, facts: Mapping[str, Any]) -> bytes: ...
