"""Reading a parcel again: when what we judge by has changed, a refusal may no longer be right.

1. What we judge by is: the rules, the public register, and this sender's headings, passwords and permitted establishments, and
   whether anything is expected from it.
2. A parcel that was refused, or of which every row is held, is read again when that has changed since its last reading; it
   gets a new *processed* receipt. A parcel of which anything was accepted is never read again: its rows are corrected by a
   new return. Nor is one that a later return has put right, or that a person has dealt with.
3. Packages of other gateways are not: what is wrong with one its sender mends by sending another. Nor is what was refused at
   the door: it has no bytes to read. But a package that was refused because its sender's key was not trusted is read again when
   that is: its sender cannot know, and nothing is wrong with it.
4. Nothing of the passwords can be learnt from the mark that is kept: it is a hash over a hash of the whole.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from gateway.domain.cases.waiting import HoldState
from gateway.domain.parcels.kinds import Channel
from gateway.domain.parcels.parcel import Parcel, ParcelState
from gateway.domain.parcels.refused import refused_at_the_door
from gateway.ports import Ports, Transaction

FOR_WANT_OF_A_KEY = ("PACKAGE-NO-CONTACT", "PACKAGE-KEY-NOT-YET", "PACKAGE-KEY-EXPIRED", "PACKAGE-SIGNATURE", "PACKAGE-SEALED")
_MAY_CHANGE = (ParcelState.REFUSED, ParcelState.HELD)
RULES_VERSION = "2"  # raise it with every change of a rule or a reader that may turn a refusal into an acceptance


def judged_by(sender: str, ports: Ports) -> str:
    """A mark that changes when this sender's files may be judged otherwise."""
    terms = ports.policy.terms_of(sender)
    secrets = hashlib.sha256(json.dumps(terms.passwords).encode()).hexdigest()
    ours = [RULES_VERSION, ports.policy.largest_file, ports.register.version]
    known = ["expected"] if sender in ports.policy.expected else []
    parts = [*ours, sorted(terms.headings.items()), terms.permitted, secrets, *known]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]


def reading(tx: Transaction, parcel: Parcel, number: int, now: datetime, turn: datetime | None = None, why: str = "") -> bool:
    """Enqueue a parcel's reading, in its sender's line; False: this one was enqueued before. ``why`` makes it another one."""
    key = f"process:{parcel.id}:{number}" + (f":{why}" if why else "")
    return tx.jobs.enqueue("process", key, now, {"parcel": parcel.id, "size": parcel.size}, turn=turn, line=parcel.sender)


def turn_of(tx: Transaction, parcel: Parcel, number: int) -> datetime | None:
    """When this reading had its turn, which is its answer's too; None: it was enqueued for a reason of its own."""
    return next((job.turn for job in tx.jobs.where(key=f"process:{parcel.id}:{number}")), None)


def note_reading(tx: Transaction, parcel: Parcel, ports: Ports) -> None:
    """Remember by what a parcel was judged, in the transaction that settles it."""
    tx.settings.put(f"judged-by:{parcel.id}", judged_by(parcel.sender, ports))


def read_again_if_due(tx: Transaction, parcel: Parcel, ports: Ports, now: datetime) -> bool:
    """Enqueue another reading when one may come out otherwise; True when it was enqueued."""
    if parcel.state not in _MAY_CHANGE or parcel.reading == 0:
        return False
    if parcel.channel is Channel.PEER or refused_at_the_door(parcel) is not None:
        return False
    if tx.holds.count(about=parcel.id, state=HoldState.REJECTED, what="file"):
        return False
    if tx.settings.get(f"judged-by:{parcel.id}") == judged_by(parcel.sender, ports):
        return False
    return reading(tx, parcel, parcel.reading + 1, now)


def note_lacking_key(tx: Transaction, parcel: Parcel, code: str) -> None:
    """Remember that a package was refused for want of a trusted key, or was refused for another reason since."""
    tx.settings.put(f"lacks-key:{parcel.id}", code if code in FOR_WANT_OF_A_KEY else "")


def read_packages_again(tx: Transaction, la: str, now: datetime) -> int:
    """An authority's key is trusted: what was refused for want of it is read again; how many packages."""
    waiting = [parcel for parcel in tx.parcels.where(sender=la, state=ParcelState.REFUSED)
               if parcel.channel is Channel.PEER and tx.settings.get(f"lacks-key:{parcel.id}")]
    return sum(reading(tx, parcel, parcel.reading + 1, now, why="key") for parcel in waiting)


def read_again_what_may_change(ports: Ports, now: datetime) -> int:
    """At the daemon's start: every refused or wholly held parcel that may now be judged otherwise."""
    with ports.store.reading() as tx:
        waiting = [p for state in _MAY_CHANGE for p in tx.parcels.where(state=state)]
        due = [p for p in waiting if tx.settings.get(f"judged-by:{p.id}") != judged_by(p.sender, ports)]
    if not due:
        return 0
    with ports.store.writing() as tx:
        return sum(read_again_if_due(tx, parcel, ports, now) for parcel in due)
