"""The gatehouse: what all lanes of the intake share.

1. ``take_in`` receives what doors gave, together. When it fails everything stays claimed, and the doors recover at their next
   look.
2. Room: while fewer bytes are free than are held in reserve, nothing is taken; a person is told once a day.
"""

from __future__ import annotations

from collections.abc import Callable

from gateway.daemon.allowances import Allowances
from gateway.daemon.aside import Aside
from gateway.daemon.door import Door
from gateway.daemon.fault import attempt
from gateway.daemon.plant import Plant
from gateway.domain.clocks.london import day_of
from gateway.domain.parcels.stages import Received
from gateway.errors import DiskError, PartnerUnavailableError
from gateway.pipeline.holding import tell_of
from gateway.pipeline.receive import Arrival, receive


class Gatehouse:
    """Shared by every thread that takes files in. ``ring`` wakes the workers."""

    def __init__(self, plant: Plant, ring: Callable[[], None]) -> None:
        self.allowances = Allowances(plant)
        self.aside = Aside(lambda door, arrival: self.take_in([(door, arrival)]), ring)
        self._plant = plant
        self._ring = ring

    def take_in(self, given: list[tuple[Door, Arrival]]) -> int:
        """Receive these; how many became parcels."""
        if not given:
            return 0
        ports = self._plant.ports
        doors = {id(door): door for door, _ in given}.values()

        def kept_claimed(error: Exception) -> list[Received]:
            for door in doors:
                door.recovered = False
                self.trouble(door, error)
            return []

        received = attempt(lambda: receive([arrival for _, arrival in given], ports, ports.clock.now()), kept_claimed)
        if received and len(received) < len(given):  # some changed while they were read, and went back
            for door in doors:
                door.looked(more=False, unfinished=True)
        self.tell(received)
        return len(received)

    def tell(self, received: list[Received]) -> None:
        """Log what came, and wake the workers."""
        for one in received:
            self._plant.log.note("parcel-again" if one.duplicate else "parcel-received", parcel=one.parcel, sender=one.sender,
                                 channel=one.channel.value, size=one.size)
        if received:
            self._ring()

    def trouble(self, door: Door, error: Exception) -> int:
        """A door could not be looked at, or what it gave could not be kept."""
        door.trouble(unavailable=isinstance(error, PartnerUnavailableError))
        self._plant.log.fault("inbox-trouble", error, sender=door.inbox.sender, channel=door.inbox.channel.value)
        return 0

    def has_room(self) -> bool:
        """Whether anything may be taken."""
        free = self._plant.room()
        if free >= self._plant.reserve:
            return True
        full = DiskError(f"{free:,} bytes are free, {self._plant.reserve:,} are held in reserve", code="NO-ROOM",
                         hint="Make room on the disk: files wait in their folders until then, and come in by themselves.")
        self._plant.log.fault("no-room", full)
        attempt(lambda: self._tell_of(full), lambda error: self._plant.log.fault("no-room", error))
        return False

    def _tell_of(self, full: DiskError) -> None:
        ports = self._plant.ports
        with ports.store.writing() as tx:
            reason = f"nothing more is taken: {full.message}. {full.hint}"
            if tell_of(tx, ports, "disk", "disk", reason, f"disk:{day_of(ports.clock.now())}"):
                self._ring()
