"""The week's S2S basket and the instructions to schools."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class BatchState(StrEnum):
    """Built, then released by a person, then uploaded and confirmed by a person."""

    BUILT = "built"
    RELEASED = "released"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Batch:
    """One week's basket; immutable after its release. Unique: week."""

    id: str
    week: date
    state: BatchState
    built_at: datetime
    released_by: str | None = None
    released_at: datetime | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BatchFile:
    """One file for upload. ``do_not_upload``: the child was found, even after release."""

    id: str
    batch: str
    name: str                     # S2S convention, such as 990LLLL_CTF_9922020_001.xml
    pupils: int
    size: int
    blob: str                     # the vault's key
    case: str | None = None
    do_not_upload: bool = False
    uploaded: bool | None = None


class InstructionState(StrEnum):
    """Where an instruction to a school stands."""

    WAITING = "waiting"           # enquiries or days still lacking
    READY = "ready"               # goes with the next batch
    SENT = "sent"
    CONFIRMED = "confirmed"       # the school's own CTF or word shows it done
    WITHDRAWN = "withdrawn"       # the child was found


@dataclass(frozen=True, slots=True)
class Instruction:
    """Tell a school to upload its own lost-pupil CTF. Unique: case."""

    id: str
    school: str
    case: str
    state: InstructionState
    since: datetime
    destination: str              # XXXXXXX or MMMMMMM
    batch: str | None = None
    sent_at: datetime | None = None
    confirmed_at: datetime | None = None
    evidence: str | None = None
