"""What the pipeline needs from outside, each contract in a sentence. Adapters, schemas and keys implement these.

Those through which things leave the house are in ``outward``, those of sealing and signing in ``sealing``; they are ports like
the others, and are imported from here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from gateway.absent import NoCourier, NoPages
from gateway.domain.actor import Actor
from gateway.domain.cases.case import Case, CaseEvent
from gateway.domain.cases.waiting import Handover, Hold
from gateway.domain.ledger.leaf import Checkpoint, Leaf
from gateway.domain.matching.child import Child, EvidenceKey, Suggestion
from gateway.domain.parcels.kinds import Channel
from gateway.domain.parcels.parcel import Job, Parcel, Receipt
from gateway.domain.parcels.stages import Checked, Offered
from gateway.domain.policy import Policy
from gateway.domain.referrals.referral import Referral
from gateway.domain.register.establishments import Register
from gateway.domain.returns.movement import Movement
from gateway.domain.s2s.batch import Batch, BatchFile, Instruction
from gateway.errors import RefusedError
from gateway.outward import Courier as Courier
from gateway.outward import Notice as Notice
from gateway.outward import Notifier as Notifier
from gateway.outward import Outbox as Outbox
from gateway.outward import Outgoing as Outgoing
from gateway.outward import Pages as Pages
from gateway.outward import ReceiptPress as ReceiptPress
from gateway.sealing import Blinder as Blinder
from gateway.sealing import FieldSealer as FieldSealer
from gateway.sealing import FileSealer as FileSealer
from gateway.sealing import Notary as Notary
from gateway.sealing import NoteChecker as NoteChecker
from gateway.sealing import SealingStream as SealingStream

T = TypeVar("T")


# ── time, chance ────────────────────────────────────────────────────────────────────────────────────────────────────

class Clock(Protocol):
    """Tells the time. In a rehearsal home it tells the time that was set, and never goes back."""

    def now(self) -> datetime: ...          # aware, UTC
    def today(self) -> date: ...            # in Europe/London


class Ids(Protocol):
    """Gives identifiers: a prefix letter, then Crockford base32 that sorts by time; unguessable."""

    def new(self, prefix: str) -> str: ...  # "P" parcel, "C" case, "M" movement, "H" hold, "R" referral, …


# ── receiving ───────────────────────────────────────────────────────────────────────────────────────────────────────

class Claimed(Protocol):
    """A file that is ours alone: out of the sender's reach by name, open by descriptor, not yet deleted."""

    name: str                                # as the sender wrote it
    claim: str                               # our id, under which recovery finds it
    size: int                                # bytes, when it was claimed
    refusal: RefusedError | None             # why it may not be read: its chunks are then a description of what lay there

    def chunks(self) -> Iterator[bytes]: ...
    def recheck(self, size: int) -> None: ...    # RetryableError when it changed while it was read
    def release(self) -> None: ...           # back under its own name, untouched
    def finish(self) -> None: ...            # delete and make the deletion durable; safe to repeat


class Inbox(Protocol):
    """A place where files arrive: a drop folder, a remote folder over SFTP, a peer's folder."""

    sender: str
    channel: Channel

    def ready(self, now: float) -> Sequence[str]: ...      # names whose upload is finished
    def growing(self) -> bool: ...                          # something there is not finished yet
    def claim(self, name: str) -> Claimed: ...              # RetryableError: gone or changed
    def abandoned(self) -> Sequence[Claimed]: ...           # claims of a run that died: recovery takes them from step 4
    def watch(self, wake: Callable[[], None]) -> AbstractContextManager[None]: ...


class BlobWriter(Protocol):
    """Seals while writing. Nothing is visible before ``publish``."""

    def write(self, chunk: bytes) -> None: ...              # DiskError
    def publish(self, key: str) -> None: ...                # fsync, link, fsync the folder; the same key again is success
    def discard(self) -> None: ...


class Vault(Protocol):
    """Sealed files by key. What it gave back was proven whole."""

    def begin(self) -> BlobWriter: ...
    def read(self, key: str) -> bytes: ...                  # TamperError when it does not open
    def exists(self, key: str) -> bool: ...
    def keys(self) -> Iterator[tuple[str, int]]: ...        # key, sealed size in bytes
    def remove(self, key: str) -> None: ...


class Examiner(Protocol):
    """Screens, reads and checks bytes in a process that can do nothing else. A crash there is a refusal with a reason."""

    def examine(self, offered: Offered) -> Checked: ...
    def annotate(self, offered: Offered, checked: Checked) -> bytes | None: ...   # the sender's own workbook, marked; XLSX
    def close(self) -> None: ...


# ── the case store ──────────────────────────────────────────────────────────────────────────────────────────────────

class Repository(Protocol[T]):
    """The rows of one entity. ``where`` takes plain (unsealed) columns; a tuple, list or set as value means any of, and
    ``due__upto=``, ``__before=``, ``__since=``, ``__after=`` behind a name are bounds (None never lies within one)."""

    def add(self, *items: T) -> None: ...                   # ConflictError when a unique key exists: none was added
    def add_new(self, item: T) -> bool: ...                 # False, and nothing changed, when a unique key exists
    def save(self, *items: T) -> None: ...                  # by id
    def get(self, id: str) -> T: ...                        # UsageError NO-SUCH-… when there is none
    def find(self, id: str) -> T | None: ...
    def where(self, *, limit: int | None = None, **equal: Any) -> list[T]: ...   # in order of id (time)
    def count(self, **equal: Any) -> int: ...


class Parcels(Repository[Parcel], Protocol):
    """Parcels, and how much a sender gave."""

    def given(self, sender: str, since: datetime, before: datetime) -> tuple[int, int]: ...    # parcels and bytes


