"""The job table.

1. A job's key is unique for ever: enqueueing it again, even when it is done, changes nothing.
2. Claiming gives a lease and a new fence, and counts the attempt, so that a job which kills its worker is counted too.
   Expired leases go first, then what is due, by its turn: as a rule the moment it fell due, later for a sender who gives much.
   What the claimer has in its hands (``but``) is not claimed from it: a lease that was kept too late is no attempt.
   A job whose line has an earlier one at work, or soon to be tried again, is passed over; after ``PATIENCE`` tries the line
   goes on without that one, for an urgent flag may stand in what waits behind it.
3. Every change of a claimed job demands its fence and changes exactly one row, else LeaseLostError: a worker that slept
   past its lease can commit nothing.
4. ``finish`` stands in the transaction of the job's effects: both or neither.
5. A date is worth no more than the clock that gave it: ``put_right`` gives back what a clock that ran ahead put out of reach.
   A line's order stays as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Exists, Select, and_, bindparam, exists, or_, select, update

from adapters.store.columns import micros
from adapters.store.rows import Rows
from adapters.store.session import Session
from adapters.store.tables.jobs import JOBS
from gateway.domain.parcels.parcel import Job, JobState
from gateway.domain.parcels.turns import FARTHEST
from gateway.errors import LeaseLostError
from gateway.ports import Ids

_JOB = JOBS.table
PATIENCE = 3    # tries, the first included: with the worker's pauses, less than a minute
_CLOCKS_DIFFER = timedelta(minutes=10) // timedelta(microseconds=1)      # those of two machines, at most
_LONGEST_WAIT = timedelta(hours=2) // timedelta(microseconds=1)          # no lease and no pause after a failure is as long
_FARTHEST = FARTHEST // timedelta(microseconds=1)
_CLAIM = (update(_JOB).where(_JOB.c.id == bindparam("_id"), _JOB.c.fence == bindparam("_fence"))
          .values(state=JobState.LEASED.value, fence=_JOB.c.fence + 1, attempts=_JOB.c.attempts + 1,
                  lease_owner=bindparam("_owner"), lease_until=bindparam("_until")))


class JobTable:
    """Jobs within one transaction. Implements ``ports.Jobs``."""

    def __init__(self, session: Session, ids: Ids) -> None:
        self._session = session
        self._ids = ids
        self._rows = Rows(session, JOBS)

    def enqueue(self, kind: str, key: str, now: datetime, payload: Mapping[str, Any] | None = None, *,
                due_at: datetime | None = None, turn: datetime | None = None, line: str | None = None) -> bool:
        """Add a job unless one with this key was ever added; True when it was added. It is due at once, or at ``due_at``."""
        return self._rows.add_new(Job(id=self._ids.new("J"), kind=kind, key=key, due_at=due_at or now, dated_at=now,
                                      turn=turn or due_at or now, line=line, payload=payload or {}))

    def cancel(self, key: str) -> None:
        """End a job that nobody works on yet; one that is leased, held or done stays."""
        self._session.connection.execute(
            update(_JOB).where(_JOB.c.key == key, _JOB.c.state == JobState.READY.value)
            .values(state=JobState.DONE.value, last_error="CANCELLED"))

    def claim(self, owner: str, now: datetime, lease_seconds: float, limit: int, kinds: Sequence[str], *,
              but: Collection[str] = ()) -> list[Job]:
        """Take up to ``limit`` due jobs of these kinds for ``lease_seconds``; ``but``: ids of those in the claimer's hands."""
        at, until = micros(now), now + timedelta(seconds=lease_seconds)
        claiming = self._session.dialect.claiming
        rows = self._chosen(claiming(_EXPIRED), at, limit, _kinds=list(kinds), _but=list(but))
        if len(rows) < limit:
            rows += sorted((row for kind in kinds for row in self._due(claiming(_DUE), at, kind, limit)), key=_order)
        jobs = [JOBS.load(row, self._session.seals) for row in rows[:limit]]
        if jobs:
            self._session.connection.execute(_CLAIM, [
                {"_id": job.id, "_fence": job.fence, "_owner": owner, "_until": micros(until)} for job in jobs])
        return [replace(job, state=JobState.LEASED, fence=job.fence + 1, attempts=job.attempts + 1, lease_owner=owner,
                        lease_until=until) for job in jobs]

    def finish(self, job: Job) -> None:
        """The job is done; its key stays taken."""
        self._change(job, state=JobState.DONE.value, lease_owner=None, lease_until=None, last_error=None)

    def retry(self, job: Job, due_at: datetime, error: str, *, counted: bool = True) -> None:
        """Give the job back, to be tried again at ``due_at``. Not ``counted``: this attempt says nothing about the job."""
        self._change(job, state=JobState.READY.value, due_at=micros(due_at), last_error=error, lease_owner=None, lease_until=None,
                     attempts=job.attempts - (0 if counted else 1))

    def hold(self, job: Job, error: str) -> None:
        """Give the job to a person; ``wake`` lets it go on."""
        self._change(job, state=JobState.HELD.value, last_error=error, lease_owner=None, lease_until=None)

    def give_back(self, job: Job) -> None:
        """A claimed job that was not begun is as it was before."""
        self._change(job, state=JobState.READY.value, attempts=job.attempts - 1, lease_owner=None, lease_until=None)

    def renew(self, job: Job, until: datetime) -> Job:
        """Keep a claimed job longer."""
        self._change(job, lease_until=micros(until))
        return replace(job, lease_until=until)

    def any_due(self, now: datetime, kinds: Sequence[str], *, but: Collection[str] = ()) -> bool:
        """Whether a job of these kinds could be claimed now."""
        at = micros(now)
        due = any(self._due(_DUE, at, kind, 1) for kind in kinds)
        return due or bool(self._chosen(_EXPIRED, at, 1, _kinds=list(kinds), _but=list(but)))

    def take_up(self, owner: str, now: datetime) -> None:
        """At a worker's start: what a former run of this owner left leased, and what failed and waits, is due at once.

        Workers of one owner sign as ``owner:lane``.
        """
        at = micros(now)
        self._session.connection.execute(
            update(_JOB).where(_JOB.c.state == JobState.READY.value, _JOB.c.last_error.is_not(None), _JOB.c.due_at > at)
            .values(due_at=at))
        self._session.connection.execute(
            update(_JOB).where(_JOB.c.state == JobState.LEASED.value, _JOB.c.lease_owner.startswith(f"{owner}:", autoescape=True),
                               _JOB.c.lease_until > at)
            .values(lease_until=at))

    def put_right(self, now: datetime) -> list[tuple[Job, timedelta]]:
        """After the clock went back: jobs dated while it ran ahead, each with how far its date was moved back.

        What failed and waits, and a lease that lasts longer than any, are due at once.
        """
        at = micros(now)
        rows = self._session.connection.execute(_DATED_AHEAD, {"_from": at + _CLOCKS_DIFFER}).all()
        moved = [(job, job.dated_at - now) for job in (JOBS.load(row, self._session.seals) for row in rows)]
        if moved:
            turns = self._turns_back(moved)
            self._session.connection.execute(_DATE_BACK, [
                {"_id": job.id, "_by": by // timedelta(microseconds=1), "_turn": turns[job.id], "_at": at} for job, by in moved])
        self._session.connection.execute(_FAILED_AHEAD, {"_at": at, "_from": at + _LONGEST_WAIT})
        self._session.connection.execute(_LEASED_AHEAD, {"_at": at, "_from": at + _LONGEST_WAIT})
        return moved

    def where(self, *, limit: int | None = None, **equal: Any) -> list[Job]:
        """Jobs by plain columns, in order of id."""
        return self._rows.where(limit=limit, **equal)

    def wake(self, key: str, now: datetime) -> None:
        """A job that waits or is held is due at once; a held one may be tried afresh."""
        self._session.connection.execute(
            update(_JOB).where(_JOB.c.key == key, _JOB.c.state.in_([JobState.HELD.value, JobState.READY.value]))
            .values(state=JobState.READY.value, due_at=micros(now), dated_at=micros(now), attempts=0))

    def _turns_back(self, moved: Sequence[tuple[Job, timedelta]]) -> dict[str, int]:
        """Their turns, each as far back as its date, but never before one that its line had first: they were dated apart."""
        turns = {job.id: micros(job.turn - by) for job, by in moved}
        last: dict[str, int] = {}
        lines = sorted({job.line for job, _ in moved if job.line is not None})
        for row in self._session.connection.execute(_IN_LINE, {"_lines": lines}):
            if row.id in turns:
                turns[row.id] = max(turns[row.id], last.get(row.line, 0) + 1)
            last[row.line] = turns.get(row.id, row.turn)
        return turns

    def _due(self, statement: Select[Any], at: int, kind: str, limit: int) -> list[Any]:
        # A question for each kind: it walks along its own index in the order of turns, and reads no more than it gives.
        return self._chosen(statement, at, limit, _kind=kind, _farthest=at + _FARTHEST)

    def _chosen(self, statement: Select[Any], at: int, limit: int, **values: Any) -> list[Any]:
        return list(self._session.connection.execute(statement, {"_at": at, "_limit": limit} | values).all())

    def _change(self, job: Job, **values: Any) -> None:
        changed = self._session.connection.execute(
            update(_JOB).where(_JOB.c.id == job.id, _JOB.c.fence == job.fence, _JOB.c.state == JobState.LEASED.value)
            .values(**values)).rowcount
        if changed != 1:
            held = self._rows.find(job.id)
            raise LeaseLostError(
                f"job {job.id} has fence {held.fence if held else None} and state {held.state.value if held else None}, "
                f"this worker holds fence {job.fence}", code="LEASE-LOST",
                hint="Another worker has taken it over; nothing of this attempt was committed.")


def _is_behind() -> Exists:
    """Whether an earlier job of the same line cannot be claimed now: it is at work, or to be tried again soon."""
    earlier = _JOB.alias()
    before = or_(earlier.c.turn < _JOB.c.turn, and_(earlier.c.turn == _JOB.c.turn, earlier.c.id < _JOB.c.id))
    soon = and_(earlier.c.state == JobState.READY.value, earlier.c.due_at > bindparam("_at"), earlier.c.attempts <= PATIENCE)
    return exists().where(earlier.c.line == _JOB.c.line, earlier.c.kind == _JOB.c.kind, earlier.c.turn <= _JOB.c.turn, before,
                          or_(earlier.c.state == JobState.LEASED.value, soon))


# No turn lies further ahead than ``FARTHEST``, which keeps the walk from passing through every date of the coming year.
_DUE = (select(*JOBS.columns())
        .where(_JOB.c.kind == bindparam("_kind"), _JOB.c.state == JobState.READY.value, _JOB.c.turn <= bindparam("_farthest"),
               _JOB.c.due_at <= bindparam("_at"), or_(_JOB.c.line.is_(None), ~_is_behind()))
        .order_by(_JOB.c.turn, _JOB.c.id).limit(bindparam("_limit")))
_EXPIRED = (select(*JOBS.columns())
            .where(_JOB.c.state == JobState.LEASED.value, _JOB.c.lease_until <= bindparam("_at"),
                   _JOB.c.kind.in_(bindparam("_kinds", expanding=True)), _JOB.c.id.not_in(bindparam("_but", expanding=True)))
            .order_by(_JOB.c.lease_until, _JOB.c.turn, _JOB.c.id).limit(bindparam("_limit")))


# A clock may have run ahead for a while, and then been put right: what it dated lies in a future that is nobody's.
_FAILED_AHEAD = (update(_JOB).where(_JOB.c.state == JobState.READY.value, _JOB.c.last_error.is_not(None),
                                    _JOB.c.due_at > bindparam("_from")).values(due_at=bindparam("_at")))
_LEASED_AHEAD = (update(_JOB).where(_JOB.c.state == JobState.LEASED.value, _JOB.c.lease_until > bindparam("_from"))
                 .values(lease_until=bindparam("_at")))
_DATED_AHEAD = (select(*JOBS.columns()).where(_JOB.c.state != JobState.DONE.value, _JOB.c.dated_at > bindparam("_from"))
                .order_by(_JOB.c.id))
_IN_LINE = (select(_JOB.c.id, _JOB.c.line, _JOB.c.turn)
            .where(_JOB.c.state != JobState.DONE.value, _JOB.c.line.in_(bindparam("_lines", expanding=True)))
            .order_by(_JOB.c.turn, _JOB.c.id))
_DATE_BACK = (update(_JOB).where(_JOB.c.id == bindparam("_id"))
              .values(due_at=_JOB.c.due_at - bindparam("_by"), turn=bindparam("_turn"), dated_at=bindparam("_at")))


def _order(row: Any) -> tuple[int, str]:
    return row.turn, row.id
