"""What comes in, how much of it, and who waits for whom."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.folder import DropFolder
from adapters.folder.claim import fsync_folder
from gateway.daemon import WatchedInbox, run, run_once
from gateway.daemon.alarm import Alarm
from gateway.daemon.aside import LARGE
from gateway.daemon.door import Door
from gateway.daemon.gatehouse import Gatehouse
from gateway.daemon.intake import PER_DOOR, Intake
from gateway.daemon.plant import Allowance
from gateway.domain.parcels.kinds import Channel
from gateway.errors import DiskError, PartnerUnavailableError
from gateway.ports import Claimed
from tests.daemon.yard import ALL_HALLOWS, Yard
from tests.pipeline.verify.world import FERNBRIDGE


def _names(yard: Yard) -> set[str]:
    with yard.world.store.reading() as tx:
        return {parcel.name for parcel in tx.parcels.where()}


def _waits(yard: Yard) -> list[tuple[str, str]]:
    with yard.world.store.reading() as tx:
        return [(hold.what, hold.about) for hold in tx.holds.where()]


def test_what_goes_beyond_a_senders_day_waits_in_its_folder_and_a_person_is_told_once(yard: Yard) -> None:
    plant = replace(yard.plant(FERNBRIDGE, ALL_HALLOWS), allowed=Allowance(files=2))
    for number in range(4):
        (yard.folder() / f"{number}.csv").write_bytes(b"%d" % number)
    (yard.folder(ALL_HALLOWS) / "theirs.csv").write_bytes(b"one")
    for _ in range(2):
        assert run_once(plant, threading.Event()) == 75
        assert len(list(yard.folder().glob("*.csv"))) == 2
    assert len(_names(yard)) == 3
    assert "theirs.csv" in _names(yard)
    assert _waits(yard) == [("quota", FERNBRIDGE)]
    assert yard.did.count("notice") == 1
    yard.world.clock.at += timedelta(days=1)
    assert run_once(plant, threading.Event()) == 0
    assert len(_names(yard)) == 5


def test_bytes_count_towards_a_senders_day_too(yard: Yard) -> None:
    plant = replace(yard.plant(FERNBRIDGE), allowed=Allowance(size=10))
    (yard.folder() / "first.csv").write_bytes(b"x" * 20)
    assert run_once(plant, threading.Event()) == 0
    (yard.folder() / "second.csv").write_bytes(b"y")
    assert run_once(plant, threading.Event()) == 75
    assert _names(yard) == {"first.csv"}


def test_without_room_nothing_is_taken_a_person_is_told_and_it_comes_in_once_there_is(yard: Yard) -> None:
    free = [5]
    plant = replace(yard.plant(FERNBRIDGE), reserve=10, room=lambda: free[0])
    (yard.folder() / "leavers.csv").write_bytes(b"one")
    for _ in range(2):
        assert run_once(plant, threading.Event()) == 74
    assert (_names(yard), _waits(yard)) == (set(), [("disk", "disk")])
    free[0] = 10
    assert run_once(plant, threading.Event()) == 0
    assert _names(yard) == {"leavers.csv"}


def test_a_large_file_is_sealed_aside_and_what_its_sender_gave_after_it_comes_after_it(yard: Yard) -> None:
    large = yard.folder() / "large.csv"
    with large.open("wb") as out:
        out.truncate(LARGE + 1)
    (yard.folder() / "after.csv").write_bytes(b"one")
    (yard.folder(ALL_HALLOWS) / "theirs.csv").write_bytes(b"two")
    assert yard.once(FERNBRIDGE, ALL_HALLOWS) == 0
    with yard.world.store.reading() as tx:
        jobs = tx.jobs.where(kind="process")
        came = [tx.parcels.get(str(job.payload["parcel"])).name for job in jobs]
    assert sorted(came) == ["after.csv", "large.csv", "theirs.csv"]
    assert came.index("large.csv") < came.index("after.csv")


class _Silent:
    """A server that does not answer until it is let."""

    sender, channel = "9904001", Channel.SFTP

    def __init__(self) -> None:
        self.let = threading.Event()

    def abandoned(self) -> list[Claimed]:
        return []

    def ready(self, now: float) -> list[str]:
        self.let.wait(20)
        raise PartnerUnavailableError("no answer", code="SILENT", hint="Ring them.")

    def growing(self) -> bool:
        return False

    def claim(self, name: str) -> Claimed:
        raise AssertionError("nothing is ready")

    def watch(self, wake: Callable[[], None]) -> AbstractContextManager[None]:
        return nullcontext()


def test_a_server_that_does_not_answer_delays_no_folder_of_this_machine(yard: Yard) -> None:
    silent = _Silent()
    plant = yard.plant(FERNBRIDGE)
    plant = replace(plant, inboxes=[WatchedInbox(silent, 60.0, "sftp.example"), *plant.inboxes])
    (yard.folder() / "leavers.csv").write_bytes(b"one")
    codes: list[int] = []
    daemon = threading.Thread(target=lambda: codes.append(run_once(plant, threading.Event())))
    daemon.start()
    deadline = time.monotonic() + 15
    while "process" not in yard.did and time.monotonic() < deadline:
        time.sleep(0.01)
    assert (yard.did.count("process"), codes) == (1, [])
    silent.let.set()
    daemon.join()
    assert codes == [69]


def test_a_folder_with_many_files_is_looked_through_few_times(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    look = DropFolder.ready

    def counted(inbox: DropFolder, now: float) -> Sequence[str]:
        names = look(inbox, now)
        looks.append(len(names))
        return names

    monkeypatch.setattr(DropFolder, "ready", counted)
    for number in range(PER_DOOR * 6):
        (yard.folder() / f"{number}.csv").write_bytes(b"%d" % number)
    assert yard.once() == 0
    assert len(_names(yard)) == PER_DOOR * 6
    assert [found for found in looks if found] == [PER_DOOR * 6]


def test_who_gives_one_file_is_received_before_the_rest_of_who_gives_many(yard: Yard) -> None:
    for number in range(PER_DOOR * 3):
        (yard.folder() / f"{number}.csv").write_bytes(b"%d" % number)
    plant = yard.plant(FERNBRIDGE, ALL_HALLOWS)
    intake = Intake(plant, plant.inboxes, Gatehouse(plant, Alarm(plant, lambda: None), lambda: None))
    assert intake.round() == PER_DOOR
    (yard.folder(ALL_HALLOWS) / "theirs.csv").write_bytes(b"one")
    for door in intake.doors:
        door.wake()
    assert intake.round() == PER_DOOR + 1
    with yard.world.store.reading() as tx:
        came = [parcel.name for parcel in tx.parcels.where()]      # in the order of their ids, which is that of the claims
    assert came.index("theirs.csv") == PER_DOOR
    assert intake.pause() == 0.0


def test_what_is_left_of_a_full_folder_is_taken_without_a_pause(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.daemon.carry._LOOK", 3600.0)       # whoever pauses for a look never comes back
    for number in range(PER_DOOR * 4):
        (yard.folder() / f"{number}.csv").write_bytes(b"%d" % number)
    stop = threading.Event()
    daemon = threading.Thread(target=run, args=(yard.plant(FERNBRIDGE), stop), daemon=True)
    daemon.start()
    deadline = time.monotonic() + 20
    while len(_names(yard)) < PER_DOOR * 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    daemon.join(5)
    assert len(_names(yard)) == PER_DOOR * 4


def test_what_was_claimed_when_the_disk_failed_is_taken_up_again(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[int] = []

    def fails_once(fd: int) -> None:
        if not failed:
            failed.append(fd)
            raise DiskError("fsync of a folder failed", code="FSYNC-FAILED", hint="Look at the disk.")
        fsync_folder(fd)

    monkeypatch.setattr("adapters.folder.taking.fsync_folder", fails_once)
    (yard.folder() / "leavers.csv").write_bytes(b"one")
    stop = threading.Event()
    daemon = threading.Thread(target=run, args=(yard.plant(FERNBRIDGE), stop))
    daemon.start()
    deadline = time.monotonic() + 20
    while "process" not in yard.did and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    daemon.join()
    assert (_names(yard), yard.did.count("process")) == ({"leavers.csv"}, 1)
    assert _waits(yard) == [("disk", "disk")]
    assert not any((yard.folder() / ".taking").iterdir())


class _FilledBehindUs(DropFolder):
    """A folder in which a file arrives right after each look."""

    wake: Callable[[], None]

    def ready(self, now: float) -> Sequence[str]:
        found = super().ready(now)
        self.wake()
        return found


def test_what_comes_while_a_folder_is_looked_at_does_not_wait_for_the_next_round(yard: Yard) -> None:
    folder = _FilledBehindUs(yard.folder(), FERNBRIDGE, Channel.DROP, yard.world.ids)
    door = Door(WatchedInbox(folder, every=30.0), lambda: 100.0, lambda: None)
    folder.wake = door.wake
    door.next_names(PER_DOOR, 0.0)
    door.looked(more=False, unfinished=False)
    assert door.is_due(100.0)
    folder.wake = lambda: None
    door.next_names(PER_DOOR, 0.0)
    door.looked(more=False, unfinished=False)
    assert not door.is_due(129.0)
