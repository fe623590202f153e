"""The real store of one machine: each statement is a step, may fail as a disk fails, and what is committed is written down.

1. Several machines have stores of their own on one file, as processes have.
2. The lock that SQLite and the process keep is kept here, because nobody may wait in it while the others stand still: the same
   order, the same patience, the same error.
3. A commit may fail before it happened, or be done and yet answer with an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from adapters.store import SqlStore
from adapters.store.dialects.dialect import Fault
from adapters.store.faults import error_of
from adapters.store.sealing import Seals
from gateway.domain.parcels.parcel import Job
from gateway.ports import Ids, Jobs, Transaction
from keys.fields import SealedFields
from keys.index import BlindIndex
from tests.contracts.store.rooms import FIELD_KEY, INDEX_KEY
from tests.simulation.history import CLAIM, ENQUEUE, FINISH, HOLD, RENEW, RETRY, Act, History
from tests.simulation.statements import COMMIT, COMMITTED, Connection, ToldSqlite, failure
from tests.simulation.turns import LONGEST_SLEEP, Died, Machine, Turns

BUSY_SECONDS = 10.0           # as long as the store waits for another process


class WriterLock:
    """One writer at a time on a file, whichever machine it works on."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._holder: object = None

    @contextmanager
    def held(self, machine: Machine) -> Iterator[None]:
        """Wait for it as a process does."""
        turns, began = self._turns, self._turns.time
        if self._holder is not None and self._holder is turns.me:
            raise RuntimeError("writing() inside writing() of the same worker")
        while self._holder is not None:
            if turns.time - began > BUSY_SECONDS:
                turns.noted("store busy")
                raise error_of(Fault.BUSY, "SQLITE_BUSY")
            turns.pause(turns.chance.choice((0.01, 0.1, 1.0)))
        if not machine.alive:
            raise Died
        self._holder = turns.me or self
        try:
            yield
        finally:
            self._holder = None


@dataclass(frozen=True, slots=True)
class Post:
    """Whose store it is for the time being."""

    path: Path
    turns: Turns
    machine: Machine
    lock: WriterLock
    history: History
    ids: Ids


class _Dialect(ToldSqlite):
    """The real dialect on the file of whoever has it. Also its ids: ``ports.Ids``."""

    def __init__(self, post: Post) -> None:
        super().__init__(post.path, self._told)
        self.acts: list[Act] = []
        self.taken_by(post)

    def taken_by(self, post: Post) -> None:
        """Another machine, another file. The engine is kept: SQLAlchemy compiles each statement once for it."""
        self._post = post
        self._uri = f"file:{post.path}"

    def new(self, prefix: str) -> str:
        return self._post.ids.new(prefix)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The lock above, for the process and for the file."""
        with self._post.lock.held(self._post.machine):
            self.acts = []
            yield

    def _told(self, connection: Connection, sql: str) -> None:
        turns, weather = self._post.turns, self._post.turns.weather
        if sql == COMMITTED and connection.writes:
            self._post.history.committed(self._post.path.stem, self.acts, turns.time)
            if any(act.what not in (CLAIM, ENQUEUE) for act in self.acts):
                turns.ring()
            self.acts = []
        turns.step(self._post.machine, BUSY_SECONDS * 2 if connection.writes else LONGEST_SLEEP)
        if not weather.blows:
            return
        if sql == COMMITTED:
            if turns.chance.random() < weather.unknown:
                turns.noted("commit unknown")
                raise failure("SQLITE_IOERR")
        elif turns.chance.random() < weather.store:
            turns.noted("store failed")
            writes = connection.writes or sql == COMMIT
            raise failure(turns.chance.choice(("SQLITE_IOERR", "SQLITE_FULL", "SQLITE_BUSY") if writes else ("SQLITE_IOERR",)))


class WitnessedStore:
    """Implements ``ports.Store`` by the real one. ``close`` puts it back for the next."""

    def __init__(self, post: Post) -> None:
        if _KEPT:
            self._dialect, self._store = _KEPT.pop()
            self._dialect.taken_by(post)
        else:
            self._dialect = _Dialect(post)
            self._store = SqlStore(self._dialect, _SEALS, self._dialect)
        self.reading = self._store.reading

    def taken_by(self, post: Post) -> None:
        """Another machine has it now."""
        self._dialect.taken_by(post)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """As the real one; what is done to jobs is noted."""
        with self._store.writing() as tx:
            tx.jobs = cast(Jobs, _WitnessedJobs(tx.jobs, self._dialect))
            yield tx

    def close(self) -> None:
        """Hang up."""
        self._store.close()
        _KEPT.append((self._dialect, self._store))


_KEPT: list[tuple[_Dialect, SqlStore]] = []
_SEALS = Seals(SealedFields([FIELD_KEY]), BlindIndex(INDEX_KEY))


class _WitnessedJobs:
    """Implements ``ports.Jobs`` by the real ones; what was done counts when it is committed."""

    def __init__(self, jobs: Jobs, dialect: _Dialect) -> None:
        self._jobs = jobs
        self._dialect = dialect

    def __getattr__(self, name: str) -> Any:
        act = getattr(self._jobs, name)
        if name not in (FINISH, RETRY, HOLD, RENEW):
            return act

        def done(job: Job, *given: Any, **named: Any) -> Any:
            answer = act(job, *given, **named)
            self._dialect.acts.append(Act(name, job.key, job.fence))
            return answer

        return done

    def claim(self, *given: Any, **named: Any) -> list[Job]:
        """Claims, with their fences."""
        claimed = self._jobs.claim(*given, **named)
        self._dialect.acts += [Act(CLAIM, job.key, job.fence, job.attempts, job.turn) for job in claimed]
        return claimed

    def enqueue(self, kind: str, key: str, now: datetime, *given: Any, **named: Any) -> bool:
        """New jobs, with their turns."""
        added = self._jobs.enqueue(kind, key, now, *given, **named)
        if added:
            self._dialect.acts.append(Act(ENQUEUE, key, 0, turn=named.get("turn") or named.get("due_at") or now))
        return added
