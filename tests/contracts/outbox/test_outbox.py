"""What every outbox promises, held against a folder, a real SFTP server, and the one in memory."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.outfolder import FolderOutbox
from adapters.sftp import SftpLink, SftpOutbox, SftpServer
from gateway.errors import DiskError, TamperError
from gateway.ports import Outbox, Outgoing
from tests.memory.outbox import MemoryOutbox
from tests.servers.sshd import sftp_server

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
LARGE = bytes(range(256)) * 8192 + b"tail"   # two mebibytes and a bit


class Place:
    """An outbox, and a way to see what a reader of its place would see."""

    def __init__(self, outbox: Outbox, read: Callable[[], dict[str, bytes]], put: Callable[[str, bytes], None]) -> None:
        self.outbox = outbox
        self.read = read
        self.put = put


@pytest.fixture(params=["folder", "sftp", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "memory":
        memory = MemoryOutbox()
        yield Place(memory, lambda: memory.things, memory.things.__setitem__)
    elif request.param == "folder":
        yield _folder_place(tmp_path / "out", FolderOutbox(tmp_path / "out"))
    else:
        with sftp_server(tmp_path / "server") as server:
            link = SftpLink(SftpServer(server.host, server.port, server.user, server.key_file, server.host_key, timeout=5))
            yield _folder_place(server.root, SftpOutbox(link, str(server.root)))
            link.close()


def _folder_place(folder: Path, outbox: Outbox) -> Place:
    def put(name: str, content: bytes) -> None:
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)

    return Place(outbox, lambda: {p.name: p.read_bytes() for p in folder.iterdir()}, put)


def _outgoing(content: bytes = b"sealed", name: str = "990-991-R01ABC.age") -> Outgoing:
    return Outgoing(job="J1", to="991", name=name, content=content)


def test_what_was_delivered_lies_there_whole_with_its_hash_as_proof(place: Place) -> None:
    proof = place.outbox.deliver(_outgoing(), AT)
    assert place.read() == {"990-991-R01ABC.age": b"sealed"}
    assert proof.sha256 == hashlib.sha256(b"sealed").hexdigest()
    assert (proof.job, proof.to, proof.at) == ("J1", "991", AT)
    assert proof.where.endswith("990-991-R01ABC.age")


def test_the_same_thing_again_is_success_and_changes_nothing(place: Place) -> None:
    first = place.outbox.deliver(_outgoing(), AT)
    assert place.outbox.deliver(_outgoing(), AT) == first
    assert place.read() == {"990-991-R01ABC.age": b"sealed"}


def test_another_content_under_the_same_name_is_an_alarm_and_is_not_overwritten(place: Place) -> None:
    place.put("990-991-R01ABC.age", b"somebody else's")
    with pytest.raises(TamperError) as caught:
        place.outbox.deliver(_outgoing(), AT)
    assert caught.value.code == "OUTBOX-OTHER-CONTENT"
    assert place.read()["990-991-R01ABC.age"] == b"somebody else's"


@pytest.mark.parametrize("content", [b"", b"x", LARGE], ids=["empty", "one byte", "large"])
def test_every_size_arrives_byte_for_byte(place: Place, content: bytes) -> None:
    place.outbox.deliver(_outgoing(content), AT)
    place.outbox.deliver(_outgoing(content), AT)
    assert place.read() == {"990-991-R01ABC.age": content}


@pytest.mark.parametrize("place", ["folder", "sftp"], indirect=True)   # memory has no parts
def test_a_part_that_a_dead_run_left_is_no_obstacle(place: Place) -> None:
    place.put(".990-991-R01ABC.age.part", b"other bytes, longer than what is sent now")
    place.outbox.deliver(_outgoing(), AT)
    assert place.read() == {"990-991-R01ABC.age": b"sealed"}


def test_what_lies_there_can_be_taken_back_once(place: Place) -> None:
    place.outbox.deliver(_outgoing(), AT)
    assert place.outbox.withdraw("990-991-R01ABC.age") is True
    assert place.outbox.withdraw("990-991-R01ABC.age") is False
    assert place.read() == {}


def test_in_a_folder_a_name_that_could_not_be_made_durable_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox, folder = FolderOutbox(tmp_path / "out"), tmp_path / "out"
    folder.mkdir()
    failing = [True]

    def fails_for_the_folder(fd: int) -> None:
        if failing[0] and os.path.samestat(os.fstat(fd), folder.stat()):
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("adapters.outfolder.outbox.os.fsync", fails_for_the_folder)
    with pytest.raises(DiskError):
        outbox.deliver(_outgoing(), AT)
    assert list(folder.iterdir()) == []
    failing[0] = False
    outbox.deliver(_outgoing(), AT)
    failing[0] = True
    with pytest.raises(DiskError):           # it is there, of a run that died: its name may not be durable
        outbox.deliver(_outgoing(), AT)
