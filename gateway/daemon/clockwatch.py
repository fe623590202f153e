"""The clock, watched: when it goes back while we run, what it had dated ahead is put right at once, not at the next start."""

from __future__ import annotations

from datetime import timedelta

from gateway.daemon.plant import Plant
from gateway.pipeline.putting_right import put_right

NOTICED = timedelta(minutes=10)      # less is what clocks of two machines may differ by, and hurts nobody for long


class ClockWatch:
    """Compares each look with the latest moment that was seen."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._latest = plant.ports.clock.now()

    def look(self) -> bool:
        """Whether something was put right."""
        ports = self._plant.ports
        now = ports.clock.now()
        back = self._latest - now
        if back < NOTICED:
            self._latest = max(self._latest, now)
            return False
        count = put_right(ports, now)
        self._latest = now
        self._plant.log.note("clock-went-back", seconds=back.total_seconds(), count=count)
        return True
