"""What every inbox keeps: drop folder, peer's folder, remote folder over SFTP."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.clock import SystemClock, wall_seconds
from adapters.folder import DropFolder, Limits
from adapters.ids import TimedIds
from adapters.sftp import SftpInbox, SftpLink, SftpServer
from gateway.domain.parcels.kinds import Channel
from gateway.errors import RetryableError
from gateway.ports import Claimed, Inbox
from tests.servers.sshd import SftpPlace, sftp_server

SETTLE = 0.2
KINDS = ("drop folder", "peer folder", "SFTP")


@dataclass
class Arrivals:
    """Where a sender puts files, and the inbox that sees them."""

    folder: Path
    inbox: Inbox

    def put(self, name: str, content: bytes = b"UPN,Surname\n") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def settled(self) -> list[str]:
        """The names that are ready once everything has stood still."""
        self.inbox.ready(wall_seconds())
        time.sleep(SETTLE + 0.05)
        return sorted(self.inbox.ready(wall_seconds()))

    def claim(self, name: str) -> Claimed:
        assert name in self.settled()
        return self.inbox.claim(name)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpPlace]:
    with sftp_server(tmp_path_factory.mktemp("sshd")) as place:
        yield place


@pytest.fixture(params=KINDS)
def arrivals(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Arrivals]:
    ids = TimedIds(SystemClock())
    if request.param == "SFTP":
        place: SftpPlace = request.getfixturevalue("server")
        folder = place.root / tmp_path.name
        folder.mkdir()
        link = SftpLink(SftpServer(place.host, place.port, place.user, place.key_file, place.host_key, timeout=5))
        yield Arrivals(folder, SftpInbox(link, f"{folder}", "9904001", Channel.SFTP, ids, SETTLE))
        link.close()
        return
    sender, channel = ("991", Channel.PEER) if request.param == "peer folder" else ("9902001", Channel.DROP)
    yield Arrivals(tmp_path, DropFolder(tmp_path, sender, channel, ids, limits=Limits(settle_seconds=SETTLE)))


def test_a_finished_file_is_ready_and_its_bytes_are_read_whole(arrivals: Arrivals) -> None:
    content = bytes(range(256)) * 9000
    arrivals.put("leavers.csv", content)
    claimed = arrivals.claim("leavers.csv")
    assert claimed.name == "leavers.csv"
    assert b"".join(claimed.chunks()) == content
    claimed.recheck(len(content))


def test_a_file_that_still_grows_is_not_ready_and_is_said_to_grow(arrivals: Arrivals) -> None:
    arrivals.put("leavers.csv")
    assert list(arrivals.inbox.ready(wall_seconds())) == []
    assert arrivals.inbox.growing()
    assert arrivals.settled() == ["leavers.csv"]
    assert not arrivals.inbox.growing()


@pytest.mark.parametrize("name", ["leavers.csv.part", "leavers.csv.filepart", ".leavers.csv.swp"])
def test_an_upload_under_way_is_never_ready(arrivals: Arrivals, name: str) -> None:
    arrivals.put(name)
    assert arrivals.settled() == []


def test_what_was_claimed_is_out_of_the_senders_sight_and_not_ready_again(arrivals: Arrivals) -> None:
    arrivals.put("leavers.csv")
    arrivals.claim("leavers.csv")
    assert not (arrivals.folder / "leavers.csv").exists()
    assert arrivals.settled() == []


def test_a_file_that_went_away_cannot_be_claimed(arrivals: Arrivals) -> None:
    arrivals.put("leavers.csv")
    assert arrivals.settled() == ["leavers.csv"]
    (arrivals.folder / "leavers.csv").unlink()
    with pytest.raises(RetryableError):
        arrivals.inbox.claim("leavers.csv")


def test_reading_less_than_was_claimed_is_noticed(arrivals: Arrivals) -> None:
    arrivals.put("leavers.csv", b"twelve bytes")
    claimed = arrivals.claim("leavers.csv")
    with pytest.raises(RetryableError):
        claimed.recheck(11)


def test_a_released_file_is_back_under_its_name_and_may_be_claimed_again(arrivals: Arrivals) -> None:
    arrivals.put("Zoë – leavers.csv", b"kept")
    arrivals.claim("Zoë – leavers.csv").release()
    assert (arrivals.folder / "Zoë – leavers.csv").read_bytes() == b"kept"
    assert b"".join(arrivals.claim("Zoë – leavers.csv").chunks()) == b"kept"


def test_a_finished_claim_leaves_nothing_and_may_be_finished_again(arrivals: Arrivals) -> None:
    arrivals.put("leavers.csv")
    claimed = arrivals.claim("leavers.csv")
    claimed.finish()
    claimed.finish()
    assert [path for path in arrivals.folder.rglob("*") if path.is_file()] == []
    assert arrivals.inbox.abandoned() == []


def test_the_claims_of_a_run_that_died_are_found_by_id_and_name(arrivals: Arrivals) -> None:
    arrivals.put("leavers.csv", b"kept")
    before = arrivals.claim("leavers.csv")
    [after] = arrivals.inbox.abandoned()
    assert (after.claim, after.name, b"".join(after.chunks())) == (before.claim, "leavers.csv", b"kept")
    after.recheck(4)
    after.finish()
    assert arrivals.inbox.abandoned() == []


def test_every_claim_has_an_id_of_its_own_that_can_be_a_parcels(arrivals: Arrivals) -> None:
    for name in ("a.csv", "b.csv"):
        arrivals.put(name)
    claims = {arrivals.inbox.claim(name).claim for name in arrivals.settled()}
    assert len(claims) == 2
    assert all(claim.startswith("P") and claim.isalnum() for claim in claims)


def test_links_are_never_followed(arrivals: Arrivals) -> None:
    (arrivals.folder / "leavers.csv").symlink_to(sys.executable)
    for name in arrivals.settled():
        claimed = arrivals.inbox.claim(name)
        assert claimed.refusal is not None
        described = b"".join(claimed.chunks())
        assert b"ELF" not in described
        claimed.recheck(len(described))
