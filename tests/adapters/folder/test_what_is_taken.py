from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.errors import DiskError, OperatorError, RetryableError
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


Make = Callable[[Path], None]


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def _device(path: Path) -> None:
    os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path may have 108 bytes
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


@pytest.mark.parametrize(("make", "code"), [
    (_link, "DROP-LINK"), (_dangling, "DROP-LINK"), (os.mkfifo, "DROP-PIPE"), (_socket, "DROP-SOCKET"),
    *([(_device, "DROP-DEVICE")] if os.geteuid() == 0 else []),    # only root can make one
])
def test_what_is_no_file_is_taken_away_with_a_description_for_its_bytes(drop: Drop, make: Make, code: str) -> None:
    make(drop.path / "leavers.csv")
    drop.put("joiners.csv")
    assert set(drop.ready()) == {"leavers.csv", "joiners.csv"}
    claimed = drop.inbox.claim("leavers.csv")
    assert claimed.refusal is not None
    assert claimed.refusal.code == code
    described = b"".join(claimed.chunks())
    claimed.recheck(len(described))
    assert json.loads(described)["name"] == "leavers.csv"
    assert drop.ready() == ["joiners.csv"]
    claimed.finish()
    drop.claim("joiners.csv").finish()
    assert (drop.left(), list((drop.path / ".taking").iterdir())) == ([], [])


def test_the_description_of_a_link_tells_where_it_leads_and_nothing_of_what_is_there(drop: Drop) -> None:
    _link(drop.path / "leavers.csv")
    described = b"".join(drop.claim("leavers.csv").chunks())
    assert json.loads(described)["target"] == "/etc/passwd"
    assert b"root:" not in described


def test_a_folder_is_answered_for_once_and_left_with_everything_in_it(drop: Drop) -> None:
    (drop.path / "November").mkdir()
    (drop.path / "November" / "leavers.csv").write_bytes(b"kept")
    claimed = drop.claim("November")
    assert claimed.refusal is not None
    assert claimed.refusal.code == "DROP-FOLDER"
    assert drop.ready() == ["November"]         # not answered for yet: a run that dies here reports it again
    claimed.finish()
    assert drop.ready() == []
    assert (drop.path / "November" / "leavers.csv").read_bytes() == b"kept"
    (drop.path / "November" / "joiners.csv").write_bytes(b"more")
    assert drop.ready() == ["November"]


def test_a_second_name_is_not_ready_and_is_taken_away_unread_when_it_stays(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = drop.path.parent / "elsewhere.csv"
    outside.write_bytes(b"not theirs to give")
    (drop.path / "leavers.csv").hardlink_to(outside)
    assert drop.ready() == []
    monkeypatch.setattr("adapters.folder.sighting.SECOND_NAME_SECONDS", -1.0)
    claimed = drop.claim("leavers.csv")
    assert claimed.refusal is not None
    assert claimed.refusal.code == "DROP-HARD-LINK"
    assert b"not theirs" not in b"".join(claimed.chunks())
    claimed.finish()
    assert drop.left() == []
    assert outside.read_bytes() == b"not theirs to give"


def test_a_file_too_large_to_be_kept_is_answered_for_unread_and_left_there(tmp_path: Path) -> None:
    drop = Drop(tmp_path / "drop", keep_bytes=100)
    with drop.put("huge.csv").open("r+b") as out:
        out.truncate(10 << 30)
    claimed = drop.claim("huge.csv")
    assert claimed.refusal is not None
    assert claimed.refusal.code == "DROP-TOO-LARGE"
    assert json.loads(b"".join(claimed.chunks()))["size"] == 10 << 30
    claimed.finish()
    assert (drop.ready(), drop.left()) == ([], ["huge.csv"])


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
