"""What every play of the simulation has: a beginning, people who put right what was held, and an account at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from gateway.daemon.fault import attempt
from gateway.domain.actor import Actor, Role
from gateway.domain.cases.waiting import HoldState
from gateway.domain.ledger.leaf import Leaf
from gateway.domain.parcels.parcel import Job, JobState
from gateway.pipeline import officer
from gateway.ports import Ports
from tests.simulation.history import History
from tests.simulation.house import START, House
from tests.simulation.turns import Machine, Turns

OFFICER = Actor("o.hart", "O Hart", frozenset({Role.OFFICER}))
MOST_TRIES = 500              # of a person who types
HORIZON = 86_400.0            # what is due later than that is a timer of the domain, and no part of the play


@dataclass
class Account:
    """What should not be, by sort; each a sentence."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    unfenced: list[str] = field(default_factory=list)    # commits that a fence should have stopped, tries beyond the last
    broken: list[str] = field(default_factory=list)      # an error that no part of the program is meant to raise
    disordered: list[str] = field(default_factory=list)

    def wrong(self) -> list[str]:
        """Everything."""
        return [f"{sort}: {said}" for sort in self.__dataclass_fields__ for said in getattr(self, sort)]

    def once(self, what: str, found: int, expected: int = 1) -> None:
        """It was done so often, and once was right."""
        if found != expected:
            (self.lost if found < expected else self.doubled).append(f"{what}: {found}, expected {expected}")


@dataclass
class Scene:
    """What a play is given."""

    turns: Turns
    history: History
    folder: Path


class Play(Protocol):
    """One kind of seed."""

    houses: list[House]

    def begin(self) -> None: ...
    def mend(self) -> None: ...
    def account(self, account: Account) -> None: ...


def next_due(turns: Turns, houses: Sequence[House]) -> float | None:
    """When a store has something to do, in the turns' seconds; what lies beyond the horizon does not count."""
    soon = min((moment for house in houses for moment in _due(house)), default=None)
    if soon is None or soon > turns.time + HORIZON:
        return None
    return soon + turns.weather.skew


def _due(house: House) -> list[float]:
    found = house.looker.execute("SELECT min(due_at) FROM jobs WHERE state = 'ready' UNION ALL"
                                 " SELECT min(lease_until) FROM jobs WHERE state = 'leased'").fetchall()
    return [moment / 1e6 - START.timestamp() for (moment,) in found if moment is not None]


def beside(house: House, name: str) -> tuple[Machine, Ports]:
    """A command that somebody types beside the daemon."""
    machine = Machine(f"{house.keys.la}-{name}")
    return machine, house.ports(machine)


def leaves_of(ports: Ports) -> list[Leaf]:
    """Every entry of the ledger, numbered or not."""
    with ports.store.reading() as tx:
        return [leaf for leaf, _ in tx.leaves.range(0, 10_000)] + tx.leaves.unsequenced(10_000)


def typed(turns: Turns, act: Callable[[], None]) -> None:
    """A person types a command, and again when it failed: it must be safe to repeat."""
    def done() -> bool:
        act()
        return True

    for _ in range(MOST_TRIES):
        if attempt(done, lambda error: False):
            return
        turns.pause(turns.chance.uniform(0.0, 20.0))
    raise AssertionError("a command that never goes well")


def release_held_jobs(house: House) -> int:
    """An officer releases every hold of a job; how many there were."""
    machine, ports = beside(house, "officer")
    holds: list[str] = []

    def release(hold: str) -> bool:
        with ports.store.writing() as tx:
            officer.release_hold(tx, ports, hold, "tried again", OFFICER, ports.clock.now())
        return True

    def act() -> None:
        with ports.store.reading() as tx:
            holds.extend(hold.id for hold in tx.holds.where(what="job", state=HoldState.OPEN))
        for hold in holds:
            attempt(lambda hold=hold: release(hold), lambda error: False)      # type: ignore[misc]

    house.turns.enter(machine, "officer", act)
    house.turns.run()
    return len(holds)


def jobs_account(house: House, account: Account) -> dict[str, Job]:
    """Every job ended, or waits for a person who was told, or for a day beyond the horizon."""
    ports = house.auditor
    with ports.store.reading() as tx:
        jobs = tx.jobs.where()
        holds = {hold.about: hold.id for hold in tx.holds.where(what="job", state=HoldState.OPEN)}
    late = ports.clock.now().timestamp() + HORIZON
    told = {str(job.payload.get("hold")) for job in jobs if job.kind == "notice"}
    la = house.keys.la
    for job in jobs:
        if job.state is JobState.HELD and job.id not in holds:
            account.stuck.append(f"{la}: {job.key} is held, and no hold tells of it")
        elif job.state is JobState.HELD and job.kind != "notice" and holds[job.id] not in told:
            account.unanswered.append(f"{la}: nobody was told that {job.key} is held")
        elif job.state is JobState.HELD:
            account.stuck.append(f"{la}: {job.key} is held for ever: {job.last_error}")
        elif job.state in (JobState.READY, JobState.LEASED) and job.due_at.timestamp() < late:
            account.stuck.append(f"{la}: {job.key} is {job.state.value}, due {job.due_at}, {job.last_error}")
    return {job.key: job for job in jobs}
