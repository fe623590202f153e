"""What a disk or a share may do to a drop folder: fail, lack what others have, hold another disk. Nothing is lost or halved."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.clock import SystemClock
from adapters.folder import DropFolder, FolderWatch
from adapters.folder.claim import OpenFile, fsync_folder
from adapters.folder.handed import HandedFile
from adapters.ids import TimedIds
from gateway.domain.parcels.kinds import Channel
from gateway.errors import DiskError, GatewayError, RetryableError
from tests.adapters.folder.conftest import FERNBRIDGE, Drop
from tests.adapters.vault.test_faults import needed

_CLONE_NEWNS, _MS_BIND, _MS_REC, _MS_PRIVATE = 0x20000, 0x1000, 0x4000, 0x40000
_libc = ctypes.CDLL(None, use_errno=True)


@pytest.fixture
def share(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> Drop:
    """A share that cannot keep a folder to one user: ``.taking`` is everybody's there."""
    (drop.path / ".taking").mkdir()
    (drop.path / ".taking").chmod(0o777)
    monkeypatch.setattr("adapters.folder.taking.brings_events", lambda _: False)
    return drop


def test_what_nobody_foresaw_of_a_disk_is_told_as_a_fault_of_the_folder(tmp_path: Path) -> None:
    inbox = DropFolder(tmp_path / ("a" * 300), FERNBRIDGE, Channel.DROP, TimedIds(SystemClock()))
    with pytest.raises(DiskError, match="File name too long"):
        inbox.ready(0.0)


def test_a_name_that_cannot_be_made_durable_is_said_and_not_tried_again() -> None:
    read, write = os.pipe()         # knows no fsync
    try:
        with pytest.raises(DiskError) as caught:
            fsync_folder(read)
        assert caught.value.code == "FSYNC-FAILED"
    finally:
        os.close(read)
        os.close(write)


def test_a_disk_that_cannot_be_read_is_a_fault_and_not_an_end_of_the_file() -> None:
    memory = os.open("/proc/self/mem", os.O_RDONLY)      # its first page is never there
    unreadable = OpenFile(Path("/proc/self"), "mem", "P1", memory, os.fstat(memory))
    with pytest.raises(DiskError, match="Input/output error"):
        list(unreadable.chunks())


def test_on_such_a_share_a_file_is_read_in_place_and_can_be_given_back(share: Drop) -> None:
    path = share.put("leavers.csv", b"one\n")
    claimed = share.claim("leavers.csv")
    claimed.release()
    assert path.read_bytes() == b"one\n"
    assert share.inbox.abandoned() == []


def test_nor_when_the_whole_folder_was_put_in_another_ones_place(share: Drop) -> None:
    share.put("leavers.csv", b"one\n")
    claimed = share.claim("leavers.csv")
    content = b"".join(claimed.chunks())
    share.path.rename(share.path.with_name("moved"))
    share.path.mkdir()
    with pytest.raises(RetryableError):
        claimed.recheck(len(content))


@pytest.mark.parametrize("meddle", [Path.unlink, lambda path: path.with_name("joiners.csv").rename(path)],
                         ids=["gone", "another"])
def test_and_is_not_taken_as_whole_when_its_name_leads_elsewhere_by_then(share: Drop, meddle: Callable[[Path], object]) -> None:
    path = share.put("leavers.csv", b"one\n")
    claimed = share.claim("leavers.csv")
    share.put("joiners.csv", b"two\n")
    content = b"".join(claimed.chunks())
    meddle(path)
    with pytest.raises(RetryableError):
        claimed.recheck(len(content))
    claimed.finish()
    assert (share.path / "leavers.csv").exists() is (meddle is not Path.unlink)


def test_a_file_of_another_disk_mounted_in_the_folder_is_answered_for_and_left_unread(drop: Drop, tmp_path: Path) -> None:
    needed(["unshare", "-m", "true"], "give a process mounts of its own")
    (tmp_path / "disk").mkdir()
    found: list[tuple[str, bytes]] = []

    def look() -> None:
        _checked(_libc.unshare(_CLONE_NEWNS))            # this thread's alone
        _checked(_libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None))
        _checked(_libc.mount(b"tmpfs", os.fsencode(tmp_path / "disk"), b"tmpfs", 0, None))
        (tmp_path / "disk" / "secret.csv").write_bytes(b"on another disk")
        drop.put("leavers.csv", b"")
        _checked(_libc.mount(os.fsencode(tmp_path / "disk" / "secret.csv"), os.fsencode(drop.path / "leavers.csv"), None,
                             _MS_BIND, None))
        claimed = drop.claim("leavers.csv")
        assert claimed.refusal is not None
        found.append((claimed.refusal.code, b"".join(claimed.chunks())))
        claimed.release()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    [(code, described)] = found
    assert code == "DROP-FOREIGN"
    assert b"on another disk" not in described
    assert drop.left() == ["leavers.csv"]


def _checked(result: int) -> None:
    assert result == 0, os.strerror(ctypes.get_errno())


def test_where_the_kernel_refuses_to_watch_the_rescan_does_and_ending_is_no_fault(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path / "not there")
    with watch.following(tmp_path / "not there" / FERNBRIDGE, lambda _: None, lambda: None):
        assert watch._observer is None


def test_several_folders_share_one_watch(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path)
    with watch.following(tmp_path / "a", lambda _: None, lambda: None):
        first = watch._observer
        with watch.following(tmp_path / "b", lambda _: None, lambda: None):
            assert watch._observer is first
        assert watch._observer is first
    assert watch._observer is None


def test_a_file_handed_in_is_read_where_it_lies_and_left_there(tmp_path: Path) -> None:
    (tmp_path / "leavers.csv").write_bytes(b"UPN\n")
    with HandedFile.opened(tmp_path / "leavers.csv", "P1", keep_bytes=100) as handed:
        content = b"".join(handed.chunks())
        handed.recheck(len(content))
        handed.release()
        handed.finish()
    assert (content, (tmp_path / "leavers.csv").read_bytes()) == (b"UPN\n", b"UPN\n")


@pytest.mark.parametrize(("name", "code"), [("absent.csv", "NO-FILE"), ("", "NO-FILE"), ("large.csv", "DROP-TOO-LARGE")])
def test_what_is_no_file_or_too_large_is_not_handed_in(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "large.csv").write_bytes(b"x" * 101)
    with pytest.raises(GatewayError) as caught, HandedFile.opened(tmp_path / name, "P1", keep_bytes=100):
        pass
    assert caught.value.code == code
