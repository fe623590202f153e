"""A case: one child's episode of missing education, from opening to a closing with evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class CaseState(StrEnum):
    """Provisional: it rests on a held row. Held-unresolved: enquiries are exhausted, watched until found."""

    PROVISIONAL = "provisional"
    OPEN = "open"
    HELD_UNRESOLVED = "held-unresolved"
    CLOSED = "closed"


class Category(StrEnum):
    """The six categories of the council's policy, in its order."""

    NEVER_ACCESSED = "never-accessed-education"
    NO_DESTINATION = "left-without-confirmed-destination"
    FAILED_TRANSFER = "failed-to-transfer-between-key-stages"
    WITHDRAWN = "withdrawn-by-parent-or-carer"
    PLACE_NOT_TAKEN = "failed-to-take-up-accepted-place"
    EHE_NOT_ENGAGED = "failed-to-engage-with-home-education"


@dataclass(frozen=True, slots=True)
class Case:
    """One episode for one child. ``checklist`` holds Ealing's four items: each known, or still to be enquired."""

    id: str
    child: str
    category: Category
    state: CaseState
    opened_at: datetime
    reason: str                   # why it was opened, a sentence without the child's data
    movement: str | None = None
    parcel: str | None = None
    last_school: str | None = None      # LAESTAB
    responsible_la: str | None = None
    destination: str | None = None      # sealed: as the school named it
    risk_factors: tuple[str, ...] = ()
    checklist: Mapping[str, bool] = field(default_factory=dict)
    clocks: tuple[tuple[str, date], ...] = ()     # (name, due)
    restricted: bool = False
    owner: str | None = None
    closed_at: datetime | None = None
    closing: Mapping[str, Any] | None = None      # sealed: evidence, by whom
    told: Mapping[str, Any] | None = None         # sealed: the child's particulars, where a person told them and no row did


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of a case's timeline: what happened, when, by whom; ``text`` is sealed."""

    id: str
    case: str
    at: datetime
    actor: str
    what: str                     # "opened", "note", "enquiry", "assigned", "referral-released", "closed", …
    text: str = ""
