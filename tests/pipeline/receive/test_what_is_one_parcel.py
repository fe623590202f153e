from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from adapters.folder import DropFolder, Limits
from gateway.domain.actor import Actor
from gateway.domain.parcels.kinds import Channel, Verdict
from gateway.domain.parcels.parcel import ParcelState
from gateway.domain.parcels.stages import Received
from gateway.domain.policy import SenderTerms
from gateway.domain.register.establishments import Register
from gateway.errors import DiskError
from gateway.pipeline.reading import note_reading, read_again_what_may_change
from gateway.pipeline.receive import Arrival, receive
from gateway.ports import Ports, Transaction
from tests.pipeline.verify.world import FERNBRIDGE, World, policy

ALL_HALLOWS = "9902002"


class Gate:
    """Receives bytes as if a sender had dropped them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.world = World(root)
        self.ports = self.judging(Register(version="1"))

    def judging(self, register: Register, **terms: SenderTerms) -> Ports:
        self.ports = cast(Ports, SimpleNamespace(**{
            **vars(self.world.ports), "register": register, "policy": replace(policy(), senders=terms)}))
        return self.ports

    def arrivals(self, *contents: bytes, sender: str = FERNBRIDGE) -> list[Arrival]:
        folder = self.root / "drop" / sender
        folder.mkdir(parents=True, exist_ok=True)
        inbox = DropFolder(folder, sender, Channel.DROP, self.world.ids, limits=Limits(settle_seconds=0))
        for number, content in enumerate(contents):
            (folder / f"leavers {number}.csv").write_bytes(content)
        return [Arrival(inbox.claim(name), sender, Channel.DROP) for name in inbox.ready(1e12)]

    def receive(self, *contents: bytes, sender: str = FERNBRIDGE) -> list[Received]:
        return receive(self.arrivals(*contents, sender=sender), self.ports, self.world.clock.now())

    def count(self) -> dict[str, Any]:
        with self.world.store.reading() as tx:
            jobs = tx.jobs.where()
            return {"parcels": tx.parcels.count(), "process": sum(job.kind == "process" for job in jobs),
                    "receipt": sum(job.kind == "receipt" for job in jobs), "blobs": len(list(self.world.vault.keys()))}

    def refused(self, parcel: str, state: ParcelState = ParcelState.REFUSED) -> None:
        with self.world.store.writing() as tx:
            settled = replace(tx.parcels.get(parcel), state=state, verdict=Verdict.REFUSED, reading=1)
            tx.parcels.save(settled)
            note_reading(tx, settled, self.ports)


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)


def test_the_same_bytes_in_the_same_week_are_the_same_parcel_and_its_receipts_are_given_again(gate: Gate) -> None:
    [first] = gate.receive(b"one")
    gate.world.clock.at += timedelta(days=3)
    [second] = gate.receive(b"one")
    assert (second.parcel, second.duplicate, second.received_at) == (first.parcel, True, first.received_at)
    assert gate.count() == {"parcels": 1, "process": 1, "receipt": 2, "blobs": 1}


def test_a_week_that_ends_while_a_file_is_received_leaves_no_parcel_without_its_bytes(gate: Gate) -> None:
    clock, store = gate.world.clock, gate.world.store
    clock.at += timedelta(days=6 - clock.at.weekday())
    [first] = gate.receive(b"one")
    arrivals, now = gate.arrivals(b"one"), clock.now()

    @contextmanager
    def looked_up_on_sunday() -> Iterator[Transaction]:
        with store.reading() as tx:
            yield tx
        clock.at += timedelta(days=1)

    gate.ports.store = SimpleNamespace(reading=looked_up_on_sunday, writing=store.writing)  # type: ignore[misc]
    [second] = receive(arrivals, gate.ports, now)
    assert (second.parcel, second.duplicate) == (first.parcel, True)
    assert (gate.count()["parcels"], gate.count()["blobs"]) == (1, 1)


def test_twins_in_one_batch_are_one_parcel_and_one_blob(gate: Gate) -> None:
    first, second = gate.receive(b"one", b"one")
    assert first.parcel == second.parcel
    assert [first.duplicate, second.duplicate] == [False, True]
    assert gate.count() == {"parcels": 1, "process": 1, "receipt": 2, "blobs": 1}


def test_the_same_bytes_next_week_or_from_another_sender_are_another_parcel(gate: Gate) -> None:
    gate.receive(b"one")
    gate.receive(b"one", sender=ALL_HALLOWS)
    gate.world.clock.at += timedelta(days=7)
    gate.receive(b"one")
    assert gate.count()["parcels"] == 3


def test_many_arrivals_share_a_transaction_and_each_is_answered(gate: Gate) -> None:
    received = gate.receive(*(bytes([number]) for number in range(20)))
    assert len({one.parcel for one in received}) == 20
    assert gate.count() == {"parcels": 20, "process": 20, "receipt": 20, "blobs": 20}


def test_a_refused_parcel_sent_again_is_read_again_only_when_something_changed(gate: Gate) -> None:
    [first] = gate.receive(b"locked")
    gate.refused(first.parcel)
    gate.receive(b"locked")
    assert gate.count()["process"] == 1
    gate.judging(Register(version="1"), **{FERNBRIDGE: SenderTerms(FERNBRIDGE, (FERNBRIDGE,), passwords=("autumn",))})
    gate.receive(b"locked")
    assert gate.count()["process"] == 2
    gate.receive(b"locked")
    assert gate.count()["process"] == 2


def test_refused_and_wholly_held_parcels_are_read_again_at_the_start_when_the_register_changed(gate: Gate) -> None:
    first, second, third = gate.receive(b"one", b"two", b"three")
    gate.refused(first.parcel)
    gate.refused(second.parcel, ParcelState.HELD)
    gate.refused(third.parcel, ParcelState.SETTLED)
    assert read_again_what_may_change(gate.ports, gate.world.clock.now()) == 0
    assert read_again_what_may_change(gate.judging(Register(version="2")), gate.world.clock.now()) == 2


def test_who_handed_it_in_stands_in_the_ledger_and_no_name_does(gate: Gate) -> None:
    [arrival] = gate.arrivals(b"one")
    receive([replace(arrival, taken_by=Actor("alice", "Alice Osei", frozenset()))], gate.ports, gate.world.clock.now())
    with gate.world.store.reading() as tx:
        [leaf] = tx.leaves.unsequenced(10)
    assert leaf.actor == "alice"
    assert b"leavers" not in leaf.canonical()


def test_a_full_disk_loses_nothing_and_the_next_look_takes_it(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    arrivals = gate.arrivals(b"one")
    with monkeypatch.context() as full:
        full.setattr(gate.world.vault, "begin", _no_room)
        with pytest.raises(DiskError):
            receive(arrivals, gate.ports, gate.world.clock.now())
    assert gate.count()["parcels"] == 0
    assert len(receive(arrivals, gate.ports, gate.world.clock.now())) == 1


def test_what_changed_while_it_was_read_goes_back_and_the_rest_go_on(gate: Gate) -> None:
    arrivals = gate.arrivals(b"one", b"two")
    held = next((gate.root / "drop" / FERNBRIDGE / ".taking").rglob("leavers 0.csv"))
    with held.open("ab") as out:
        out.write(b" and more")
    assert len(receive(arrivals, gate.ports, gate.world.clock.now())) == 1
    assert (gate.root / "drop" / FERNBRIDGE / "leavers 0.csv").read_bytes() == b"one and more"
    assert gate.count()["blobs"] == 1


def _no_room() -> None:
    raise DiskError("no room", code="VAULT-DISK", hint="Make room.")


@pytest.mark.parametrize("again", [False, True], ids=["new files", "the same files again"])
def test_the_receipts_of_who_gives_much_keep_nobody_elses_waiting(gate: Gate, again: bool) -> None:
    many = [b"%d" % number for number in range(20)]
    gate.receive(*many)
    if again:
        with gate.world.store.writing() as tx:
            for job in tx.jobs.claim("test", gate.world.clock.now(), 60, 100, ["receipt"]):
                tx.jobs.finish(job)
        gate.receive(*many)
    gate.world.clock.at += timedelta(seconds=1)
    [quiet] = gate.receive(b"one", sender=ALL_HALLOWS)
    with gate.world.store.writing() as tx:
        given = [tx.receipts.get(str(job.payload["receipt"])).parcel
                 for job in tx.jobs.claim("test", gate.world.clock.now(), 60, 100, ["receipt"])]
    assert given.index(quiet.parcel) < len(given) // 2
