"""How much a sender may give in a day.

1. Counted are the sender's parcels of the day (in London): from the store at the day's first look, then as they are taken.
2. What goes beyond stays where it is until tomorrow: nothing is lost, nobody else's disk or turn is used up, and a person is
   told, once a day.
3. Bytes are known when a file has been claimed: the last file of a day may go beyond them.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date

from gateway.daemon.plant import Plant
from gateway.domain.clocks.london import after, day_of, start_of
from gateway.pipeline.holding import tell_of


@dataclass(slots=True)
class _Spent:
    day: date
    files: int
    size: int


class Allowances:
    """Shared by every thread that takes files in."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._spent: dict[str, _Spent] = {}
        self._lock = threading.Lock()

    def files_left(self, sender: str) -> int:
        """How many more may be taken today."""
        allowed = self._plant.allowed
        with self._lock:
            spent = self._today(sender)
        return max(0, allowed.files - spent.files) if spent.size < allowed.size else 0

    def spend(self, sender: str, size: int) -> None:
        """A file was taken."""
        with self._lock:
            spent = self._today(sender)
            spent.files += 1
            spent.size += size

    def tell(self, sender: str) -> None:
        """A person learns, once a day, that this sender's files wait."""
        allowed, ports = self._plant.allowed, self._plant.ports
        now = ports.clock.now()
        reason = (f"{sender} has given as much as is taken from one sender in a day ({allowed.files:,} files or {allowed.size:,} "
                  "bytes); the rest waits in its folder until tomorrow, unless receive.sender_files_per_day or "
                  "receive.sender_bytes_per_day is raised")
        with ports.store.writing() as tx:
            tell_of(tx, ports, "quota", sender, reason, f"quota:{sender}:{day_of(now)}")

    def _today(self, sender: str) -> _Spent:
        now = self._plant.ports.clock.now()
        today = day_of(now)
        spent = self._spent.get(sender)
        if spent is None or spent.day != today:
            spent = self._spent[sender] = self._counted(sender, today)
        return spent

    def _counted(self, sender: str, today: date) -> _Spent:
        with self._plant.ports.store.reading() as tx:
            return _Spent(today, *tx.parcels.given(sender, start_of(today), after(today)))
