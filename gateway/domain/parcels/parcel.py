"""A parcel as the case store keeps it, its receipts, and the jobs that move it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from gateway.domain.parcels.kinds import Channel, Kind, Verdict


class ParcelState(StrEnum):
    """Where a parcel stands."""

    RECEIVED = "received"
    HELD = "held"
    SETTLED = "settled"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One arrival the gateway has taken responsibility for. Unique: sender, sha256, week."""

    id: str
    sender: str
    channel: Channel
    name: str                     # sealed: file names carry children's names
    sha256: str
    size: int
    blob: str                     # the vault's key of its age file
    week: date                    # Monday of the reporting week
    received_at: datetime
    kind: Kind = Kind.UNKNOWN
    state: ParcelState = ParcelState.RECEIVED
    verdict: Verdict | None = None
    settled_at: datetime | None = None
    rows_read: int = 0
    rows_accepted: int = 0
    rows_held: int = 0
    reading: int = 0              # how often it was read; rules and register may change
    checked: Mapping[str, Any] = field(default_factory=dict)   # sealed: Checked.to_json(records=False)


class ReceiptStage(StrEnum):
    """Received: these exact bytes are safe. Processed: row by row, what was done."""

    RECEIVED = "received"
    PROCESSED = "processed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is needed to render a receipt again byte for byte. Unique: parcel, stage, reading."""

    id: str
    parcel: str
    stage: ReceiptStage
    reading: int
    leaf: str                     # id of the ledger leaf it proves
    at: datetime
    body: Mapping[str, Any]       # sealed: what it says, without values from the file
    note: str | None = None       # the signed note, once the leaf has an index
    path: str | None = None       # where it was left, relative to the home


class JobState(StrEnum):
    """Where a job stands. Held: tried as often as allowed, waits for a person."""

    READY = "ready"
    LEASED = "leased"
    DONE = "done"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done, once for each key. ``fence`` grows at each claim; a worker whose fence is old cannot commit."""

    id: str
    kind: str                     # "process", "receipt", "deliver", "handover", "instruct", "alert", "timer", …
    key: str                      # unique over all jobs: enqueueing it again changes nothing
    due_at: datetime
    dated_at: datetime            # when ``due_at`` was set, by a clock that may have been wrong
    turn: datetime                # of the jobs that are due, the one with the earliest turn is next; see ``turns``
    line: str | None = None       # jobs of one kind and line are done one after the other, in order of their turns
    payload: Mapping[str, Any] = field(default_factory=dict)   # sealed
    state: JobState = JobState.READY
    attempts: int = 0
    fence: int = 0
    lease_owner: str | None = None
    lease_until: datetime | None = None
    last_error: str | None = None  # a code and a sentence, never a child's data
