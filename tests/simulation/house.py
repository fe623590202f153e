"""One gateway of the simulation: what lasts (store, vault), and the world as one of its machines sees it.

Every part is the real one but the clock, the ids, the post and the printing press: those are given by the seed, or do not matter.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from adapters.vault.memory import MemoryVault
from gateway.daemon import Lane
from gateway.daemon.plant import Handler
from gateway.domain.clocks.school_days import SchoolCalendar
from gateway.domain.parcels.kinds import Channel
from gateway.domain.policy import Person, Policy
from gateway.ports import Examiner, Notice, Ports, Vault
from keys.age_files import AgeFiles, new_identity
from schemas.pages import PrintedPages
from tests.safeguards.thornhaven import register
from tests.schemas.package.authorities import Authority
from tests.simulation.history import History
from tests.simulation.post import Place, SimulatedOutbox
from tests.simulation.store import Post, WitnessedStore, WriterLock
from tests.simulation.turns import Machine, Turns

START = datetime(2026, 11, 15, 21, tzinfo=UTC)      # a Sunday: what comes late may come in the next reporting week
REGISTER = register()
_IDENTITY, _RECIPIENT = new_identity()


@dataclass
class House:
    """What lasts, and how it is worked on."""

    keys: Authority
    path: Path                    # of the store's file
    turns: Turns
    history: History
    lanes: Sequence[Lane]
    handlers: Mapping[str, Handler]
    inboxes: Sequence[tuple[Place, str, Channel]] = ()
    examiner: Examiner | None = None
    places: dict[str, Place] = field(default_factory=dict)         # by purpose; answers to a sender by "answers:SENDER"
    notices: list[Notice] = field(default_factory=list)
    _stores: list[tuple[Machine, WitnessedStore]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.vault = MemoryVault(AgeFiles([_RECIPIENT], [_IDENTITY]))
        self.writer = WriterLock(self.turns)
        self.looker = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)     # for whoever sets the scene
        la = self.keys.la
        self.policy = Policy(la, f"Authority {la}", Person(f"Contact of {la}", f"cme@{la}.example"),
                             Person("Deputy", "deputy@example.org"), "01632 960100")

    def place(self, purpose: str) -> Place:
        """Where things of a purpose go."""
        return self.places.setdefault(purpose, Place(f"{self.keys.la}/{purpose}", self.turns))

    def ports(self, machine: Machine, clock: Clock | None = None) -> Ports:
        """The world as one machine sees it."""
        clock = clock or Clock(self.turns)
        ids = _Ids(clock, machine)
        store = self._store(Post(self.path, self.turns, machine, self.writer, self.history, ids))
        return Ports(
            store=store, vault=cast(Vault, _Tied(self.vault, self.turns, machine)),
            examiner=cast(Examiner, _Tied(self.examiner, self.turns, machine)), notary=self.keys.signer, press=_Press(),
            notifier=_Notifier(self, machine), clock=clock, ids=ids, calendar=SchoolCalendar(self.keys.la, ()), register=REGISTER,
            policy=self.policy, courier=self.keys.courier(), pages=PrintedPages(),
            outboxes=lambda purpose: self._outbox(purpose, machine),
            answers=lambda sender, channel: None if channel is Channel.PEER else self._outbox(f"answers:{sender}", machine))

    @cached_property
    def auditor(self) -> Ports:
        """The world as whoever takes the account sees it: nothing happens to that machine."""
        return self.ports(Machine(f"{self.keys.la}-auditor"))

    def close(self) -> None:
        """Every store that was opened, when nobody works on it any more."""
        for _, store in self._stores:
            store.close()
        self.looker.close()

    def _store(self, post: Post) -> WitnessedStore:
        """A dead machine's connections, which rolled back when it died, or new ones."""
        for number, (machine, store) in enumerate(self._stores):
            if not machine.alive:
                store.taken_by(post)
                self._stores[number] = (post.machine, store)
                return store
        self._stores.append((post.machine, WitnessedStore(post)))
        return self._stores[-1][1]

    def _outbox(self, purpose: str, machine: Machine) -> SimulatedOutbox:
        return SimulatedOutbox(self.place(purpose), machine)


@dataclass
class Clock:
    """The turns' time, as a machine tells it."""

    turns: Turns
    skew: float = 0.0
    leap: float = 0.0

    def now(self) -> datetime:
        """In UTC."""
        wrong = self.skew + (self.leap if self.turns.weather.blows else 0.0)
        return START + timedelta(seconds=self.turns.time + wrong)

    def today(self) -> date:
        """In winter, when London has UTC."""
        return self.now().date()


class _Ids:
    """Identifiers that sort by the machine's time, as the real ones do, and are the same for the same seed."""

    def __init__(self, clock: Clock, machine: Machine) -> None:
        self._clock, self._mark, self._last, self._count = clock, machine.name.replace("-", ""), 0, 0

    def new(self, prefix: str) -> str:
        self._last = max(self._last, int(self._clock.now().timestamp() * 1000))
        self._count += 1
        return f"{prefix}{self._last:013d}{self._count:05d}{self._mark}"


class _Tied:
    """A port of one machine: each call is a step before and after."""

    def __init__(self, inner: object, turns: Turns, machine: Machine) -> None:
        self._inner, self._turns, self._machine = inner, turns, machine

    def __getattr__(self, name: str) -> Any:
        act = getattr(self._inner, name)

        def call(*given: Any, **named: Any) -> Any:
            self._turns.step(self._machine)
            answer = act(*given, **named)
            self._turns.step(self._machine)
            return _Tied(answer, self._turns, self._machine) if name == "begin" else answer

        return call


class _Press:
    """Pages without ornament."""

    def bare(self, facts: Mapping[str, Any]) -> bytes:
        return b""

    def page(self, note: str, facts: Mapping[str, Any], digest: str | None = None) -> bytes:
        return note.encode()

    def data(self, note: str, facts: Mapping[str, Any]) -> bytes:
        return note.encode()


@dataclass
class _Notifier:
    house: House
    machine: Machine

    def tell(self, notice: Notice) -> None:
        self.house.turns.step(self.machine)
        self.house.notices.append(notice)
