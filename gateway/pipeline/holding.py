"""Holding something for a person in the caller's transaction, where no desk is at hand (``Desk.hold`` does the same on a desk).

A hold is made once for its key; ``domain/cases/waiting`` says when it waits again.
"""

from __future__ import annotations

from datetime import datetime

from gateway.domain.cases.waiting import Hold, held_now
from gateway.ports import Ports, Transaction


def hold(tx: Transaction, ports: Ports, what: str, about: str, reason: str, key: str, now: datetime, *, anew: bool = False,
         child: str | None = None, case: str | None = None) -> Hold:
    """What waits under the key now."""
    known = next(iter(tx.holds.where(key=key)), None)
    held = held_now(known, Hold(ports.ids.new("H"), what, about, reason, now, key, child=child, case=case), anew=anew)
    if known is None:
        tx.holds.add(held)
    elif held != known:
        tx.holds.save(held)
    return held


def tell_of(tx: Transaction, ports: Ports, what: str, about: str, reason: str, key: str) -> bool:
    """The same, and the contact is told the same day; False: it waited or was cleared already under this key."""
    now = ports.clock.now()
    held = hold(tx, ports, what, about, reason, key, now)
    return tx.jobs.enqueue("notice", f"notice:{held.id}", now, {"hold": held.id})
