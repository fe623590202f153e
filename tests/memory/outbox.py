"""An outbox that keeps what it was given, for tests of the pipeline."""

from __future__ import annotations

import hashlib
from datetime import datetime

from gateway.domain.parcels.stages import Delivered
from gateway.errors import TamperError
from gateway.ports import Outgoing


class MemoryOutbox:
    """Implements ``ports.Outbox``."""

    def __init__(self) -> None:
        self.things: dict[str, bytes] = {}
        self.deliveries = 0

    def deliver(self, outgoing: Outgoing, at: datetime) -> Delivered:
        self.deliveries += 1
        there = self.things.setdefault(outgoing.name, outgoing.content)
        if there != outgoing.content:
            raise TamperError("another thing of that name is there", code="OUTBOX-OTHER-CONTENT", hint="Look at both.")
        digest = hashlib.sha256(outgoing.content).hexdigest()
        return Delivered(job=outgoing.job, to=outgoing.to, where=f"memory/{outgoing.name}", sha256=digest, at=at)

    def withdraw(self, name: str) -> bool:
        return self.things.pop(name, None) is not None
