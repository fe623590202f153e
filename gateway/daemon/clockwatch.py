"""The clock, watched: when it goes back while we run, what it had dated ahead is put right at once, not at the next start.

1. Each look is compared with the latest moment that was seen.
2. Whoever read the clock before it went back may commit later, with a date that lies ahead: a large file takes minutes to seal.
   So it is looked again after a while, and after longer.
"""

from __future__ import annotations

from datetime import timedelta

from gateway.daemon.plant import Plant
from gateway.pipeline.putting_right import put_right

NOTICED = timedelta(minutes=10)      # less is what clocks of two machines may differ by, and hurts nobody for long
AGAIN = (10.0, 100.0, 1_000.0, 4_000.0)      # seconds after; no work takes longer than the last (``queue.LONGEST_WORK``)


class ClockWatch:
    """Looks at the clock of a plant."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._latest = plant.ports.clock.now()
        self._again: list[float] = []        # by the ticks, which never go back

    @property
    def uneasy(self) -> bool:
        """Whether it went back, and is to be looked again."""
        return bool(self._again)

    def look(self) -> bool:
        """Whether something was put right."""
        now, ticks = self._plant.ports.clock.now(), self._plant.ticks()
        back = self._latest - now
        if back >= NOTICED:
            count = put_right(self._plant.ports, now)
            self._latest = now
            self._again = [ticks + seconds for seconds in AGAIN]
            self._plant.log.note("clock-went-back", seconds=back.total_seconds(), count=count)
            return True
        self._latest = max(self._latest, now)
        if not self._again or ticks < self._again[0]:
            return False
        count = put_right(self._plant.ports, now)
        self._again = [moment for moment in self._again if moment > ticks]
        if count:
            self._plant.log.note("dated-ahead", count=count)
        return count > 0
