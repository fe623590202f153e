"""Handing out: a parcel's own bytes, for a person who must read what the gateway could not.

1. Officers, managers and the S2S administrator, and nobody else: whoever keeps the machine needs no child's file.
2. It is in the access log and in the ledger before a byte is handed out; where it was written to is nobody's business but theirs.
3. What was refused at the door has no bytes; its description is no file of the sender's, and is not handed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.domain.actor import Actor, Role, require
from gateway.domain.parcels.refused import refused_at_the_door
from gateway.errors import UsageError
from gateway.ports import Ports, Transaction

MAY = (Role.OFFICER, Role.MANAGER, Role.S2S)


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What is handed out: as whom it came, and where its bytes lie."""

    parcel: str
    sender: str
    name: str
    size: int
    blob: str


def hand_out(tx: Transaction, ports: Ports, parcel_id: str, actor: Actor, now: datetime) -> HandedOut:
    """Write down that this person is given the bytes. NotAllowedError: their role is not; UsageError: there are none."""
    require(actor, *MAY)
    parcel = tx.parcels.get(parcel_id)
    if refused_at_the_door(parcel) is not None:
        raise UsageError(f"parcel {parcel.id} was refused at the door, it has no bytes", code="NO-BYTES",
                         hint=f"gateway show {parcel.id}  says what lay there.")
    tx.access.note(actor, now, "opened file", parcel.id)
    tx.leaves.append("parcel-opened", parcel.id, actor, now, {"sha256": parcel.sha256})
    return HandedOut(parcel.id, parcel.sender, parcel.name, parcel.size, parcel.blob)
