from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from adapters.clock import wall_seconds
from adapters.folder import FolderWatch
from adapters.folder.inbox import DropFolder
from adapters.folder.linux import Writer, writer_of
from gateway.errors import RetryableError
from tests.adapters.folder.conftest import Drop


def test_a_file_still_growing_is_left_alone(tmp_path: Path) -> None:
    drop = Drop(tmp_path / "drop", settle=0.3)
    with drop.put("leavers.csv", b"").open("ab", buffering=0) as out:
        for _ in range(3):
            out.write(b"row\n")
            assert drop.ready() == []
            assert drop.inbox.growing()
    assert drop.ready() == []
    time.sleep(0.35)
    assert drop.ready() == ["leavers.csv"]
    assert not drop.inbox.growing()


def test_a_still_file_that_someone_has_open_for_writing_is_left_alone(drop: Drop) -> None:
    with drop.put("leavers.csv").open("ab"):
        assert drop.ready() == []
        assert drop.inbox.growing()
    assert drop.ready() == ["leavers.csv"]


def test_someone_who_only_reads_is_no_writer(drop: Drop) -> None:
    with drop.put("leavers.csv").open("rb") as reader:
        assert writer_of(reader.fileno()) is Writer.NONE
        assert drop.ready() == ["leavers.csv"]


def test_a_writer_is_found_in_proc_where_leases_are_not_to_be_had(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "no lease for you")

    monkeypatch.setattr("fcntl.fcntl", refuse)
    path = drop.put("leavers.csv")
    with path.open("rb") as reader:
        assert writer_of(reader.fileno()) is Writer.NONE
        with path.open("ab"):
            assert writer_of(reader.fileno()) is Writer.SOME


def test_a_process_that_ends_during_the_search_stops_it_not(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "no lease for you")

    ended = subprocess.Popen(["true"])
    ended.wait()
    there = list(Path("/proc").glob("[0-9]*/fd"))
    monkeypatch.setattr("fcntl.fcntl", refuse)
    monkeypatch.setattr(Path, "glob", lambda *_: [Path(f"/proc/{ended.pid}/fd"), *there])
    with drop.put("leavers.csv").open("ab") as writer:
        assert writer_of(writer.fileno()) is Writer.SOME


def test_a_file_whose_last_change_was_no_write_is_finished(tmp_path: Path) -> None:
    drop = Drop(tmp_path / "drop", settle=60)
    path = drop.put("leavers.csv")
    assert drop.ready() == []
    os.utime(path, (1.7e9, 1.7e9))  # a client that keeps times sets them when all bytes are there
    assert drop.ready() == ["leavers.csv"]


def test_a_writer_who_kept_the_file_open_across_the_claim_is_found(drop: Drop) -> None:
    path = drop.put("leavers.csv", b"first\n")
    claimed = drop.claim("leavers.csv")
    held = next((drop.path / ".taking").rglob("leavers.csv"))
    content = b"".join(claimed.chunks())
    with held.open("ab") as out:
        out.write(b"more\n")
    with pytest.raises(RetryableError):
        claimed.recheck(len(content))
    claimed.release()
    assert path.read_bytes() == b"first\nmore\n"


def test_a_file_opened_for_writing_between_look_and_claim_goes_back(drop: Drop) -> None:
    path = drop.put("leavers.csv")
    assert drop.ready() == ["leavers.csv"]
    with path.open("ab"), pytest.raises(RetryableError):
        drop.inbox.claim("leavers.csv")
    assert drop.left() == ["leavers.csv"]


def test_a_file_replaced_between_look_and_claim_is_looked_at_anew(drop: Drop) -> None:
    drop.put("leavers.csv", b"a" * 10)
    drop.ready()
    drop.put("other", b"b" * 20).rename(drop.path / "leavers.csv")
    with pytest.raises(RetryableError):
        drop.inbox.claim("leavers.csv")
    claimed = drop.claim("leavers.csv")
    assert b"".join(claimed.chunks()) == b"b" * 20
    claimed.recheck(20)


def test_a_file_that_turns_into_a_link_under_the_claim_is_not_followed(drop: Drop) -> None:
    drop.put("leavers.csv")
    drop.ready()
    (drop.path / "leavers.csv").unlink()
    (drop.path / "leavers.csv").symlink_to("/etc/passwd")
    with pytest.raises(RetryableError):
        drop.inbox.claim("leavers.csv")
    claimed = drop.claim("leavers.csv")
    assert claimed.refusal is not None
    assert b"root:" not in b"".join(claimed.chunks())


def test_an_unfinished_name_counts_as_growing_only_while_it_changes(tmp_path: Path) -> None:
    drop = Drop(tmp_path / "drop", settle=0.2)
    drop.put("leavers.csv.part")
    drop.ready()
    assert drop.inbox.growing()
    time.sleep(0.25)
    drop.ready()
    assert not drop.inbox.growing()


def test_a_rename_into_place_is_seen_and_taken_at_once(tmp_path: Path) -> None:
    root = tmp_path / "drop"
    drop = Drop(root / "9902001", settle=60)
    watch, woken = FolderWatch(root), threading.Event()
    inbox = DropFolder(drop.path, "9902001", drop.inbox.channel, drop.inbox._taking._ids, limits=drop.inbox._limits, watch=watch)
    with inbox.watch(woken.set):
        time.sleep(0.05)
        inside = drop.put("leavers.csv.part")
        inside.rename(drop.path / "leavers.csv")
        outside = tmp_path / "upload"
        outside.write_bytes(b"x")
        outside.rename(drop.path / "joiners.csv")
        _until(lambda: woken.is_set() and set(inbox.ready(wall_seconds())) == {"leavers.csv", "joiners.csv"})
        drop.put("slow.csv")
        assert "slow.csv" not in inbox.ready(wall_seconds())


def test_what_the_gateway_does_itself_wakes_nobody(tmp_path: Path) -> None:
    root = tmp_path / "drop"
    drop = Drop(root / "9902001")
    (drop.path / "receipts").mkdir()
    drop.put("leavers.csv")
    watch, woken = FolderWatch(root), threading.Event()
    inbox = DropFolder(drop.path, "9902001", drop.inbox.channel, drop.inbox._taking._ids, limits=drop.inbox._limits, watch=watch)
    inbox.ready(wall_seconds())
    with inbox.watch(woken.set):
        time.sleep(0.05)
        inbox.claim("leavers.csv").finish()
        (drop.path / "receipts" / "P1-received.html").write_text("…")
        assert not woken.wait(0.3)


def _until(true: object, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():  # type: ignore[operator]
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")
