"""What an SFTP server says of its uploads keeps half a file from passing for a whole one."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.clock import SystemClock, wall_seconds
from adapters.folder import DropFolder, Limits, UploadListener, UploadLog, sighting, uploads
from adapters.ids import TimedIds
from gateway.domain.parcels.kinds import Channel
from tests.adapters.folder.test_when_an_upload_is_finished import _until

OPENED = b'<30>Nov 16 09:00:00 internal-sftp[7]: open "/in/leavers.csv" flags WRITE,CREATE,TRUNCATE mode 0644'
CLOSED = b'<30>Nov 16 09:00:00 internal-sftp[7]: close "/in/leavers.csv" bytes read 0 written 12'
CUT_OFF = b'<30>Nov 16 09:00:00 internal-sftp[7]: forced close "/in/leavers.csv" bytes read 0 written 7'


@pytest.fixture
def log(tmp_path: Path) -> UploadLog:
    return UploadLog(tmp_path / "log")


@pytest.fixture
def inbox(tmp_path: Path, log: UploadLog) -> DropFolder:
    (tmp_path / "in").mkdir()
    return DropFolder(tmp_path / "in", "9902001", Channel.SFTP, TimedIds(SystemClock()), limits=Limits(settle_seconds=0.0),
                      uploads=log, listener=UploadListener())


def _ready(inbox: DropFolder) -> list[str]:
    return list(inbox.ready(wall_seconds()))


def test_an_upload_that_was_begun_and_never_closed_is_left_alone(inbox: DropFolder, log: UploadLog) -> None:
    log.hear(OPENED)
    (inbox.path / "leavers.csv").write_bytes(b"UPN,Su")
    assert _ready(inbox) == []
    log.hear(CUT_OFF)
    assert _ready(inbox) == []
    assert not inbox.growing()
    log.hear(OPENED)
    log.hear(CLOSED)
    assert _ready(inbox) == ["leavers.csv"]


def test_one_that_nobody_takes_up_again_is_answered_for_and_stays(
        inbox: DropFolder, log: UploadLog, monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox.path / "leavers.csv").write_bytes(b"UPN,Su")
    log.hear(CUT_OFF)
    assert _ready(inbox) == []
    monkeypatch.setattr(sighting, "GIVEN_UP_SECONDS", 0.0)
    assert _ready(inbox) == ["leavers.csv"]
    refused = inbox.claim("leavers.csv")
    assert refused.refusal is not None
    assert refused.refusal.code == "DROP-CUT-OFF"
    assert b"UPN,Su" not in b"".join(refused.chunks())
    refused.finish()
    assert _ready(inbox) == []
    assert (inbox.path / "leavers.csv").read_bytes() == b"UPN,Su"
    (inbox.path / "leavers.csv").write_bytes(b"UPN,Surname\n")
    log.hear(CLOSED)
    assert b"".join(inbox.claim(*_ready(inbox)).chunks()) == b"UPN,Surname\n"


def test_what_broke_off_is_still_known_after_the_gateway_was_started_again(tmp_path: Path, log: UploadLog) -> None:
    log.hear(CUT_OFF)
    again = UploadLog(tmp_path / "log")
    assert again.unclosed("leavers.csv")
    assert not any("leavers" in path.name for path in tmp_path.iterdir())
    again.hear(CLOSED)
    assert not UploadLog(tmp_path / "log").unclosed("leavers.csv")


def test_reading_a_file_that_broke_off_does_not_make_it_whole(log: UploadLog) -> None:
    log.hear(CUT_OFF)
    log.hear(b'<30>Nov 16 09:00:00 internal-sftp[8]: open "/in/leavers.csv" flags READ mode 0666')
    log.hear(b'<30>Nov 16 09:00:00 internal-sftp[8]: close "/in/leavers.csv" bytes read 7 written 0')
    assert log.unclosed("leavers.csv")


def test_a_rename_takes_the_mark_along_and_removing_ends_it(log: UploadLog) -> None:
    log.hear(CUT_OFF)
    log.hear(b'<30>Nov 16 09:00:00 internal-sftp[7]: rename old "/in/leavers.csv" new "/in/joiners.csv"')
    assert (log.unclosed("leavers.csv"), log.unclosed("joiners.csv")) == (False, True)
    log.hear(b'<30>Nov 16 09:00:00 internal-sftp[7]: remove name "/in/joiners.csv"')
    assert not log.unclosed("joiners.csv")


def test_while_its_sender_is_connected_a_file_lies_for_its_time_and_is_taken_at_once_when_it_has_gone(
        tmp_path: Path, log: UploadLog) -> None:
    (tmp_path / "in").mkdir()
    inbox = DropFolder(tmp_path / "in", "9902001", Channel.SFTP, TimedIds(SystemClock()), limits=Limits(settle_seconds=60.0),
                       uploads=log)
    log.hear(b'<30>Nov 16 09:00:00 internal-sftp[7]: session opened for local user school-9902001 from [192.0.2.7]')
    (inbox.path / "leavers.csv").write_bytes(b"UPN,Surname\n")
    os.utime(inbox.path / "leavers.csv", (1.7e9, 1.7e9))
    assert _ready(inbox) == []
    log.hear(b'<30>Nov 16 09:00:00 internal-sftp[7]: session closed for local user school-9902001 from [192.0.2.7]')
    assert _ready(inbox) == ["leavers.csv"]


def test_names_are_understood_as_the_server_writes_them(log: UploadLog) -> None:
    log.hear(b'<30>Nov 16 09:00:00 internal-sftp[7]: forced close "/in/Zo\\303\\253 \\\\ "of" 5\\n.csv" bytes read 0 written 7')
    assert log.unclosed('Zoë \\ "of" 5\n.csv')


def test_a_mark_ends_when_its_file_is_gone(log: UploadLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.hear(OPENED)
    log.there(set())
    assert log.unclosed("leavers.csv")
    monkeypatch.setattr(uploads, "YOUNG_SECONDS", -1.0)
    log.there({"leavers.csv"})
    assert log.unclosed("leavers.csv")
    log.there(set())
    assert not log.unclosed("leavers.csv")


def test_the_server_is_heard_while_the_folder_is_watched_and_several_share_a_listener(tmp_path: Path) -> None:
    listener, woken = UploadListener(), threading.Event()
    logs = [UploadLog(tmp_path / name) for name in ("a", "b")]
    with listener.hearing(logs[0], woken.set), listener.hearing(logs[1], woken.set):
        for log in logs:
            _said_to(log.path, CUT_OFF)
        _until(_all_unclosed(logs))
        assert woken.is_set()
        assert logs[0].path.stat().st_mode & 0o777 == 0o660
    assert not logs[0].path.exists()
    with listener.hearing(logs[0], woken.set):
        _said_to(logs[0].path, CLOSED)
        _until(lambda: not logs[0].unclosed("leavers.csv"))


def test_a_socket_that_cannot_be_made_does_not_stop_the_folder(tmp_path: Path, inbox: DropFolder) -> None:
    with UploadListener().hearing(UploadLog(tmp_path / "absent" / "log"), lambda: None):
        assert not (tmp_path / "absent").exists()
    woken = threading.Event()
    with inbox.watch(woken.set):
        _said_to(tmp_path / "log", CUT_OFF)
        assert woken.wait(5)


def test_what_is_no_word_about_an_upload_changes_nothing(log: UploadLog) -> None:
    log.hear(b"<30>Nov 16 09:00:00 kernel: out of paper")
    log.hear(b'<30>Nov 16 09:00:00 internal-sftp[7]: rename old "/in/whole.csv" new "/in/leavers.csv"')
    assert not log.unclosed("leavers.csv")
    assert log.busy()


def _all_unclosed(logs: list[UploadLog]) -> Callable[[], bool]:
    return lambda: all(log.unclosed("leavers.csv") for log in logs)


def _said_to(path: Path, message: bytes) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.sendto(message, os.fspath(path))
