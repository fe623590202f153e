"""Aside: large files are sealed by a thread of their own, so that nobody waits for the end of one.

While one is in hand its door is shut (see ``door``), and recovery leaves its claim alone. When it fails it stays claimed, and the
door's recovery takes it up.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from gateway.daemon.door import Door
from gateway.pipeline.receive import Arrival

LARGE = 8 << 20      # bytes: below, sealing takes less time than anyone notices


class Aside:
    """Large arrivals, one after the other."""

    def __init__(self, take_in: Callable[[Door, Arrival], int], ring: Callable[[], None]) -> None:
        self._take_in = take_in
        self._ring = ring
        self._waiting: deque[tuple[Door, Arrival]] = deque()
        self._in_hand: set[str] = set()
        self._lock = threading.Lock()

    def put(self, door: Door, arrival: Arrival) -> None:
        """Take this one when its time comes."""
        door.shut = True
        with self._lock:
            self._in_hand.add(arrival.claimed.claim)
            self._waiting.append((door, arrival))
        self._ring()

    def has(self, claim: str) -> bool:
        """Whether a claim is in hand."""
        with self._lock:
            return claim in self._in_hand

    def work(self) -> bool:
        """Take in the next; False when none waits."""
        with self._lock:
            if not self._waiting:
                return False
            door, arrival = self._waiting.popleft()
        try:
            self._take_in(door, arrival)
        finally:
            with self._lock:
                self._in_hand.discard(arrival.claimed.claim)
            door.open()
        return True
