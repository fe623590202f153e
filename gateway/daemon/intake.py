"""Intake: from every inbox to durable parcels.

1. A door (one inbox) is looked at when it was woken, or when its time has come. Each gives a few files at a time, so that one
   sender's thousand files do not keep another's one waiting.
2. What several doors gave goes through ``receive`` together. If that fails, the doors recover at their next look: nothing is
   released on a guess, because the store may have committed.
3. What may not be read (a link, a pipe) comes in like a file, with its answer: it is received, answered and told of like one.
4. A door in trouble is left alone for a while, longer each time; the others go on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from gateway.daemon.fault import attempt
from gateway.daemon.plant import Plant, WatchedInbox
from gateway.domain.parcels.stages import Received
from gateway.errors import PartnerUnavailableError, RetryableError
from gateway.pipeline.receive import Arrival, receive, recover
from gateway.ports import Inbox

PER_DOOR = 16        # files of one sender in one round
PER_ROUND = 32       # open, half-sealed files at a time
GROWING_PAUSE = 0.1  # between two looks at a folder where something grows
LONGEST_PAUSE = 60.0


class Door:
    """One inbox and its next look."""

    def __init__(self, watched: WatchedInbox, ring: Callable[[], None]) -> None:
        self.inbox = watched.inbox
        self.every = watched.every
        self.recovered = False
        self.unavailable = False
        self.unfinished = False
        self._ring = ring
        self._due = 0.0
        self._troubles = 0

    def wake(self) -> None:
        """Something came; may be called from any thread."""
        self._due = min(self._due, time.monotonic())
        self._ring()

    def is_due(self, ticks: float) -> bool:
        """Whether it is time to look."""
        return ticks >= self._due

    def looked(self, *, more: bool, unfinished: bool) -> None:
        """After a look without trouble. ``more``: ready files are left; ``unfinished``: something was growing or changed."""
        self._troubles, self.unavailable, self.unfinished = 0, False, unfinished
        pause = 0.0 if more else min(GROWING_PAUSE, self.every) if unfinished else self.every
        self._due = time.monotonic() + pause

    @property
    def troubled(self) -> bool:
        """Whether the last look failed."""
        return self._troubles > 0

    def trouble(self) -> None:
        """After a look that failed."""
        self._troubles += 1
        self._due = time.monotonic() + min(LONGEST_PAUSE, 0.5 * 2 ** min(self._troubles, 10))


class Intake:
    """All doors."""

    def __init__(self, plant: Plant, ring: Callable[[], None]) -> None:
        self._plant = plant
        self.bell = threading.Event()
        self.doors = [Door(watched, self.bell.set) for watched in plant.inboxes]
        self._ring_workers = ring

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Follow the events of every inbox that brings them."""
        with ExitStack() as stack:
            for door in self.doors:
                stack.enter_context(door.inbox.watch(door.wake))
            yield

    def growing(self) -> bool:
        """Whether anything was not finished at the last look."""
        return any(door.unfinished for door in self.doors)

    def troubled(self) -> bool:
        """Whether an inbox could not be looked at."""
        return any(door.troubled for door in self.doors)

    def unavailable(self) -> bool:
        """Whether a partner's inbox did not answer."""
        return any(door.unavailable for door in self.doors)

    def round(self) -> int:
        """Look at the doors that are due, and take in what is ready; how many files came in."""
        ticks = time.monotonic()
        given: list[tuple[Door, Arrival]] = []
        taken = 0
        for door in self.doors:
            if not door.is_due(ticks):
                continue
            taken += self._recover(door)
            given += [(door, arrival) for arrival in self._look(door)]
            if len(given) >= PER_ROUND:
                taken += self._receive(given)
                given = []
        return taken + self._receive(given)

    def wait(self, seconds: float) -> None:
        """Until an inbox wakes us, or the time is up."""
        self.bell.wait(seconds)
        self.bell.clear()

    def _recover(self, door: Door) -> int:
        """Claims of a run, or a round, that died."""
        if door.recovered:
            return 0
        return attempt(lambda: self._take_up(door), lambda error: self._trouble(door, error))

    def _take_up(self, door: Door) -> int:
        inbox, ports = door.inbox, self._plant.ports
        left = [Arrival(claimed, inbox.sender, inbox.channel) for claimed in inbox.abandoned()]
        received = recover(left, ports, ports.clock.now()) if left else []
        door.recovered = True
        self._tell(received)
        return len(received)

    def _look(self, door: Door) -> list[Arrival]:
        arrivals: list[Arrival] = []
        if door.recovered:
            attempt(lambda: self._claim_ready(door, arrivals), lambda error: self._trouble(door, error))
        return arrivals

    def _claim_ready(self, door: Door, arrivals: list[Arrival]) -> int:
        inbox = door.inbox
        names, changed = inbox.ready(self._plant.wall()), False
        for name in names[:PER_DOOR]:
            try:
                arrivals.append(self._claimed(inbox, name))
            except PartnerUnavailableError:
                raise
            except RetryableError:  # gone, or changed again: the next look sees
                changed = True
        door.looked(more=len(names) > PER_DOOR, unfinished=changed or inbox.growing())
        return len(arrivals)

    def _claimed(self, inbox: Inbox, name: str) -> Arrival:
        claimed = inbox.claim(name)
        if claimed.refusal is not None:
            self._plant.log.fault("arrival-refused", claimed.refusal, parcel=claimed.claim, sender=inbox.sender,
                                  channel=inbox.channel.value)
        return Arrival(claimed, inbox.sender, inbox.channel)

    def _receive(self, given: list[tuple[Door, Arrival]]) -> int:
        if not given:
            return 0
        ports = self._plant.ports
        doors = {id(door): door for door, _ in given}.values()

        def kept_claimed(error: Exception) -> list[Received]:
            for door in doors:
                door.recovered = False
                self._trouble(door, error)
            return []

        received = attempt(lambda: receive([arrival for _, arrival in given], ports, ports.clock.now()), kept_claimed)
        if received and len(received) < len(given):  # some changed while they were read, and went back
            for door in doors:
                door.looked(more=False, unfinished=True)
        self._tell(received)
        return len(received)

    def _tell(self, received: list[Received]) -> None:
        for one in received:
            self._plant.log.note("parcel-again" if one.duplicate else "parcel-received", parcel=one.parcel, sender=one.sender,
                                 channel=one.channel.value, size=one.size)
        if received:
            self._ring_workers()

    def _trouble(self, door: Door, error: Exception) -> int:
        door.unavailable = isinstance(error, PartnerUnavailableError)
        door.trouble()
        self._plant.log.fault("inbox-trouble", error, sender=door.inbox.sender, channel=door.inbox.channel.value)
        return 0
