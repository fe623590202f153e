"""What matching gives to routing: each row with the movement and the child it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.matching.child import Child
from gateway.domain.parcels.stages import Checked
from gateway.domain.returns.corrections import Correction
from gateway.domain.returns.movement import Movement
from gateway.domain.returns.record import PupilRecord


class Sent(StrEnum):
    """How a row stands to what was sent before."""

    NEW = "new"
    REPEATED = "repeated"         # the same movement with the same content: nothing follows
    CORRECTED = "corrected"       # it supersedes ``earlier``
    PERHAPS = "perhaps"           # it may correct ``earlier`` or be a known child: a person decides first


@dataclass(frozen=True, slots=True)
class Doubt:
    """A child that this record may be about, with the evidence as sentences without values."""

    candidate: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchedRow:
    """One row: its movement (new, or the one it repeats), and the child as known today.

    ``others`` are all rows of the file about this movement, where they are several; ``differ`` when they do not say the same.
    ``put_right``: held rows that had been read as other movements.
    """

    record: PupilRecord
    sent: Sent
    movement: Movement
    child: Child
    earlier: Movement | None = None
    how: str = ""
    evidence: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    others: tuple[PupilRecord, ...] = ()
    differ: bool = False
    put_right: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """A parcel whose rows know their children."""

    parcel: str
    checked: Checked
    rows: tuple[MatchedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """A parcel whose effects are written, in the caller's transaction."""

    parcel: str
    receipt: str
    counts: tuple[tuple[str, int], ...] = ()
