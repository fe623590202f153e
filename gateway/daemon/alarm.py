"""The alarm: a disk that is full or fails is an operator's to mend, and nobody may have to look for it.

1. A person is told once a day for each sort of trouble, by a hold and its notice, as of everything that waits.
2. When the store itself cannot be written the notice is sent at once, without a hold.
3. Telling never fails whoever tells: what goes wrong with it is logged, and the next trouble tries again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from gateway.daemon.fault import attempt
from gateway.daemon.plant import Plant
from gateway.domain.clocks.london import day_of
from gateway.errors import DiskError, SyncFailedError
from gateway.pipeline.holding import tell_of
from gateway.ports import Notice


class Alarm:
    """Shared by every thread. ``ring`` wakes the workers, one of which sends the notice. ``sounded``: in this run."""

    def __init__(self, plant: Plant, ring: Callable[[], None]) -> None:
        self._plant = plant
        self._ring = ring
        self._told: set[str] = set()
        self._lock = threading.Lock()
        self.sounded = False

    def sound(self, trouble: Exception) -> None:
        """Tell of it, when it is the disk's."""
        if not isinstance(trouble, DiskError):
            return
        self.sounded = True
        key = f"disk:{trouble.code}:{day_of(self._plant.ports.clock.now())}"
        with self._lock:
            if key not in self._told and (self._tried(self._by_hold, trouble, key) or self._tried(self._at_once, trouble, key)):
                self._told.add(key)

    def _tried(self, tell: Callable[[DiskError, str], None], trouble: DiskError, key: str) -> bool:
        def told() -> bool:
            tell(trouble, key)
            return True

        def failed(error: Exception) -> bool:
            self._plant.log.fault("not-told", error)
            return False

        try:
            return attempt(told, failed)
        except SyncFailedError as error:      # the run ends for the first one already, or will for this one
            return failed(error)

    def _by_hold(self, trouble: DiskError, key: str) -> None:
        ports = self._plant.ports
        with ports.store.writing() as tx:
            added = tell_of(tx, ports, "disk", "disk", _reason(trouble), key)
        if added:
            self._ring()

    def _at_once(self, trouble: DiskError, key: str) -> None:
        to = (self._plant.ports.policy.contact.email,)
        text = f"{_reason(trouble)}\n\nNothing about a child is in this message. What stands: gateway doctor\n"
        self._plant.ports.notifier.tell(Notice(to, f"The gateway's disk: {trouble.code}", text, key))


def _reason(trouble: DiskError) -> str:
    return f"{trouble.message}. {trouble.hint}"
