"""Errands: small jobs of every sort, on several machines, each with an effect here and one elsewhere.

Here the effect is a ledger leaf in the transaction that ends the job; elsewhere it is a file. Each must be there once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from gateway.daemon import Lane
from gateway.domain.actor import GATEWAY
from gateway.domain.parcels.parcel import Job
from gateway.errors import RetryableError
from gateway.pipeline.alerts import notice
from gateway.ports import Outgoing, Ports
from tests.schemas.package.authorities import Authority
from tests.simulation.crew import Broken, Crew
from tests.simulation.house import House
from tests.simulation.play import Account, Scene, beside, jobs_account, typed
from tests.simulation.stores import empty_store
from tests.simulation.turns import Turns

KEYS = Authority("990")
ROUNDS = 3
SORTS = ("errand",) * 12 + ("rounds", "renews") * 4 + ("stubborn", "broken")
TO_MEND = frozenset({"stubborn", "broken"})      # never done before a person put something right
LEASE = 60.0


class Errands:
    """A play."""

    def __init__(self, scene: Scene) -> None:
        turns = self._turns = scene.turns
        chance = turns.chance
        handlers = {"errand": lambda job, ports: _errands(turns, [job], ports), "inside": self._inside, "notice": notice}
        many = partial(_errands, turns) if chance.random() < 0.3 else None
        lanes = (
            Lane("leaving", ("errand",), threads=chance.choice((1, 2)), batch=chance.choice((1, 1, 4)), lease_seconds=LEASE,
                 many=many),
            Lane("inside", ("inside", "notice"), threads=chance.choice((1, 2)), lease_seconds=LEASE))
        self._history = scene.history
        self._house = House(KEYS, empty_store(scene.folder / "990.sqlite"), turns, scene.history, lanes, handlers)
        self.houses = [self._house]
        self._wanted: list[tuple[str, str]] = []
        self._mended = False

    def begin(self) -> None:
        """Daemons start, and someone types."""
        chance = self._turns.chance
        for number in range(chance.choice((1, 2, 2, 2, 3))):
            # Daemons that go by one owner's name take each other's leases at every start: fences must hold then too.
            Crew(self._house, f"n{number}", chance.choice(("gateway", f"gateway-{number}")))
        sorts = [chance.choice(SORTS) for _ in range(chance.randint(1, 3))]
        self._wanted = [(sort, f"{sort}:{number}") for number, sort in enumerate(sorts)]
        machine, ports = beside(self._house, "typed")
        self._turns.enter(machine, "typed", lambda: self._type(ports))

    def account(self, account: Account) -> None:
        """Each was done once, here and elsewhere."""
        jobs = jobs_account(self._house, account)
        ports = self._house.auditor
        with ports.store.reading() as tx:
            done = Counter(leaf.subject for leaf in tx.leaves.unsequenced(1_000) if leaf.kind == "errand-done")
        seen = self._house.place("peer:991").seen
        for sort, key in self._wanted:
            if key not in jobs:                       # whoever typed it died before it was committed
                continue
            if sort in TO_MEND and not self._history.was_held(key):
                account.unanswered.append(f"{key} could not be done, and nobody was asked")
            account.once(f"effects of {key}", done[key], ROUNDS if sort == "rounds" else 1)
            if sort == "errand":
                account.once(f"contents of {key}", len(seen.get(key, ())))
                account.once(f"followers of {key}", int(f"{key}:again" in jobs))

    def mend(self) -> None:
        """Somebody puts right what kept jobs from being done."""
        self._mended = True

    def _inside(self, job: Job, ports: Ports) -> None:
        sort = job.key.partition(":")[0]
        if sort == "rounds":
            _rounds(job, ports)
        elif sort == "renews":
            _renews(self._turns, job, ports)
        elif sort == "stubborn" and not self._mended:
            raise RetryableError("not today", code="NOT-TODAY", hint="Wait.")
        elif sort == "broken" and not self._mended:
            raise Broken(job.key)
        else:
            _done(job, ports)

    def _type(self, ports: Ports) -> None:
        """They are enqueued, and again when that failed: an act that is safe to repeat."""
        for sort, key in self._wanted:
            typed(self._turns, partial(_enqueue, ports, sort, key))
            self._turns.pause(self._turns.chance.choice((0.0, 1.0, 300.0)))


def _enqueue(ports: Ports, sort: str, key: str) -> None:
    with ports.store.writing() as tx:
        tx.jobs.enqueue("errand" if sort == "errand" else "inside", key, ports.clock.now())


def _errands(turns: Turns, jobs: Sequence[Job], ports: Ports) -> None:
    for job in jobs:
        content = f"{job.key} is done".encode()
        ports.outboxes("peer:991").deliver(Outgoing(job.id, "991", job.key, content), ports.clock.now())
        turns.pause(turns.chance.choice((0.0, 1.0, 0.8 * LEASE)))
    with ports.store.writing() as tx:
        for job in jobs:
            tx.leaves.append("errand-done", job.key, GATEWAY, ports.clock.now(), {})
            if not job.key.endswith(":again"):
                tx.jobs.enqueue("errand", f"{job.key}:again", ports.clock.now())
            tx.jobs.finish(job)


def _rounds(job: Job, ports: Ports) -> None:
    now = ports.clock.now()
    with ports.store.writing() as tx:
        number = int(job.payload.get("round", 1))
        tx.leaves.append("errand-done", str(job.payload.get("of", job.key)), GATEWAY, now, {})
        if number < ROUNDS:
            more = {"round": number + 1, "of": job.payload.get("of", job.key)}
            tx.jobs.enqueue("inside", f"{job.key}:more", now, more, due_at=now + timedelta(seconds=30))
        tx.jobs.finish(job)


def _renews(turns: Turns, job: Job, ports: Ports) -> None:
    for _ in range(3):
        turns.pause(0.7 * LEASE)
        with ports.store.writing() as tx:
            job = tx.jobs.renew(job, ports.clock.now() + timedelta(seconds=LEASE))
    _done(job, ports)


def _done(job: Job, ports: Ports) -> None:
    with ports.store.writing() as tx:
        tx.leaves.append("errand-done", job.key, GATEWAY, ports.clock.now(), {})
        tx.jobs.finish(job)
