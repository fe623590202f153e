"""What waits for a person: holds, and hand-overs to other teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from gateway.domain.actor import Role


class HoldState(StrEnum):
    """Whether a hold still waits, and how it ended."""

    OPEN = "open"
    RELEASED = "released"
    REJECTED = "rejected"
    LAPSED = "lapsed"             # what it waited for happened by itself


@dataclass(frozen=True, slots=True)
class Hold:
    """Stopped for a person.

    ``what``: rows, file, sender, confirm-destination, suggested-match, overdue, urgent, release, …; ``choices`` names them all.
    """

    id: str
    what: str
    about: str                    # id of the parcel, movement, suggestion, referral, job or case it stops
    reason: str                   # a sentence without the child's data
    since: datetime
    key: str                      # unique: the same thing is held once
    state: HoldState = HoldState.OPEN
    child: str | None = None
    case: str | None = None
    cleared_by: str | None = None
    cleared_at: datetime | None = None
    cleared_reason: str | None = None
    details: Mapping[str, Any] | None = None     # sealed: what is needed to clear it, such as what a first person proposed

    @property
    def clears_with(self) -> str:
        """What to type: it shows what waits and what can be done about it, and changes nothing when it is pasted."""
        return f"gateway show {self.id}"


def held_now(known: Hold | None, wanted: Hold, *, anew: bool = False) -> Hold:
    """What stands under a hold's key when the same thing is to be held (again): the one way to hold.

    1. The same thing is held once: while it waits, ``known`` stays as it is.
    2. It waits again, under its old id, when it had lapsed by itself. What a person cleared stays cleared.
    3. ``anew``: what happens again each time (a guard's doubt, a refused package, an answer) waits again whoever cleared it, and
       says what is the matter now.
    """
    if known is None:
        return wanted
    waits_again = known.state is HoldState.LAPSED or (anew and known.state is not HoldState.OPEN)
    if not waits_again:
        return replace(known, reason=wanted.reason, details=wanted.details) if anew else known
    return replace(known, about=wanted.about, reason=wanted.reason, since=wanted.since, state=HoldState.OPEN, cleared_by=None,
                   cleared_at=None, cleared_reason=None, details=wanted.details)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two different people who agreed to one act; without it such an act cannot be done."""

    first: str                    # operating-system users
    second: str
    roles: frozenset[Role]        # of both

    def __post_init__(self) -> None:
        if self.first == self.second:
            raise ValueError(f"two people were expected, {self.first} is one")


@dataclass(frozen=True, slots=True)
class Handover:
    """A child handed to a named team's folder; open until that team acknowledges."""

    id: str
    team: str
    child: str
    reason: str
    since: datetime
    key: str                      # unique
    case: str | None = None
    movement: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)   # sealed: what the team needs
    path: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
