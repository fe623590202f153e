"""One daemon of a house: the real queue, workers and intake on a machine that may die, and is started again under its name.

1. It starts as the daemon starts: what a former run left is taken up, then everybody works. A start that fails ends it.
2. Everybody loops as the daemon's threads do, and sleeps until the bell rings; when the clock leaps everybody looks, as they
   do twice a second.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from gateway.daemon import Lane, Plant, WatchedInbox
from gateway.daemon.alarm import Alarm
from gateway.daemon.carry import _begin
from gateway.daemon.clockwatch import ClockWatch
from gateway.daemon.fault import attempt
from gateway.daemon.gatehouse import Gatehouse
from gateway.daemon.intake import Intake
from gateway.daemon.queue import Queue
from gateway.daemon.worker import Failures, Worker
from gateway.errors import GatewayError
from tests.simulation.house import Clock, House
from tests.simulation.post import SimulatedInbox
from tests.simulation.turns import Died, Machine, Turns


class Broken(Exception):
    """What a handler with a bug raises, on purpose."""


class Crew:
    """A daemon."""

    def __init__(self, house: House, name: str, owner: str, *, intake: bool = True) -> None:
        self._house, self._name, self._owner, self._intake = house, name, owner, intake
        self._starts = 0
        turns, weather = house.turns, house.turns.weather
        self._clock = Clock(turns, turns.chance.uniform(-weather.skew, weather.skew))
        for _ in range(4 if weather.leaps else 0):
            turns.later(turns.chance.choice((1.0, 60.0, 600.0, 6_000.0)), self._leap)
        self._start()

    def _leap(self) -> None:
        """The machine's clock goes somewhere else, or is put right."""
        turns = self._house.turns
        self._clock.leap = turns.chance.choice((0.0, *turns.weather.leaps))
        turns.noted("clock leapt")
        turns.ring(1.0)

    def _start(self) -> None:
        house = self._house
        self._starts += 1
        machine = Machine(f"{house.keys.la}-{self._name}-{self._starts}", revive=self._start)
        self._ports = house.ports(machine, self._clock)
        plant = self._plant(machine)
        house.turns.enter(machine, "daemon", lambda: self._run(machine, plant))

    def _plant(self, machine: Machine) -> Plant:
        house = self._house
        inboxes = [WatchedInbox(SimulatedInbox(place, machine, sender, channel, self._ports.ids), 0.0)
                   for place, sender, channel in house.inboxes if self._intake]
        return Plant(
            ports=self._ports, inboxes=inboxes, lanes=house.lanes, handlers=house.handlers, number_leaves=lambda ports, now: 0,
            due_by_calendar=lambda now: [], firing=lambda fire: nullcontext(), wall=lambda: house.turns.time,
            log=_Log(house.turns), room=lambda: 1, settle_seconds=0.0, owner=self._owner, ticks=lambda: house.turns.time,
            chance=house.turns.chance.uniform)

    def _run(self, machine: Machine, plant: Plant) -> None:
        turns = self._house.turns
        watch = ClockWatch(plant)       # before the start, as there: the clock may go back meanwhile

        def begun() -> bool:
            _begin(plant)
            return True

        def failed(error: Exception) -> bool:
            _noted(turns, "start failed", error)
            return False

        if not attempt(begun, failed):
            machine.alive = False
            raise Died
        alarm = _Alarm(plant, turns)
        for lane in plant.lanes:
            queue = _Queue(plant, lane, turns)
            self._works(machine, "leases", partial(_kept, queue, lane, turns))
            for _ in range(lane.threads):
                self._works(machine, lane.name, Worker(plant, lane, queue, Failures(), alarm).work)
        self._works(machine, "clock", partial(_watched, watch, turns))
        if plant.inboxes:
            gatehouse = Gatehouse(plant, alarm, turns.ring)
            intake = Intake(plant, plant.inboxes, gatehouse)
            self._works(machine, "aside", gatehouse.aside.work)
            self._works(machine, "intake", lambda: _looked(intake, turns))

    def _works(self, machine: Machine, name: str, work: Callable[[], bool]) -> None:
        turns = self._house.turns

        def troubled(error: Exception) -> bool:
            _noted(turns, "worker troubled", error)
            turns.pause(1.0)
            return True

        def loop() -> None:
            while True:
                turns.step(machine)
                since = turns.rings
                if not attempt(work, troubled):
                    turns.idle(since)

        turns.enter(machine, name, loop)


def _kept(queue: Queue, lane: Lane, turns: Turns) -> bool:
    if queue.keep():
        turns.pause(lane.lease_seconds / 4)
        return True
    return False


def _watched(watch: ClockWatch, turns: Turns) -> bool:
    if watch.look():
        return True
    if watch.uneasy:
        turns.pause(60.0)
        return True
    return False


def _looked(intake: Intake, turns: Turns) -> bool:
    if intake.round() > 0:
        return True
    if intake.troubled() or not all(door.recovered for door in intake.doors):
        turns.pause(2.0)
        return True
    return False


class _Queue(Queue):
    """The real queue; whoever waits for its lock lets the others go on."""

    def __init__(self, plant: Plant, lane: Lane, turns: Turns) -> None:
        super().__init__(plant, lane)
        self._lock = cast(Any, _Lock(turns))


class _Alarm(Alarm):
    """The real alarm, likewise."""

    def __init__(self, plant: Plant, turns: Turns) -> None:
        super().__init__(plant, turns.ring)
        self._lock = cast(Any, _Lock(turns))


class _Lock:
    def __init__(self, turns: Turns) -> None:
        self._turns, self._taken = turns, False

    def __enter__(self) -> None:
        waited = 0.01
        while self._taken:                # whoever has it may sleep for long
            self._turns.pause(waited)
            waited *= 2
        self._taken = True

    def __exit__(self, *_: object) -> None:
        self._taken = False


@dataclass
class _Log:
    turns: Turns

    def note(self, event: str, **facts: Any) -> None:
        self.turns.noted(event)

    def fault(self, event: str, error: BaseException, **facts: Any) -> None:
        _noted(self.turns, event, error)


def _noted(turns: Turns, event: str, error: BaseException) -> None:
    turns.noted(f"{event} {getattr(error, 'code', type(error).__name__)}")
    if not isinstance(error, GatewayError | Broken):
        turns.unexpected.append(f"{event}: {type(error).__name__}: {error}")
