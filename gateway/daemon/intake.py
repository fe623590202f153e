"""Intake: from the inboxes of one lane to durable parcels.

1. A door (one inbox) gives a few files at a time, and doors where nothing was left over go first and are received at once, so
   that one sender's thousand files do not keep another's one waiting; a large file goes aside. What a sender gives beyond a
   day's allowance waits (see ``allowances``).
2. What several doors gave is received together (see ``gatehouse``). If that fails, the doors recover at their next look: nothing
   is released on a guess, because the store may have committed.
3. What may not be read (a link, a pipe) comes in like a file, with its answer: it is received, answered and told of like one.
4. A door in trouble is left alone for a while, longer each time; the others go on.
5. While there is no room nothing is taken: what is in hand must be finished, and people must be told.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from gateway.daemon.aside import LARGE
from gateway.daemon.door import Door
from gateway.daemon.fault import attempt
from gateway.daemon.gatehouse import Gatehouse
from gateway.daemon.plant import Plant, WatchedInbox
from gateway.errors import PartnerUnavailableError, RetryableError
from gateway.pipeline.receive import Arrival, recover
from gateway.ports import Inbox

PER_DOOR = 4         # files of one sender in one round
PER_ROUND = 32       # open, half-sealed files at a time
ROOM_PAUSE = 1.0     # seconds between two looks at a disk without room


class Intake:
    """The doors of one lane. Used by one thread."""

    def __init__(self, plant: Plant, watched: Sequence[WatchedInbox], gatehouse: Gatehouse) -> None:
        self._plant = plant
        self._gatehouse = gatehouse
        self._full_until = 0.0
        self.looked = 0.0             # when the first look had ended; 0.0 before
        self.bell = threading.Event()
        self.doors = [Door(one, plant.ticks, self.bell.set) for one in watched]

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

    def pending(self) -> bool:
        """Whether a door was woken since it was looked at, or waits for its large file."""
        ticks = self._plant.ticks()
        return not self.full() and any(door.shut or door.is_due(ticks) for door in self.doors)

    def full(self) -> bool:
        """Whether there was no room at the last look."""
        return self._full_until > 0

    def troubled(self) -> bool:
        """Whether an inbox could not be looked at, or nothing could be taken."""
        return self.full() or any(door.troubled or door.rationed for door in self.doors)

    def unavailable(self) -> bool:
        """Whether a partner's inbox did not answer."""
        return any(door.unavailable for door in self.doors)

    def round(self) -> int:
        """Look at the doors that are due, and take in what is ready; how many files came in or went aside."""
        ticks = self._plant.ticks()
        due = sorted((door for door in self.doors if door.is_due(ticks)), key=lambda door: door.has_more)
        if not due or not self._room(ticks):
            return 0
        given: list[tuple[Door, Arrival]] = []
        taken = 0
        for door in due:
            if door.has_more:
                taken += self._gatehouse.take_in(given)      # of those who go first
                given = []
            taken += self._recover(door)
            for arrival in self._look(door):
                if arrival.claimed.size > LARGE:
                    self._gatehouse.aside.put(door, arrival)
                    taken += 1
                else:
                    given.append((door, arrival))
            if len(given) >= PER_ROUND:
                taken += self._gatehouse.take_in(given)
                given = []
        taken += self._gatehouse.take_in(given)
        self.looked = self.looked or self._plant.ticks()
        return taken

    def pause(self) -> float:
        """Seconds until there is something to look at."""
        due = [door.due for door in self.doors if not door.shut]
        return max(0.0, min(due) - self._plant.ticks()) if due and not self.full() else ROOM_PAUSE

    def wait(self, seconds: float) -> None:
        """Until an inbox wakes us, or the time is up."""
        self.bell.wait(seconds)
        self.bell.clear()

    def _room(self, ticks: float) -> bool:
        if ticks < self._full_until:
            return False
        self._full_until = 0.0 if self._gatehouse.has_room() else ticks + ROOM_PAUSE
        return not self.full()

    def _recover(self, door: Door) -> int:
        """Claims of a run, or a round, that died."""
        if door.recovered:
            return 0
        return attempt(lambda: self._take_up(door), lambda error: self._gatehouse.trouble(door, error))

    def _take_up(self, door: Door) -> int:
        inbox, ports = door.inbox, self._plant.ports
        left = [Arrival(claimed, inbox.sender, inbox.channel) for claimed in inbox.abandoned()
                if not self._gatehouse.aside.has(claimed.claim)]
        received = recover(left, ports, ports.clock.now()) if left else []
        door.recovered = True
        self._gatehouse.tell(received)
        return len(received)

    def _look(self, door: Door) -> list[Arrival]:
        arrivals: list[Arrival] = []
        if door.recovered:
            attempt(lambda: self._claim_ready(door, arrivals), lambda error: self._gatehouse.trouble(door, error))
        return arrivals

    def _claim_ready(self, door: Door, arrivals: list[Arrival]) -> int:
        inbox, allowances = door.inbox, self._gatehouse.allowances
        names, changed = door.next_names(PER_DOOR, self._plant.wall()), False
        allowed = allowances.files_left(inbox.sender) if names else 0
        door.rationed = len(names) > 0 and allowed == 0
        if door.rationed:
            allowances.tell(inbox.sender)
        door.put_back(names[allowed:])
        for number, name in enumerate(names[:allowed], start=1):
            try:
                arrivals.append(self._claimed(inbox, name))
            except PartnerUnavailableError:
                raise
            except RetryableError:  # gone, or changed again: the next look sees
                changed = True
                continue
            allowances.spend(inbox.sender, arrivals[-1].claimed.size)
            if arrivals[-1].claimed.size > LARGE:
                door.put_back(names[number:allowed])    # it goes aside, and what came after it waits for it
                break
        door.looked(more=door.has_more and not door.rationed, unfinished=changed or inbox.growing())
        return len(arrivals)

    def _claimed(self, inbox: Inbox, name: str) -> Arrival:
        claimed = inbox.claim(name)
        if claimed.refusal is not None:
            self._plant.log.fault("arrival-refused", claimed.refusal, parcel=claimed.claim, sender=inbox.sender,
                                  channel=inbox.channel.value)
        return Arrival(claimed, inbox.sender, inbox.channel)
