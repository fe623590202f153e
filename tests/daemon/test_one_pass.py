"""``run --once``: what is there, what follows from it, one try each, and how it ended."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.daemon import run, run_once
from gateway.domain.parcels.parcel import JobState
from gateway.domain.parcels.stages import Received
from gateway.errors import DiskError, PartnerUnavailableError, RetryableError, SyncFailedError
from gateway.pipeline.receive import Arrival, receive
from gateway.ports import Ports
from tests.daemon.yard import ALL_HALLOWS, Yard
from tests.pipeline.verify.world import FERNBRIDGE


def test_nothing_to_do_is_done_at_once(yard: Yard) -> None:
    began = time.monotonic()
    assert yard.once() == 0
    assert time.monotonic() - began < 2


def test_what_is_there_is_taken_and_everything_that_follows_is_done(yard: Yard) -> None:
    for number in range(40):
        (yard.folder() / f"{number}.csv").write_bytes(bytes([number]))
    assert yard.once() == 0
    assert sorted(set(yard.did)) == ["deliver", "process", "receipt"]
    assert len(yard.did) == 120


def test_a_file_that_stops_growing_in_time_is_waited_for(tmp_path: Path) -> None:
    yard = Yard(tmp_path, settle=0.4)
    (yard.folder() / "leavers.csv").write_bytes(b"one")
    assert yard.once() == 0
    assert "process" in yard.did


def test_a_file_that_grows_on_is_left_for_the_next_pass(tmp_path: Path) -> None:
    yard = Yard(tmp_path, settle=0.3)
    path, stop = yard.folder() / "leavers.csv", threading.Event()

    def write() -> None:
        with path.open("ab", buffering=0) as out:
            while not stop.is_set():
                out.write(b"row\n")
                time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.05)
    assert yard.once() == 75
    stop.set()
    writer.join()
    assert yard.did == []
    assert path.exists()


@pytest.mark.parametrize(("error", "code"), [
    (RetryableError("not yet", code="NOT-YET", hint="Wait."), 75),
    (PartnerUnavailableError("991 does not answer", code="AWAY", hint="Wait."), 69),
    (DiskError("no room", code="DISK", hint="Make room."), 74),
])
def test_a_job_that_fails_is_tried_once_a_pass_and_again_in_the_next(yard: Yard, error: Exception, code: int) -> None:
    yard.enqueue("deliver", "one")
    yard.failing["deliver"] = error
    assert yard.once() == code
    assert yard.did.count("deliver") == 1
    yard.failing.clear()
    assert yard.once() == 0
    assert yard.did.count("deliver") == 2


def test_a_job_of_the_future_is_left_alone(yard: Yard) -> None:
    with yard.world.store.writing() as tx:
        tx.jobs.enqueue("deliver", "tomorrow", now := yard.world.clock.now(), due_at=now + timedelta(days=1))
    assert yard.once() == 0
    assert yard.did == []


def test_what_may_not_be_read_comes_in_like_a_file_once_and_stops_nothing(yard: Yard) -> None:
    (yard.folder() / "Musa Ellery.csv").symlink_to("/etc/passwd")
    os.mkfifo(yard.folder() / "pipe")
    (yard.folder() / "November").mkdir()
    (yard.folder() / "leavers.csv").write_bytes(b"one")
    assert yard.once() == 0
    assert yard.once() == 0
    assert yard.did.count("process") == 4
    with yard.world.store.reading() as tx:
        parcels = {parcel.name: parcel for parcel in tx.parcels.where()}
    answers = {name: [f["code"] for f in parcel.checked.get("findings", ())] for name, parcel in parcels.items()}
    assert answers == {"Musa Ellery.csv": ["DROP-LINK"], "pipe": ["DROP-PIPE"], "November": ["DROP-FOLDER"], "leavers.csv": []}
    assert b"root:" not in yard.world.vault.read(parcels["Musa Ellery.csv"].blob)


def test_trouble_at_one_door_is_told_and_does_not_stop_the_others(yard: Yard) -> None:
    plant = yard.plant(FERNBRIDGE, ALL_HALLOWS)
    yard.folder(FERNBRIDGE).rmdir()
    (yard.folder(ALL_HALLOWS) / "leavers.csv").write_bytes(b"one")
    assert run_once(plant, threading.Event()) == 75
    assert "process" in yard.did


def test_a_store_that_fails_keeps_the_claims_and_they_are_taken_up_again(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[bool] = []

    def fails_once(arrivals: Sequence[Arrival], ports: Ports, now: datetime) -> list[Received]:
        if not failed:
            failed.append(True)
            raise RetryableError("the store is locked", code="STORE-LOCKED", hint="Wait.")
        return receive(arrivals, ports, now)

    monkeypatch.setattr("gateway.daemon.gatehouse.receive", fails_once)
    (yard.folder() / "leavers.csv").write_bytes(b"one")
    stop = threading.Event()
    daemon = threading.Thread(target=run, args=(yard.plant(FERNBRIDGE), stop))
    daemon.start()
    deadline = time.monotonic() + 10
    while "deliver" not in yard.did and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    daemon.join()
    assert yard.did.count("process") == 1
    assert not any((yard.folder() / ".taking").iterdir())


def test_what_a_former_run_left_leased_is_done_by_the_next_at_once(yard: Yard) -> None:
    yard.enqueue("deliver", "one")
    with yard.world.store.writing() as tx:
        tx.jobs.claim("gateway:all-0", yard.world.clock.now(), 900.0, 1, ["deliver"])
    assert yard.once() == 0
    assert yard.did == ["deliver"]


def test_in_turn_everything_is_done_on_the_callers_thread(yard: Yard) -> None:
    for number in range(3):
        (yard.folder() / f"{number}.csv").write_bytes(bytes([number]))
    before = threading.active_count()
    threads: list[int] = []
    yard.watch = lambda: threads.append(threading.active_count())
    assert run_once(yard.plant(FERNBRIDGE), threading.Event(), in_turn=True) == 0
    assert sorted(set(yard.did)) == ["deliver", "process", "receipt"]
    assert set(threads) == {before}


@pytest.mark.parametrize("in_turn", [False, True])
def test_a_failed_fsync_ends_the_run_nobody_begins_anything_more_and_a_person_is_told(yard: Yard, in_turn: bool) -> None:
    for number in range(20):
        yard.enqueue("deliver", f"{number}")
    yard.failing["deliver"] = SyncFailedError("the disk failed", code="VAULT-UNSYNCED", hint="Look at the disk.")
    with pytest.raises(SyncFailedError):
        run_once(yard.plant(FERNBRIDGE), threading.Event(), in_turn=in_turn)
    assert yard.did == ["deliver"]
    with yard.world.store.reading() as tx:
        assert [(hold.what, hold.key.split(":")[1]) for hold in tx.holds.where()] == [("disk", "VAULT-UNSYNCED")]
        [one] = tx.jobs.where(key="0")
    assert (one.state, one.attempts) == (JobState.LEASED, 1)


def test_a_failed_fsync_ends_the_daemon(yard: Yard) -> None:
    yard.enqueue("deliver", "one")
    yard.failing["deliver"] = SyncFailedError("the disk failed", code="VAULT-UNSYNCED", hint="Look at the disk.")
    with pytest.raises(SyncFailedError):
        run(yard.plant(FERNBRIDGE), threading.Event())
    assert yard.did == ["deliver"]
