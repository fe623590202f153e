"""Receive: an arrival becomes a parcel the gateway answers for.

The order is what makes it safe to die anywhere (steps 1 to 3 are the inbox's):
(4) copy the claimed file into our own blob while hashing and sealing, then ask the inbox whether it changed meanwhile;
(5) publish the blob under the parcel's id;
(6) one transaction: parcel, ledger leaf, the job that carries it on, the *received* receipt and the job that gives it;
(7) the receipt itself is written once its leaf has a number (see ``acknowledge``);
(8) finish the claim: only now is the sender's file deleted.

A claim's id becomes the parcel's id, so a run that died between (5) and (6) left its blob under a name recovery can find.
The same bytes from the same sender in the same week are the same parcel: its receipts are given again, nothing else happens,
unless it was refused or wholly held and what we judge by has changed since (see ``reading``).
What may not be read (a link, a pipe) is a parcel too, with a description for its bytes and its answer from the start.
Several arrivals share a transaction. When it fails they stay claimed, and ``recover`` takes them up: whether it was committed
is asked of the store, never assumed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gateway.domain.actor import GATEWAY, Actor
from gateway.domain.clocks.london import day_of
from gateway.domain.clocks.reporting_week import reporting_week
from gateway.domain.parcels.kinds import Channel
from gateway.domain.parcels.parcel import Parcel, Receipt, ReceiptStage
from gateway.domain.parcels.refused import refused
from gateway.domain.parcels.stages import Offered, Received
from gateway.domain.parcels.turns import next_turn
from gateway.errors import RetryableError
from gateway.pipeline.reading import read_again_if_due, reading
from gateway.ports import BlobWriter, Claimed, Ports, Transaction


@dataclass(frozen=True, slots=True)
class Arrival:
    """A claimed file and whose it is. ``taken_by`` is who handed it in; the gateway itself for an inbox."""

    claimed: Claimed
    sender: str
    channel: Channel
    taken_by: Actor = GATEWAY


@dataclass(frozen=True, slots=True)
class Copied:
    """An arrival whose bytes are sealed but not yet visible."""

    arrival: Arrival
    blob: BlobWriter
    sha256: str
    size: int

    @property
    def parcel(self) -> str:
        """The parcel's id."""
        return self.arrival.claimed.claim

    @property
    def key(self) -> str:
        """The blob's key."""
        return f"parcel/{self.parcel}"


def receive(arrivals: Iterable[Arrival], ports: Ports, now: datetime) -> list[Received]:
    """Take responsibility for what was claimed. Arrivals that changed while they were read go back and are not in the answer."""
    copied = [done for arrival in arrivals if (done := _copy(arrival, ports)) is not None]
    if not copied:
        return []
    try:
        week = reporting_week(day_of(now))     # of all that follows: with another, what is known would be entered without a blob
        known = _known(copied, week, ports)
        for one in copied:
            if one.parcel not in known:
                one.blob.publish(one.key)  # (5)
        with ports.store.writing() as tx:
            received = [_enter(tx, one, week, ports, now) for one in copied]  # (6)
    except BaseException:
        for one in copied:
            one.blob.discard()
        raise
    for one, result in zip(copied, received, strict=True):
        if result.parcel != one.parcel:
            one.blob.discard()
            ports.vault.remove(one.key)  # a twin in the same batch was published for nothing
        one.arrival.claimed.finish()  # (8)
    return received


def forget(arrival: Arrival, ports: Ports) -> None:
    """After a failure with no recovery to come (``gateway take``): leave no blob for a parcel that never was."""
    parcel = arrival.claimed.claim
    with ports.store.reading() as tx:
        committed = tx.parcels.find(parcel) is not None
    if not committed:
        ports.vault.remove(f"parcel/{parcel}")


def recover(arrivals: Iterable[Arrival], ports: Ports, now: datetime) -> list[Received]:
    """Claims of a run that died: those whose row was committed are finished, the others start again from step 4."""
    undone = []
    for arrival in arrivals:
        parcel = arrival.claimed.claim
        with ports.store.reading() as tx:
            committed = tx.parcels.find(parcel) is not None
        if committed:
            arrival.claimed.finish()
            continue
        ports.vault.remove(f"parcel/{parcel}")  # published before the death, for a row that never was
        undone.append(arrival)
    return receive(undone, ports, now)


