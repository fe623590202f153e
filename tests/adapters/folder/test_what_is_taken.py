from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from gateway.errors import DiskError, OperatorError, RefusedError, RetryableError
from tests.adapters.folder.conftest import Drop


def test_a_claimed_file_is_out_of_the_senders_reach_and_gone_when_finished(drop: Drop) -> None:
    drop.put("leavers.csv", b"one\ntwo\n")
    claimed = drop.claim("leavers.csv")
    assert drop.left() == []
    assert (drop.path / ".taking").stat().st_mode & 0o777 == 0o700
    content = b"".join(claimed.chunks())
    claimed.recheck(len(content))
    assert content == b"one\ntwo\n"
    claimed.finish()
    claimed.finish()
    assert list((drop.path / ".taking").iterdir()) == []


def test_a_released_file_comes_back_under_its_own_name(drop: Drop) -> None:
    drop.put("leavers.csv", b"kept")
    drop.claim("leavers.csv").release()
    assert (drop.path / "leavers.csv").read_bytes() == b"kept"


def test_a_released_file_never_overwrites_a_newer_one(drop: Drop) -> None:
    drop.put("leavers.csv", b"first")
    claimed = drop.claim("leavers.csv")
    drop.put("leavers.csv", b"second")
    claimed.release()
    assert sorted(path.read_bytes() for path in drop.path.iterdir() if path.is_file()) == [b"first", b"second"]


@pytest.mark.parametrize("name", [".hidden.csv", "leavers.csv.part", "leavers.csv.FilePart", "x.tmp", "~$leavers.xlsx"])
def test_uploads_under_way_and_hidden_files_are_left_alone(drop: Drop, name: str) -> None:
    drop.put(name)
    assert drop.ready() == []


def test_our_own_receipts_are_left_alone(drop: Drop) -> None:
    (drop.path / "receipts").mkdir()
    (drop.path / "receipts" / "P1-received.html").write_text("…")
    assert drop.ready() == []


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path may have 108 bytes
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


@pytest.mark.parametrize(("make", "code"), [
    (_link, "DROP-LINK"), (_dangling, "DROP-LINK"), (os.mkfifo, "DROP-PIPE"), (Path.mkdir, "DROP-FOLDER"),
    (_socket, "DROP-SOCKET"),
])
def test_what_is_no_file_is_refused_once_and_does_not_stop_the_rest(drop: Drop, make: object, code: str) -> None:
    make(drop.path / "leavers.csv")  # type: ignore[operator]
    drop.put("joiners.csv")
    assert set(drop.ready()) == {"leavers.csv", "joiners.csv"}
    with pytest.raises(RefusedError) as refusal:
        drop.inbox.claim("leavers.csv")
    assert refusal.value.code == code
    assert drop.ready() == ["joiners.csv"]
    drop.claim("joiners.csv").finish()
    assert drop.left() == ["leavers.csv"]


def test_a_second_name_is_not_ready_and_is_refused_when_it_stays(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = drop.path.parent / "elsewhere.csv"
    outside.write_bytes(b"x")
    (drop.path / "leavers.csv").hardlink_to(outside)
    assert drop.ready() == []
    monkeypatch.setattr("adapters.folder.sighting.SECOND_NAME_SECONDS", -1.0)
    assert drop.ready() == ["leavers.csv"]
    with pytest.raises(RefusedError, match="2 names"):
        drop.inbox.claim("leavers.csv")
    assert drop.ready() == []


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    drop = Drop(tmp_path / "drop", max_bytes=100)
    with drop.put("huge.csv").open("r+b") as out:
        out.truncate(10 << 30)
    assert drop.ready() == ["huge.csv"]
    with pytest.raises(RefusedError, match="100"):
        drop.inbox.claim("huge.csv")
    assert drop.ready() == []


@pytest.mark.parametrize("name", ["-rf", "new\nline.csv", "a" * 251 + ".csv", "Zoë – leavers.csv", "'; drop", "%2e%2e%2f", "…"])
def test_odd_names_are_only_data(drop: Drop, name: str) -> None:
    drop.put(name, b"x")
    claimed = drop.claim(name)
    assert claimed.name == name
    claimed.release()
    assert drop.left() == [name]
    drop.claim(name).finish()
    assert drop.left() == []


def test_a_name_that_is_no_utf8_becomes_text_that_can_be_stored(drop: Drop) -> None:
    Path(os.fsdecode(os.fsencode(drop.path) + b"/Zo\xeb.csv")).write_bytes(b"x")
    [name] = drop.ready()
    claimed = drop.inbox.claim(name)
    assert claimed.name == "Zo\\xeb.csv"
    claimed.finish()
    assert drop.left() == []


def test_two_gateways_claim_a_file_once(drop: Drop) -> None:
    drop.put("leavers.csv")
    other = drop.another()
    other.ready(0.0)
    drop.claim("leavers.csv")
    with pytest.raises(RetryableError):
        other.claim("leavers.csv")


def test_an_exposed_taking_folder_takes_nothing(drop: Drop) -> None:
    (drop.path / ".taking").mkdir()
    (drop.path / ".taking").chmod(0o755)
    drop.put("leavers.csv")
    with pytest.raises(DiskError, match="not the gateway's alone"):
        drop.claim("leavers.csv")
    assert drop.left() == ["leavers.csv"]


def test_a_taking_folder_that_is_a_link_takes_nothing(drop: Drop, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (drop.path / ".taking").symlink_to(tmp_path / "theirs")
    drop.put("leavers.csv")
    with pytest.raises(DiskError, match="replaced"):
        drop.claim("leavers.csv")
    assert list((tmp_path / "theirs").iterdir()) == []


def test_a_folder_that_is_not_mounted_is_an_operators_matter(drop: Drop) -> None:
    drop.path.rename(drop.path.with_name("gone"))
    with pytest.raises(OperatorError, match="not there"):
        drop.ready()
