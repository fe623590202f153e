"""One thread, many actors: who goes next is drawn from the seed.

1. An actor runs until it pauses; every call of a port and every statement of the store is a pause, or may become one.
2. Time stands still while somebody runs, and leaps to the next thing that is due when nobody can.
3. A machine that dies takes all its actors with it. Whatever they would still do while they unwind does nothing: their ports
   are dead, and the store rolls back.
4. The same seed gives the same history, to the last step.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from greenlet import getcurrent, greenlet

from tests.simulation.weather import Weather

MOST_STEPS = 20_000           # several times what the longest of ten thousand seeds took
LONGEST_SLEEP = 2_000.0
NEAR = 1.0                    # seconds: until then the stores need not be asked
HEARS = 0.2                   # of those who are idle, when the bell rings
LONG = 30.0                   # seconds: by then everybody who is awake has looked


class Died(BaseException):
    """The process ended here."""


class Endless(AssertionError):
    """Something goes round and round."""


@dataclass(eq=False)
class Machine:
    """One process, as far as the others can see it."""

    name: str
    alive: bool = True
    revive: Callable[[], None] | None = None      # what starts it again, some time after it died


@dataclass(eq=False)
class _Actor:
    machine: Machine
    name: str
    due: float
    body: greenlet
    idle: bool = False


@dataclass
class Turns:
    """The clock of a seed's world, its chance, and everybody in it."""

    chance: random.Random
    weather: Weather
    time: float = 0.0
    steps: int = 0
    rings: int = 0
    tally: dict[str, int] = field(default_factory=dict)      # what happened, how often
    unexpected: list[str] = field(default_factory=list)      # what no part of the program is meant to raise
    next_due: Callable[[], float | None] = lambda: None      # when the stores have something to do again
    _actors: list[_Actor] = field(default_factory=list)
    _later: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0
    _patience: float = 1.0
    _rung_for: float | None = None
    _now: _Actor | None = None

    def __post_init__(self) -> None:
        self._main = getcurrent()

    # ── for whoever sets the scene ──────────────────────────────────────────────────────────────────────────────────

    def enter(self, machine: Machine, name: str, play: Callable[[], None], after: float = 0.0) -> None:
        """A new actor, who begins after so many seconds."""
        self._actors.append(_Actor(machine, name, self.time + after, greenlet(lambda: _played(play))))

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Something that happens by itself, whoever lives."""
        self._count += 1
        heapq.heappush(self._later, (self.time + seconds, self._count, act))

    def run(self) -> None:
        """Until nothing is due any more."""
        while True:
            self._bury()
            ready = [actor for actor in self._actors if actor.due <= self.time and not actor.idle]
            if ready:
                self._go_on(self.chance.choice(ready))
            elif not self._leap():
                return

    def end(self) -> None:
        """Everybody goes home."""
        for actor in self._actors:
            actor.machine.alive, actor.machine.revive = False, None
        self._bury()

    def noted(self, what: str) -> None:
        """Count something that happened."""
        self.tally[what] = self.tally.get(what, 0) + 1

    # ── for the actors ──────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def me(self) -> object:
        """Who is acting."""
        return self._now

    def pause(self, seconds: float = 0.0) -> None:
        """Let the others go on."""
        actor = self._now
        if actor is None:             # before the play, or after it
            return
        if not actor.machine.alive:   # it is being buried: nothing of it goes on
            raise Died
        actor.due = self.time + seconds
        self._main.switch()

    def idle(self, since: int) -> None:
        """Sleep until somebody rings, unless somebody did since ``rings`` was as given."""
        actor = self._now
        if actor is not None and since == self.rings:
            actor.idle = True
            self._main.switch()

    def ring(self, heard: float = HEARS) -> None:
        """There may be work: some of those who are idle look within half a second. While a job is due it rings again."""
        self.rings += 1
        for actor in self._actors:
            if actor.idle and self.chance.random() < heard:
                actor.idle, actor.due = False, self.time + self.chance.uniform(0.0, 0.5)

    def step(self, machine: Machine, longest: float = LONGEST_SLEEP) -> None:
        """A step of somebody's on a machine: it may die here, sleep long, or let others pass."""
        if not machine.alive:
            raise Died
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Endless(f"{self.steps} steps, and no end")
        roll, weather = self.chance.random(), self.weather
        if self.steps > weather.steps:
            weather.blows = False
        if weather.blows and roll < weather.crash + weather.sleep:
            self._struck(machine, longest, dies=roll < weather.crash)
        elif roll > 0.75:
            self.pause(self.chance.choice((0.0, 0.0, 0.01, 0.2)))

    # ── the stage ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _struck(self, machine: Machine, longest: float, *, dies: bool) -> None:
        if dies:
            self.noted("died")
            machine.alive = False
            raise Died
        self.noted("slept")
        seconds = min(longest, self.chance.choice((20.0, 70.0, 150.0, 400.0, LONGEST_SLEEP)))
        if self.chance.random() < 0.5:      # the whole machine: nobody there keeps a lease meanwhile
            for actor in self._actors:
                if actor.machine is machine:
                    actor.due = max(actor.due, self.time + seconds)
        self.pause(seconds)

    def _go_on(self, actor: _Actor) -> None:
        self._now = actor
        try:
            actor.body.switch()
        finally:
            self._now = None
        if actor.body.dead:
            self._actors.remove(actor)
            if not actor.machine.alive:
                self._mourn(actor.machine)

    def _bury(self) -> None:
        dead = [actor for actor in self._actors if not actor.machine.alive]
        for actor in dead:
            self._now = actor
            if actor.body:
                actor.body.throw(Died)
            self._now = None
            self._actors.remove(actor)
        for machine in dict.fromkeys(actor.machine for actor in dead):
            self._mourn(machine)

    def _mourn(self, machine: Machine) -> None:
        revive, machine.revive = machine.revive, None
        if revive is not None:
            self.later(self.chance.choice((0.5, 20.0, 300.0, 2_000.0)), revive)

    def _leap(self) -> bool:
        """To the next thing that is due; False when there is none."""
        due = [actor.due for actor in self._actors if not actor.idle]
        if self._later:
            due.append(self._later[0][0])
        near = bool(due) and min(due) < self.time + NEAR
        wanted = None if near or not any(actor.idle for actor in self._actors) else self.next_due()
        if wanted is not None and wanted != self._rung_for:
            self._patience = 1.0
        store = None if wanted is None else max(wanted, self.time + self._patience)
        if store is not None:
            due.append(store)
        if not due:
            return False
        self.time = max(self.time, min(due))
        while self._later and self._later[0][0] <= self.time:
            heapq.heappop(self._later)[2]()
        if store is not None and store <= self.time:
            # Less and less often while nobody takes what is due: whoever could may be asleep. Nobody sleeps for ever, and whoever
            # is idle looks twice a second: that a bell is not heard changes who comes first, never that somebody comes.
            self.ring(HEARS if self._patience < LONG else 1.0)
            self._rung_for, self._patience = wanted, min(2 * self._patience, LONGEST_SLEEP)
        return True


def _played(play: Callable[[], None]) -> None:
    try:
        play()
    except Died:
        return
