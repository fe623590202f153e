"""A movement: one child leaving or joining one school on one date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gateway.domain.returns.record import MovementKind, PupilRecord


class MovementState(StrEnum):
    """Where a movement stands in reconciliation."""

    NOTED = "noted"               # nothing more is expected
    AWAITED = "awaited"           # a leaver whose joiner is expected
    OVERDUE = "overdue"           # the joiner did not come in time: a hold
    MATCHED = "matched"           # the other half was found
    PENDING = "pending"           # dated ahead, or waiting for a person: nothing was routed yet
    HELD = "held"                 # rests on a held row
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"       # a correction took it away


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement; ``key`` names the same movement sent again (school, kind, normalised name, date of birth, date)."""

    id: str
    parcel: str
    child: str
    kind: MovementKind
    school: str                   # LAESTAB
    moved_on: date | None
    key: tuple[str, ...]          # blinded by the store
    record: PupilRecord           # sealed
    state: MovementState = MovementState.NOTED
    matched_with: str | None = None
    superseded_by: str | None = None
    held: bool = False
    due: date | None = None       # when an awaited joiner is overdue, a held row provisional
    noted_at: datetime | None = None
