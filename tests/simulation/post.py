"""The world between gateways: folders of other people, reached over a line that loses, repeats and delays.

1. A place keeps the contract of a real folder: the same name with the same bytes is success, with others an alarm. What was
   taken away may be delivered again under its name.
2. A request may be lost; arrive while its answer is lost; be given up and arrive hours later; what arrived may arrive again.
3. A partner may be away for hours: everyone who asks is told so.
4. Whoever looks from outside sees every content that ever came under a name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from gateway.domain.parcels.kinds import Channel
from gateway.domain.parcels.stages import Delivered
from gateway.errors import PartnerUnavailableError, RefusedError, RetryableError, TamperError
from gateway.ports import Claimed, Ids, Outgoing
from tests.simulation.turns import Machine, Turns


@dataclass
class Place:
    """A folder: what lies in it, what is being taken from it, what ever came."""

    name: str
    turns: Turns
    lying: dict[str, bytes] = field(default_factory=dict)
    taking: dict[str, tuple[str, bytes]] = field(default_factory=dict)      # claim → name, bytes
    seen: dict[str, set[bytes]] = field(default_factory=dict)               # name → every content that came
    away_until: float = 0.0

    def put(self, name: str, content: bytes) -> None:
        """As an outbox's reader sees it."""
        there = self.lying.get(name)
        if there is not None and there != content:
            raise TamperError("another thing of that name is there", code="OUTBOX-OTHER-CONTENT", hint="Look at both.")
        self.lying[name] = content
        self.seen.setdefault(name, set()).add(content)
        self.turns.ring(1.0)

    def again(self, name: str, content: bytes) -> None:
        """A copy arrives, late or twice; one that finds another content there is lost."""
        if self.lying.get(name, content) == content:
            self.put(name, content)


@dataclass
class SimulatedOutbox:
    """Implements ``ports.Outbox``: one machine's way to a place."""

    place: Place
    machine: Machine

    def deliver(self, outgoing: Outgoing, at: datetime) -> Delivered:
        """Over the line."""
        turns, place, weather = self.place.turns, self.place, self.place.turns.weather
        turns.step(self.machine)
        self._leave(outgoing.name, outgoing.content)
        turns.step(self.machine)
        if weather.blows and turns.chance.random() < weather.unanswered:
            raise self._failed("answer lost", turns.chance.uniform(0.0, 30.0))
        digest = hashlib.sha256(outgoing.content).hexdigest()
        return Delivered(outgoing.job, outgoing.to, f"{place.name}/{outgoing.name}", digest, at)

    def withdraw(self, name: str) -> bool:
        """Take it back."""
        self.place.turns.step(self.machine)
        return self.place.lying.pop(name, None) is not None

    def _leave(self, name: str, content: bytes) -> None:
        turns, place, weather = self.place.turns, self.place, self.place.turns.weather
        if weather.blows:
            chance = turns.chance
            if chance.random() < weather.away:
                place.away_until = turns.time + chance.choice((60.0, 3_600.0, 20_000.0))
            if turns.time < place.away_until:
                raise self._failed("partner away", 0.0)
            if chance.random() < weather.lost:
                raise self._failed("request lost", chance.uniform(0.0, 30.0))
            if chance.random() < weather.late:
                turns.later(chance.uniform(1.0, 20_000.0), lambda: place.again(name, content))
                raise self._failed("request late", 30.0)
            if chance.random() < weather.twice:
                turns.noted("arrived twice")
                turns.later(chance.uniform(0.0, 5_000.0), lambda: place.again(name, content))
        place.put(name, content)

    def _failed(self, why: str, after: float) -> PartnerUnavailableError:
        self.place.turns.noted(why)
        self.place.turns.pause(after)
        return PartnerUnavailableError("991 does not answer", code="AWAY", hint="It is tried again.")


@dataclass
class SimulatedInbox:
    """Implements ``ports.Inbox``: one machine's view of a place in which files arrive whole."""

    place: Place
    machine: Machine
    sender: str
    channel: Channel
    ids: Ids

    def ready(self, now: float) -> Sequence[str]:
        """Everything that lies there."""
        self.place.turns.step(self.machine)
        return list(self.place.lying)

    def growing(self) -> bool:
        """Nothing grows."""
        return False

    def claim(self, name: str) -> Claimed:
        """By a rename, which happens or does not."""
        self.place.turns.step(self.machine)
        if name not in self.place.lying:
            raise RetryableError("it is gone", code="FILE-GONE", hint="Nothing to do.")
        claim = self.ids.new("P")
        content = self.place.lying.pop(name)
        self.place.taking[claim] = (name, content)
        return SimulatedClaim(self.place, self.machine, name, claim, len(content))

    def abandoned(self) -> Sequence[Claimed]:
        """What a former machine left."""
        self.place.turns.step(self.machine)
        return [SimulatedClaim(self.place, self.machine, name, claim, len(content))
                for claim, (name, content) in self.place.taking.items()]

    def watch(self, wake: Callable[[], None]) -> AbstractContextManager[None]:
        """The bell of the turns rings for everybody."""
        return nullcontext()


@dataclass
class SimulatedClaim:
    """Implements ``ports.Claimed``."""

    place: Place
    machine: Machine
    name: str
    claim: str
    size: int
    refusal: RefusedError | None = None

    def chunks(self) -> Iterator[bytes]:
        """All of it."""
        self.place.turns.step(self.machine)
        yield self.place.taking[self.claim][1]

    def recheck(self, size: int) -> None:
        """Nobody changes it."""
        self.place.turns.step(self.machine)

    def release(self) -> None:
        """Back under its name."""
        self.place.turns.step(self.machine)
        name, content = self.place.taking.pop(self.claim)
        self.place.lying.setdefault(name, content)

    def finish(self) -> None:
        """Deleted; safe to repeat."""
        self.place.turns.step(self.machine)
        self.place.taking.pop(self.claim, None)
        self.place.turns.step(self.machine)