def _copy(arrival: Arrival, ports: Ports) -> Copied | None:
    # (4) Our own inode, hashed and sealed in one pass. A sender who writes on is found by the recheck.
    blob = ports.vault.begin()
    digest, size = hashlib.sha256(), 0
    try:
        for chunk in arrival.claimed.chunks():
            digest.update(chunk)
            blob.write(chunk)
            size += len(chunk)
        arrival.claimed.recheck(size)
    except RetryableError:
        blob.discard()
        arrival.claimed.release()
        return None
    except BaseException:
        blob.discard()
        raise
    return Copied(arrival, blob, digest.hexdigest(), size)


def _known(copied: Sequence[Copied], week: date, ports: Ports) -> set[str]:
    """Those whose bytes are a parcel already: nothing to publish."""
    with ports.store.reading() as tx:
        return {one.parcel for one in copied if tx.parcels.count(sender=one.arrival.sender, sha256=one.sha256, week=week)}


def _enter(tx: Transaction, one: Copied, week: date, ports: Ports, now: datetime) -> Received:
    before = tx.parcels.where(sender=one.arrival.sender, sha256=one.sha256, week=week, limit=1)
    if before:
        return _again(tx, before[0], one, ports, now)
    arrival = one.arrival
    parcel = Parcel(id=one.parcel, sender=arrival.sender, channel=arrival.channel, name=arrival.claimed.name, sha256=one.sha256,
                    size=one.size, blob=one.key, week=week, received_at=now, checked=_at_the_door(arrival))
    tx.parcels.add(parcel)
    facts = {"sha256": one.sha256, "size": one.size, "sender": parcel.sender, "channel": parcel.channel.value}
    leaf = tx.leaves.append("parcel-received", parcel.id, arrival.taken_by, now, facts)
    receipt = Receipt(id=ports.ids.new("T"), parcel=parcel.id, stage=ReceiptStage.RECEIVED, reading=0, leaf=leaf.id, at=now,
                      body=facts | {"parcel": parcel.id, "received_at": now.isoformat(), "week": week.isoformat(),
                                    "file": _number_of_the_day(tx, parcel, now)})
    tx.receipts.add(receipt)
    turn = _turn(tx, parcel, now)
    tx.jobs.enqueue("receipt", f"receipt:{receipt.id}", now, {"receipt": receipt.id}, turn=turn)
    reading(tx, parcel, 1, now, turn)
    return _as_received(parcel, duplicate=False)


def _at_the_door(arrival: Arrival) -> dict[str, Any]:
    """The answer to what may not be read, known from the start; nothing else is known of a parcel when it comes."""
    refusal = arrival.claimed.refusal
    return refused(Offered(arrival.claimed.name, b"", arrival.sender), refusal).to_json(records=False) if refusal else {}


def _number_of_the_day(tx: Transaction, parcel: Parcel, now: datetime) -> dict[str, Any]:
    """Which of its sender's files of that day (in London) it is: by that a school knows it, without its name."""
    day, mark = day_of(now).isoformat(), f"files-of-a-day:{parcel.sender}"
    last, _, count = (tx.settings.get(mark) or "").partition(" ")
    number = int(count) + 1 if last == day else 1
    tx.settings.put(mark, f"{day} {number}")
    return {"number": number, "day": day}


def _turn(tx: Transaction, parcel: Parcel, now: datetime) -> datetime:
    mark = f"turn:{parcel.sender}"
    free = tx.settings.get(mark)
    turn, free_at = next_turn(now, datetime.fromisoformat(free) if free else None, parcel.size)
    tx.settings.put(mark, free_at.isoformat())
    return turn


def _again(tx: Transaction, parcel: Parcel, one: Copied, ports: Ports, now: datetime) -> Received:
    tx.leaves.append("parcel-again", parcel.id, one.arrival.taken_by, now, {"sha256": one.sha256})
    if not read_again_if_due(tx, parcel, ports, now):
        turn = _turn(tx, parcel, now)
        for receipt in tx.receipts.where(parcel=parcel.id):
            tx.jobs.enqueue("receipt", f"receipt:{receipt.id}:{one.parcel}", now, {"receipt": receipt.id},
                            turn=turn)
    return _as_received(parcel, duplicate=True)


def _as_received(parcel: Parcel, *, duplicate: bool) -> Received:
    return Received(parcel=parcel.id, sender=parcel.sender, channel=parcel.channel, sha256=parcel.sha256, size=parcel.size,
                    received_at=parcel.received_at, week=parcel.week, duplicate=duplicate)


