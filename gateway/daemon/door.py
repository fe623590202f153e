"""A door: one inbox, and when it is looked at next.

1. It is looked at when it was woken, or when its time has come; sooner while something there is unfinished. What comes during a
   look may not have been seen by it: then it is looked at again at once.
2. A door in trouble is left alone for a while, longer each time; then what it had claimed is taken up first.
3. While a large file of a door is sealed aside, the door is shut: what its sender gave after it comes in after it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from gateway.daemon.plant import WatchedInbox

GROWING_PAUSE = 0.1  # between two looks at a folder where something grows
LONGEST_PAUSE = 30.0 # a disk that has room again is looked at within a minute


class Door:
    """Its inbox and its next look. ``wake`` and ``open`` may be called from any thread."""

    def __init__(self, watched: WatchedInbox, ticks: Callable[[], float], ring: Callable[[], None]) -> None:
        self.inbox = watched.inbox
        self.every = watched.every
        self.recovered = False
        self.unavailable = False
        self.unfinished = False
        self.rationed = False         # its sender has given what may be given today, and more waits
        self.shut = False
        self._woken = False           # since the last look began
        self._names: deque[str] = deque()     # ready at the last look, and not yet claimed
        self._ticks = ticks
        self._ring = ring
        self.due = 0.0                # by a monotonic clock
        self._troubles = 0

    def wake(self) -> None:
        """Something came."""
        self._woken = True
        self.due = min(self.due, self._ticks())
        self._ring()

    def open(self) -> None:
        """The large file is through."""
        self.due = min(self.due, self._ticks())
        self.shut = False
        self._ring()

    def is_due(self, ticks: float) -> bool:
        """Whether it is time to look."""
        return not self.shut and ticks >= self.due

    def next_names(self, most: int, wall: float) -> list[str]:
        """Up to ``most`` names to claim. A folder of ten thousand is looked through once, not at each handful."""
        if not self._names:
            self._woken = False
            self._names.extend(self.inbox.ready(wall))
        return [self._names.popleft() for _ in range(min(most, len(self._names)))]

    def put_back(self, names: Sequence[str]) -> None:
        """These were not claimed; they are next."""
        self._names.extendleft(reversed(names))

    @property
    def has_more(self) -> bool:
        """Whether names of the last look are left."""
        return len(self._names) > 0

    def looked(self, *, more: bool, unfinished: bool) -> None:
        """After a look without trouble. ``more``: ready files are left; ``unfinished``: something was growing or changed."""
        self._troubles, self.unavailable, self.unfinished = 0, False, unfinished
        again = more or (self._woken and not self._names)
        pause = 0.0 if again else min(GROWING_PAUSE, self.every) if unfinished else self.every
        self.due = self._ticks() + pause

    @property
    def troubled(self) -> bool:
        """Whether the last look failed."""
        return self._troubles > 0

    def trouble(self, *, unavailable: bool) -> None:
        """After a look that failed. ``unavailable``: a partner did not answer."""
        self.unavailable, self.recovered = unavailable, False
        self._troubles += 1
        self._names.clear()
        self.due = self._ticks() + min(LONGEST_PAUSE, 0.5 * 2 ** min(self._troubles, 10))
