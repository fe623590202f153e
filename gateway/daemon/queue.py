"""What a lane's workers have claimed and not yet begun.

1. Jobs are claimed in the order they fell due, and begun in that order.
2. Two jobs of the same line are never worked on at the same time, nor out of turn: a school's correction is not settled before
   the return that it corrects, even when that must be tried again soon. Other lines do not wait for it.
3. A worker takes a few jobs at once, whose effects may share a transaction; a large one it takes alone, so that nobody waits
   for the end of it.
4. The leases of what is here are renewed in time (``keep``): work that takes longer than a lease is not done again by the next
   worker meanwhile. After ``LONGEST_WORK`` they are not: a worker that hangs is taken to be dead, and its job goes to another.
   A lease that was kept too late takes no job from the one who has it here, and counts no attempt that nobody makes.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from gateway.daemon.plant import Lane, Plant
from gateway.domain.parcels.parcel import Job
from gateway.errors import LeaseLostError
from gateway.ports import Transaction

LONGEST = 200                             # jobs claimed and waiting
LONGEST_WORK = timedelta(hours=1)         # the slowest partner and the largest batch take less


class Queue:
    """Shared by the workers of one lane."""

    def __init__(self, plant: Plant, lane: Lane) -> None:
        self._plant = plant
        self._lane = lane
        self._owner = f"{plant.owner}:{lane.name}"
        self._lock = threading.Lock()
        self._waiting: list[Job] = []
        self._in_hand: list[Job] = []
        self._busy: set[str] = set()
        self._until: dict[str, datetime] = {}     # how long a job's lease may be renewed, by its id

    def take(self) -> list[Job]:
        """Jobs to do now; none when nothing is due, or all that is due must wait its turn."""
        with self._lock:
            chosen = self._choose()
            if not chosen and len(self._waiting) < LONGEST and self._claim():
                chosen = self._choose()
            return chosen

    def done(self, jobs: Sequence[Job], left: Sequence[Job] = ()) -> None:
        """These were done, or given back: the next of their line may begin. Those ``left`` were neither, and are the next."""
        with self._lock:
            self._busy -= {_line(job) for job in jobs}
            ended = {job.id for job in jobs}
            self._in_hand = [job for job in self._in_hand if job.id not in ended]
            self._waiting = [*left, *self._waiting]

    def behind(self, job: Job) -> list[Job]:
        """Take out what waits behind a job that failed: it has to be given back, for that one comes first."""
        with self._lock:
            behind = [one for one in self._waiting if job.line is not None and one.line == job.line]
            self._waiting = [one for one in self._waiting if one not in behind]
        return behind

    def keep(self) -> bool:
        """Renew the leases that are half over; whether anything is here whose lease must be kept."""
        now, lease = self._plant.ports.clock.now(), timedelta(seconds=self._lane.lease_seconds)
        with self._lock:
            here = [*self._in_hand, *self._waiting]
            self._until = {job.id: self._until.get(job.id, now + LONGEST_WORK) for job in here}
        ending = [job for job in here if job.lease_until and job.lease_until - now < lease / 2 and now < self._until[job.id]]
        if ending:
            with self._plant.ports.store.writing() as tx:
                kept = {job.id: _renewed(tx, job, now + lease) for job in ending}
            with self._lock:
                self._in_hand = [kept.get(job.id) or job for job in self._in_hand]
                self._waiting = [one for job in self._waiting if (one := kept.get(job.id, job)) is not None]
        return bool(here)

    def _choose(self) -> list[Job]:
        chosen: list[Job] = []
        left: list[Job] = []
        passed: set[str] = set()          # names of which an earlier job stays behind
        for job in self._waiting:
            name = _line(job)
            if self._fits(job, chosen) and name not in self._busy and name not in passed:
                chosen.append(job)
            else:
                passed.add(name)
                left.append(job)
        self._waiting = left
        self._busy |= {_line(job) for job in chosen}
        self._in_hand += chosen
        return chosen

    def _claim(self) -> bool:
        ports, lane = self._plant.ports, self._lane
        now = ports.clock.now()
        here = {job.id for job in (*self._in_hand, *self._waiting)}
        with ports.store.reading() as tx:
            if not tx.jobs.any_due(now, lane.kinds, but=here):
                return False
        with ports.store.writing() as tx:
            claimed = tx.jobs.claim(self._owner, now, lane.lease_seconds, lane.batch * (lane.threads + 1), lane.kinds, but=here)
        renewed = {job.id for job in claimed}
        self._waiting = [job for job in self._waiting if job.id not in renewed] + claimed
        return bool(claimed)

    def _fits(self, job: Job, chosen: Sequence[Job]) -> bool:
        if any(self._lane.alone(one) for one in (job, *chosen)):
            return not chosen
        return len(chosen) < self._lane.batch


def _renewed(tx: Transaction, job: Job, until: datetime) -> Job | None:
    """None: it was done meanwhile, or is another's. Whoever has it in hand will learn that when they commit."""
    try:
        return tx.jobs.renew(job, until)
    except LeaseLostError:
        return None


def _line(job: Job) -> str:
    return job.line or job.id
