"""Workers: run claimed jobs, and give back or hold what failed.

1. A handler commits its effects and ``jobs.finish`` in one transaction. What it raises decides: retryable (nobody's fault) →
   tried again, later each time, with jitter; a disk's fault → tried again soon, as often as need be, for it is no fault of the
   job's; anything else → held for a person at once.
2. After the last try, and when a job has killed its worker that often, it is held.
3. A held job is a hold with a notice; a parcel whose job is held is held.
4. What was claimed behind a job that is to be tried again is given back: its line goes on with that one.
5. A job of which the store cannot be told what becomes of it stays with the queue: it is not left to its lease.
6. What a bug raises is logged by type and place, never with its text: a text may hold a child's name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from gateway.daemon.alarm import Alarm
from gateway.daemon.fault import attempt
from gateway.daemon.plant import Handler, Lane, ManyHandler, Plant
from gateway.daemon.queue import Queue
from gateway.domain.parcels.parcel import Job, ParcelState
from gateway.errors import DiskError, GatewayError, LeaseLostError, PartnerUnavailableError, RetryableError, SyncFailedError
from gateway.pipeline.holding import hold, tell_of
from gateway.ports import Transaction

MAX_TRIES = 14                   # with the pauses below: about five hours
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 3600.0
DISK_PAUSE = 10.0


@dataclass(slots=True)
class Failures:
    """What this run could not finish."""

    to_retry: bool = False
    partner_unavailable: bool = False

    def note(self, error: Exception) -> None:
        """Something is left to be tried again, because of this."""
        self.to_retry = True
        self.partner_unavailable |= isinstance(error, PartnerUnavailableError)


class Worker:
    """One thread's hands in one lane."""

    def __init__(self, plant: Plant, lane: Lane, queue: Queue, failures: Failures, alarm: Alarm, *,
                 least_pause: float = 0.0) -> None:
        self._plant = plant
        self._alarm = alarm
        self._lane = lane
        self._queue = queue
        self._failures = failures
        self._least_pause = least_pause
        self._stopped: set[str] = set()      # lines of which a job failed: what was claimed behind it is given back
        self._left: list[Job] = []           # of which the store could not be told
        self._trouble: GatewayError | None = None

    def work(self) -> bool:
        """Do what is due, one batch of it; False when nothing was. GatewayError: the store cannot be written."""
        jobs = self._queue.take()
        self._stopped.clear()
        self._left, self._trouble = [], None
        try:
            fit = [job for job in jobs if not self._killed_too_often(job)]
            if self._lane.many is not None and fit:
                self._run_many(fit, self._lane.many)
            else:
                for job in fit:
                    self._run(job, self._plant.handlers[job.kind])
        finally:
            self._queue.done(jobs, sorted(self._left, key=lambda job: (job.turn, job.id)))
        if self._trouble is not None:
            raise self._trouble
        return bool(jobs)

    def _killed_too_often(self, job: Job) -> bool:
        if job.attempts <= MAX_TRIES:
            return False
        told = f"WORKER-DIED the worker ended {job.attempts - 1} times while it did this job"
        self._tell([job], lambda tx: self._hold(tx, job, told))
        return True

    def _run_many(self, jobs: Sequence[Job], many: ManyHandler) -> None:
        """All together; when that fails each alone, so that one bad job does not stop the others."""
        def each_alone(error: Exception) -> None:
            if len(jobs) == 1:
                self._failed(jobs[0], error)
                return
            self._plant.log.fault("batch-failed", error, count=len(jobs))
            self._alarm.sound(error)      # that they may all be done in a moment does not make the disk sound
            for job in jobs:
                self._run(job, lambda one, ports: many([one], ports))

        attempt(lambda: many(jobs, self._plant.ports), each_alone)

    def _run(self, job: Job, handler: Handler) -> None:
        if job.line in self._stopped:
            self._tell([job], lambda tx: tx.jobs.give_back(job))
            return
        attempt(lambda: handler(job, self._plant.ports), lambda error: self._failed(job, error))

    def _failed(self, job: Job, error: Exception) -> None:
        if isinstance(error, LeaseLostError):
            self._plant.log.fault("lease-lost", error, job=job.id, kind=job.kind)
            return
        told = error.code + " " + error.message if isinstance(error, GatewayError) else f"UNEXPECTED {type(error).__name__}"
        self._plant.log.fault("job-failed", error, job=job.id, kind=job.kind, attempt=job.attempts)
        if isinstance(error, DiskError) or (isinstance(error, RetryableError) and job.attempts < MAX_TRIES):
            self._retry(job, error, told)
        else:
            self._tell([job], lambda tx: self._hold(tx, job, told))

    def _retry(self, job: Job, error: Exception, told: str) -> None:
        self._failures.note(error)
        self._alarm.sound(error)
        disk = isinstance(error, DiskError)
        pause = DISK_PAUSE if disk else min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (job.attempts - 1))
        pause = max(self._least_pause, pause * self._plant.chance(0.75, 1.25))
        behind = self._queue.behind(job)

        def give_back(tx: Transaction) -> None:
            tx.jobs.retry(job, self._plant.ports.clock.now() + timedelta(seconds=pause), told, counted=not disk)
            for one in behind:      # claimed behind a job that comes first, and not begun
                tx.jobs.give_back(one)

        self._tell([job, *behind], give_back)
        if job.line is not None:
            self._stopped.add(job.line)

    def _tell(self, jobs: Sequence[Job], act: Callable[[Transaction], None]) -> None:
        """Tell the store what becomes of jobs, the first of which failed."""
        try:
            with self._plant.ports.store.writing() as tx:
                act(tx)
        except LeaseLostError as lost:
            self._plant.log.fault("lease-lost", lost, job=jobs[0].id, kind=jobs[0].kind)
            self._left += jobs[1:]
        except SyncFailedError:
            raise
        except GatewayError as trouble:
            self._left += jobs
            self._trouble = trouble

    def _hold(self, tx: Transaction, job: Job, told: str) -> None:
        ports = self._plant.ports
        now = ports.clock.now()
        tx.jobs.hold(job, told)
        key, reason = f"job:{job.id}:{job.fence}", f"the job {job.kind} cannot go on: {told}"
        if job.kind == "notice":  # whoever cannot be told cannot be told of it either
            hold(tx, ports, "job", job.id, reason, key, now)
        else:
            tell_of(tx, ports, "job", job.id, reason, key)
        parcel = tx.parcels.find(str(job.payload.get("parcel", ""))) if job.kind == "process" else None
        if parcel is not None and parcel.state is ParcelState.RECEIVED:
            tx.parcels.save(replace(parcel, state=ParcelState.HELD))
