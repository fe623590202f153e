"""Watch, carry, stop cleanly.

1. Threads: one for the folders of this machine, one for each server that is polled and one for shares, one for large files, one
   that numbers the ledger's leaves, one that keeps leases, one that watches the clock, and each lane's workers. All are
   synchronous; they meet only in the store.
2. A signal only sets a flag. Then nobody claims anything more, whoever is at work finishes, and what was not begun waits for
   the next run. A second signal changes nothing: the first is on its way.
3. ``run_once`` takes what is there at its start (waiting for growing files as long as files must lie still), does every due
   job, and what follows from it, once each, and says how it ended: 0 nothing left, 74 a disk was full or failed, whether or not
   it was done in the end, 69 a partner does not answer, 75 something still growing or to be retried.
4. A clock that goes back is noticed, and what it had dated ahead is put right, at the start too.
5. The calendar only enqueues jobs keyed by what and when; a firing that was missed is made up for at the start.
6. ``run_once`` with ``in_turn``: nobody has a thread, all do their work one after the other in the caller's. The same files then
   give the same system calls in the same order, so that a rig can make the N-th of them fail.
7. An fsync that fails ends the run, whoever it happened to: nobody claims anything more, a person is told, SyncFailedError.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import Enum, auto
from functools import partial

from gateway.daemon.activity import Activity
from gateway.daemon.alarm import Alarm
from gateway.daemon.clockwatch import ClockWatch
from gateway.daemon.fault import attempt
from gateway.daemon.gatehouse import Gatehouse
from gateway.daemon.intake import Intake
from gateway.daemon.plant import HERE, Plant
from gateway.daemon.queue import Queue
from gateway.daemon.worker import Failures, Worker
from gateway.errors import DiskError, SyncFailedError
from gateway.pipeline.putting_right import FIRST_RUN, put_right

DONE, UNAVAILABLE, DISK, AGAIN = 0, 69, 74, 75
_LOOK = 0.5                 # seconds between two looks at the job table, for what commands enqueued
_TROUBLE = 1.0              # seconds until someone who met trouble looks again
_STOP_WITHIN = 30.0
_ONCE_PAUSE = 3600.0        # ``run_once`` tries each job once; the next one tries again at once, whatever the pause


class _Found(Enum):
    """What a look came to."""

    WORK = auto()
    NOTHING = auto()
    TROUBLE = auto()


class _Crew:
    """All threads but the main one's; ``in_turn``: all who would have one."""

    def __init__(self, plant: Plant, *, least_pause: float, in_turn: bool = False) -> None:
        self.plant = plant
        self.in_turn = in_turn
        self.activity = Activity()
        self.failures = Failures()
        self.stop = threading.Event()
        self.unsynced: SyncFailedError | None = None
        self.alarm = Alarm(plant, self.activity.happened)
        self._hands: list[tuple[str, threading.Event, Callable[[], bool], Callable[[], float]]] = []
        gatehouse = Gatehouse(plant, self.alarm, self.activity.happened)
        places = dict.fromkeys((HERE, *(watched.lane for watched in plant.inboxes)))
        self.intakes = [Intake(plant, [one for one in plant.inboxes if one.lane == place], gatehouse) for place in places]
        for number, intake in enumerate(self.intakes[1:], start=1):
            self._hire(f"inboxes-{number}", partial(_any, intake.round), intake.pause)
        self._hire("aside", gatehouse.aside.work)
        self._hire("ledger", self._number_leaves)
        self._hire("clock", ClockWatch(plant).look)
        queues = [Queue(plant, lane) for lane in plant.lanes]
        self._hire("leases", lambda: _kept(queues))
        for lane, queue in zip(plant.lanes, queues, strict=True):
            for place in range(lane.threads):
                worker = Worker(plant, lane, queue, self.failures, self.alarm, least_pause=least_pause)
                self._hire(f"{lane.name}-{place}", worker.work)

    def begin(self) -> None:
        """What is done before anyone works."""
        with self._alarmed():
            _begin(self.plant)

    def finish(self) -> None:
        """What is done when nobody works any more."""
        with self._alarmed():
            for act in self.plant.on_end:
                act()

    @contextmanager
    def _alarmed(self) -> Iterator[None]:
        try:
            yield
        except DiskError as error:
            self.alarm.sound(error)
            raise

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Everyone works until the block ends, then finishes what is in hand. SyncFailedError: someone's fsync failed."""
        hands = [] if self.in_turn else self._hands
        threads = [threading.Thread(target=self._loop, args=hand, name=hand[0], daemon=True) for hand in hands]
        for thread in threads:
            thread.start()
        try:
            yield
        except SyncFailedError as error:
            self._must_end(error)
        finally:
            self.stop.set()
            self.activity.happened()
            deadline = time.monotonic() + _STOP_WITHIN
            for thread in threads:
                thread.join(max(0.0, deadline - time.monotonic()))
        if self.unsynced is not None:
            self.alarm.sound(self.unsynced)
            raise self.unsynced

    def turn(self) -> bool:
        """When nobody has a thread: the first who has something to do does it; whether anything was done."""
        return self.in_turn and any(self._look(name, work) is _Found.WORK for name, _, work, _ in self._hands)

    @property
    def here(self) -> Intake:
        """The intake of the main thread: folders of this machine."""
        return self.intakes[0]

    def growing(self) -> bool:
        """Whether anything was not finished at the last look."""
        return any(intake.growing() for intake in self.intakes)

    def ended(self, *, stopped: bool) -> int:
        """The exit code."""
        if self.alarm.sounded:
            return DISK
        if self.failures.partner_unavailable or any(intake.unavailable() for intake in self.intakes):
            return UNAVAILABLE
        troubled = self.failures.to_retry or any(intake.troubled() for intake in self.intakes)
        return AGAIN if troubled or self.growing() or stopped else DONE

    def still_waits(self, seconds: float) -> bool:
        """Whether something grows that may be finished within ``seconds`` of the first look at every door."""
        first = [intake.looked for intake in self.intakes]
        return self.growing() and (0.0 in first or time.monotonic() < max(first) + seconds)

    def _hire(self, name: str, work: Callable[[], bool], pause: Callable[[], float] = lambda: _LOOK) -> None:
        self._hands.append((name, self.activity.join(name), work, pause))

    def _loop(self, name: str, bell: threading.Event, work: Callable[[], bool], pause: Callable[[], float]) -> None:
        try:
            while not self.stop.is_set():
                bell.clear()
                found = self._look(name, work)
                if found is _Found.TROUBLE:
                    self.stop.wait(_TROUBLE)
                elif found is _Found.NOTHING:
                    bell.wait(min(_LOOK, pause()))
        except SyncFailedError as error:
            self._must_end(error)

    def _must_end(self, error: SyncFailedError) -> None:
        self.plant.log.fault("sync-failed", error, where=threading.current_thread().name)
        self.unsynced = self.unsynced or error
        self.stop.set()
        self.here.bell.set()

    def _look(self, name: str, work: Callable[[], bool]) -> _Found:
        since = self.activity.generation
        self.activity.working(name)
        found = attempt(lambda: _Found.WORK if work() else _Found.NOTHING, lambda error: self._troubled(name, error))
        if found is _Found.WORK:
            self.activity.happened()
        else:
            self.activity.idle(name, since)      # in trouble too: whoever waits for quiet must not wait for a disk
        return found

    def _troubled(self, name: str, error: Exception) -> _Found:
        """The store is locked or full for a while."""
        self.plant.log.fault("worker-trouble", error, where=name)
        self.failures.note(error)
        self.alarm.sound(error)
        return _Found.TROUBLE

    def _number_leaves(self) -> bool:
        return self.plant.number_leaves(self.plant.ports, self.plant.ports.clock.now()) > 0


