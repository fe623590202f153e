"""A school's SFTP account is another user than the gateway: what can be seen of its uploads, and what is done where it cannot."""

from __future__ import annotations

import codecs
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.folder import sighting
from adapters.folder.linux import Writer, writer_of
from tests.adapters.folder.conftest import Drop
from tests.conftest import in_ci

GATEWAY, SCHOOL = 61001, 61002
HOLDS_OPEN = 'exec 3>>"$1"; echo open; read -r line'

pytestmark = pytest.mark.skipif(os.geteuid() != 0 and not in_ci(), reason="only root can be two users")


@pytest.fixture
def drop(tmp_path: Path) -> Iterator[Drop]:
    """A folder of the gateway's in which a school may write, seen by a gateway without any capability."""
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 0o001:      # the runner's own folders, closed to other users
            folder.chmod(folder.stat().st_mode | 0o011)
    codecs.lookup("ascii")  # the interpreter's own files may be closed to the user that we become
    found = Drop(tmp_path / "drop", settle=0.0)
    found.path.chmod(0o1777)
    os.chown(found.path, GATEWAY, GATEWAY)
    os.setegid(GATEWAY)
    os.seteuid(GATEWAY)
    try:
        yield found
    finally:
        os.seteuid(0)
        os.setegid(0)


@contextmanager
def powers() -> Iterator[None]:
    """Root again for a moment."""
    os.seteuid(0)
    try:
        yield
    finally:
        os.seteuid(GATEWAY)


def _school_puts(drop: Drop, name: str, mode: int = 0o644) -> Path:
    with powers():
        path = drop.put(name)
        os.chown(path, SCHOOL, SCHOOL)
        path.chmod(mode)
        os.utime(path)
    return path


@contextmanager
def school_holds_open(path: Path) -> Iterator[None]:
    """The school's own process has the file open for writing."""
    with powers():
        writer = subprocess.Popen(["/bin/sh", "-c", HOLDS_OPEN, "sh", str(path)], user=SCHOOL, group=SCHOOL, extra_groups=[],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
        yield
    finally:
        writer.communicate(b"")


def test_with_the_right_to_leases_another_users_upload_is_seen(drop: Drop) -> None:
    path = _school_puts(drop, "leavers.csv")
    with school_holds_open(path), powers(), path.open("rb") as reader:
        assert writer_of(reader.fileno()) is Writer.SOME
    with powers(), path.open("rb") as reader:
        assert writer_of(reader.fileno()) is Writer.NONE


def test_without_it_what_cannot_be_seen_is_not_taken_for_nobody(drop: Drop) -> None:
    path = _school_puts(drop, "leavers.csv")
    with school_holds_open(path), path.open("rb") as reader:
        assert writer_of(reader.fileno()) is Writer.UNSEEN


def test_an_upload_that_stalls_unseen_waits_much_longer_than_others(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _school_puts(drop, "leavers.csv")
    with school_holds_open(path):
        for _ in range(3):
            assert drop.ready() == []
            assert drop.inbox.growing()
    monkeypatch.setattr(sighting, "UNSEEN_SECONDS", 0.0)
    assert drop.ready() == ["leavers.csv"]


def test_a_file_that_may_not_be_read_is_answered_once_it_lies_still_and_stops_no_other(
        drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _school_puts(drop, "closed.csv", 0o600)
    with school_holds_open(path):
        assert drop.ready() == []
    monkeypatch.setattr(sighting, "UNSEEN_SECONDS", 0.0)
    _school_puts(drop, "open.csv")
    assert sorted(drop.ready()) == ["closed.csv", "open.csv"]
    refused = drop.claim("closed.csv")
    assert b"".join(refused.chunks()) != b"UPN,Surname\n"
    drop.claim("open.csv").finish()
    refused.finish()
    assert drop.ready() == []
    with powers():
        path.chmod(0o644)
    assert b"".join(drop.claim("closed.csv").chunks()) == b"UPN,Surname\n"
