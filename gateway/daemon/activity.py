"""Who is at work: so that ``run_once`` knows when nothing is left, and nobody sleeps while there is work."""

from __future__ import annotations

import threading


class Activity:
    """Nothing is left when everyone has looked, in vain, since anything last happened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation = 0
        self._idle: dict[str, int] = {}
        self._bells: list[threading.Event] = []

    def join(self, name: str) -> threading.Event:
        """A worker takes part; its bell rings when there may be work."""
        with self._lock:
            self._idle[name] = -1
            bell = threading.Event()
            self._bells.append(bell)
            return bell

    def happened(self) -> None:
        """Something was done, and may have made work."""
        with self._lock:
            self._generation += 1
        for bell in self._bells:
            bell.set()

    @property
    def generation(self) -> int:
        """A number that grows with everything that happens."""
        return self._generation

    def working(self, name: str) -> None:
        """A worker is about to look."""
        with self._lock:
            self._idle[name] = -1

    def idle(self, name: str, since: int) -> None:
        """A worker looked, and found nothing to do at generation ``since``."""
        with self._lock:
            self._idle[name] = since

    def quiet(self) -> bool:
        """Whether everyone found nothing since the last thing happened."""
        with self._lock:
            return all(since == self._generation for since in self._idle.values())
