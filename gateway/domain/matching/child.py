"""A child as the gateway knows it, and suggestions that two of them are one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

EvidenceKey = tuple[str, str]     # (sort of evidence, normalised text), such as ("upn", "A990…"): blinded by the store


@dataclass(frozen=True, slots=True)
class Child:
    """One child. Two records become one child on certain evidence or a person's decision, never silently."""

    id: str
    legal_surname: str            # sealed, like all identifying columns below
    legal_forename: str | None
    dob: date | None
    upn: str | None               # verified only
    postcode: str | None = None
    keys: tuple[EvidenceKey, ...] = ()
    restricted: bool = False
    address_protected: bool = False
    same_as: str | None = None    # a person joined this record to that child; undone by clearing it


def root_of(child: Child, get: Callable[[str], Child]) -> Child:
    """The child as known today: the record to which this one was joined, over any number of steps."""
    while child.same_as:
        child = get(child.same_as)
    return child


class SuggestionState(StrEnum):
    """What a person said of a suggestion."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two records that may be one child, with the evidence side by side. Unique: child, candidate, movement.

    Where both are one record, only the movement is in question: whether this joiner answers the child's leaver.
    """

    id: str
    child: str
    candidate: str
    evidence: tuple[str, ...]     # sentences without values: "same date of birth", "surname sounds alike"
    since: datetime
    state: SuggestionState = SuggestionState.OPEN
    movement: str | None = None   # what waits for the answer
    case: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None

    @property
    def of_closing(self) -> bool:
        """Whether it asks no more than whether a joiner of this child answers."""
        return self.child == self.candidate