class Children(Repository[Child], Protocol):
    """Children, found by blinded evidence."""

    def sharing(self, keys: Iterable[EvidenceKey]) -> dict[EvidenceKey, list[Child]]: ...


class Movements(Repository[Movement], Protocol):
    """Movements, found by the blinded key of the same movement sent again."""

    def by_key(self, keys: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], Movement]: ...


class Jobs(Protocol):
    """The job table. Every change of a claimed job checks its fence: LeaseLostError when another worker has it."""

    def enqueue(self, kind: str, key: str, now: datetime, payload: Mapping[str, Any] | None = None, *,
                due_at: datetime | None = None, turn: datetime | None = None, line: str | None = None) -> bool: ...
    # No ``due_at``: due at once. No turn: when it is due. No line: any order.
    def cancel(self, key: str) -> None: ...                 # READY jobs only
    def claim(self, owner: str, now: datetime, lease_seconds: float, limit: int,
              kinds: Sequence[str], *, but: Collection[str] = ()) -> list[Job]: ...     # ``but``: ids in the claimer's hands
    def finish(self, job: Job) -> None: ...
    def retry(self, job: Job, due_at: datetime, error: str, *, counted: bool = True) -> None: ...   # else no attempt was made
    def hold(self, job: Job, error: str) -> None: ...
    def give_back(self, job: Job) -> None: ...              # not begun: as if it had not been claimed
    def renew(self, job: Job, until: datetime) -> Job: ...
    def any_due(self, now: datetime, kinds: Sequence[str], *,
                but: Collection[str] = ()) -> bool: ...             # READY and due, or lease expired
    def take_up(self, owner: str, now: datetime) -> None: ...    # a start: a former run's leases, and failed jobs, are due
    def put_right(self, now: datetime) -> list[tuple[Job, timedelta]]: ...    # the clock went back: dated ahead, and by how much
    def where(self, *, limit: int | None = None, **equal: Any) -> list[Job]: ...
    def wake(self, key: str, now: datetime) -> None: ...    # a held or waiting job is due at once


class Leaves(Protocol):
    """The ledger's entries. ``append`` is part of the caller's transaction; numbering comes later."""

    def append(self, kind: str, subject: str, actor: Actor, at: datetime, facts: Mapping[str, Any]) -> Leaf: ...
    def get(self, id: str) -> Leaf: ...
    def unsequenced(self, limit: int) -> list[Leaf]: ...
    def number(self, leaves: Sequence[tuple[Leaf, int, bytes]]) -> None: ...    # leaf, index, leaf hash
    def range(self, start: int, stop: int) -> list[tuple[Leaf, bytes]]: ...    # numbered entries with stored hashes
    def size(self) -> int: ...
    def next_number(self, start: int) -> int | None: ...    # the lowest number given that is not below ``start``
    def nodes(self, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]: ...   # (level, index) → hash
    def put_nodes(self, nodes: Mapping[tuple[int, int], bytes]) -> None: ...
    def count_nodes(self) -> int: ...
    def put_checkpoint(self, checkpoint: Checkpoint) -> None: ...
    def last_checkpoint(self) -> Checkpoint | None: ...
    def checkpoints(self, after: int, limit: int) -> list[tuple[int, Checkpoint | None]]: ...   # as kept; None: unreadable


class Access(Protocol):
    """Who read which child's record, and why."""

    def note(self, actor: Actor, at: datetime, what: str, subject: str) -> None: ...
    def entries(self, subject: str | None = None) -> list[Mapping[str, Any]]: ...


class Settings(Protocol):
    """Small durable facts: sequences, marks, versions of rules and register."""

    def get(self, key: str) -> str | None: ...
    def put(self, key: str, value: str) -> None: ...
    def next(self, sequence: str) -> int: ...               # 1, 2, 3 … never the same twice


class Transaction(Protocol):
    """Everything one act changes, committed together or not at all."""

    parcels: Parcels
    receipts: Repository[Receipt]
    children: Children
    suggestions: Repository[Suggestion]
    movements: Movements
    cases: Repository[Case]
    events: Repository[CaseEvent]
    holds: Repository[Hold]
    handovers: Repository[Handover]
    referrals: Repository[Referral]
    batches: Repository[Batch]
    files: Repository[BatchFile]
    instructions: Repository[Instruction]
    jobs: Jobs
    leaves: Leaves
    access: Access
    settings: Settings

    def savepoint(self) -> AbstractContextManager[None]: ...


class Store(Protocol):
    """The case store. ``writing`` begins at once as the only writer; ``reading`` sees one consistent state."""

    def writing(self) -> AbstractContextManager[Transaction]: ...
    def reading(self) -> AbstractContextManager[Transaction]: ...
    def close(self) -> None: ...


# ── days ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

class Calendar(Protocol):
    """School days: weekdays in term that are no bank holiday, for an authority or one school."""

    def is_school_day(self, day: date, laestab: str | None = None) -> bool: ...
    def after(self, start: date, days: int, laestab: str | None = None) -> date: ...
    # the n-th school day after ``start`` (day 0): due when that day has ended


@dataclass(frozen=True, slots=True)
class Ports:
    """The world, as bootstrap put it together and the pipeline sees it."""

    store: Store
    vault: Vault
    examiner: Examiner
    notary: Notary
    press: ReceiptPress
    notifier: Notifier
    clock: Clock
    ids: Ids
    calendar: Calendar
    register: Register
    policy: Policy
    answers: Callable[[str, Channel], Outbox | None]     # where a sender's receipts go; None: nowhere to answer
    outboxes: Callable[[str], Outbox]                    # by purpose: "peer:991", "handover:ehe", "s2s:2026-11-16", …
    courier: Courier = field(default_factory=NoCourier)
    pages: Pages = field(default_factory=NoPages)