def run(plant: Plant, stop: threading.Event) -> None:
    """Until ``stop``; see ``stop_on_signals``. SyncFailedError: begin again in another process."""
    crew = _Crew(plant, least_pause=0.0)
    intake = crew.here
    crew.begin()
    plant.log.note("daemon-started", count=len(plant.inboxes))
    with crew.at_work(), intake.watching(), plant.firing(lambda: _enqueue_due(plant)):
        while not stop.is_set() and not crew.stop.is_set():
            intake.round()
            intake.wait(min(_LOOK, intake.pause()) if not stop.is_set() else 0.0)
    plant.number_leaves(plant.ports, plant.ports.clock.now())
    crew.finish()
    plant.log.note("daemon-stopped")


def run_once(plant: Plant, stop: threading.Event, *, in_turn: bool = False) -> int:
    """What is there now, and what follows from it; then the exit code. Told to stop, it leaves the rest for the next run.

    SyncFailedError as for ``run``.
    """
    crew = _Crew(plant, least_pause=_ONCE_PAUSE, in_turn=in_turn)
    crew.begin()
    with crew.at_work():
        while not stop.is_set() and not crew.stop.is_set():
            if crew.here.round() or crew.turn():
                continue
            if crew.still_waits(plant.settle_seconds + 0.5):
                time.sleep(0.05)
                continue
            # In this order: what a worker does before it is quiet (a large file taken in) may make a door worth a look.
            if crew.activity.quiet() and not crew.here.pending():
                break
            crew.here.wait(0.02)
    crew.finish()
    return crew.ended(stopped=stop.is_set())


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set, and nothing else."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _kept(queues: Sequence[Queue]) -> bool:
    for queue in queues:
        queue.keep()
    return False


def _any(round_: Callable[[], int]) -> bool:
    return round_() > 0


def _begin(plant: Plant) -> None:
    for act in plant.on_start:
        act()
    put_right(plant.ports, plant.ports.clock.now())
    _enqueue_due(plant)
    with plant.ports.store.writing() as tx:
        tx.jobs.take_up(plant.owner, plant.ports.clock.now())


def _enqueue_due(plant: Plant) -> None:
    """What the calendar says is due, unless it was before this home ever ran."""
    now = plant.ports.clock.now()
    due = plant.due_by_calendar(now)
    with plant.ports.store.writing() as tx:
        first = tx.settings.get(FIRST_RUN)
        if first is None:
            tx.settings.put(FIRST_RUN, now.isoformat())
            return
        for kind, key, due_at in due:
            if due_at > datetime.fromisoformat(first):
                tx.jobs.enqueue(kind, key, now, due_at=due_at)
