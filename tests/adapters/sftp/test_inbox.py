"""Fetching over SFTP from a real server: settled by size and time, claimed by rename, deleted only when told to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from adapters.sftp import SftpInbox, SftpLink, SftpServer
from gateway.domain.parcels.kinds import Channel
from gateway.errors import PartnerUnavailableError, RetryableError
from tests.contracts.store.rooms import CountedIds
from tests.servers.sshd import SftpPlace


@pytest.fixture
def inbox(link: SftpLink, folder: Path) -> SftpInbox:
    return SftpInbox(link, str(folder), sender="991", channel=Channel.PEER, ids=CountedIds(), settle_seconds=5)


def test_a_file_is_ready_when_it_stood_still_over_the_settle_time(inbox: SftpInbox, folder: Path) -> None:
    (folder / "a.csv").write_bytes(b"one")
    assert inbox.ready(100.0) == []
    assert inbox.growing()
    assert inbox.ready(104.0) == []
    assert inbox.ready(105.0) == ["a.csv"]
    assert not inbox.growing()


def test_a_file_still_growing_is_left_alone(inbox: SftpInbox, folder: Path) -> None:
    (folder / "a.csv").write_bytes(b"one")
    inbox.ready(100.0)
    (folder / "a.csv").write_bytes(b"one and two")
    assert inbox.ready(106.0) == []
    assert inbox.growing()
    assert inbox.ready(111.0) == ["a.csv"]


def test_parts_hidden_files_links_and_folders_are_not_taken(inbox: SftpInbox, folder: Path) -> None:
    for name in ("a.csv.part", "b.csv.filepart", "c.TMP", ".hidden.csv"):
        (folder / name).write_bytes(b"x")
    (folder / "link.csv").symlink_to("/etc/hostname")
    (folder / "folder.csv").mkdir()
    inbox.ready(100.0)
    assert inbox.ready(200.0) == []
    assert not inbox.growing()


def test_a_claimed_file_is_out_of_reach_read_whole_and_deleted_when_finished(inbox: SftpInbox, folder: Path) -> None:
    content = os.urandom(5_000_000)
    (folder / "Ellery, Musa.csv").write_bytes(content)
    claimed = inbox.claim("Ellery, Musa.csv")
    assert claimed.name == "Ellery, Musa.csv"
    assert not (folder / "Ellery, Musa.csv").exists()
    assert b"".join(claimed.chunks()) == content
    claimed.recheck(len(content))
    claimed.finish()
    claimed.finish()
    assert list((folder / ".taking").iterdir()) == []


def test_a_claim_given_back_has_its_own_name_again(inbox: SftpInbox, folder: Path) -> None:
    (folder / "a.csv").write_bytes(b"one")
    inbox.claim("a.csv").release()
    assert (folder / "a.csv").read_bytes() == b"one"


def test_what_changes_while_it_is_read_is_noticed(inbox: SftpInbox, folder: Path) -> None:
    (folder / "a.csv").write_bytes(b"one")
    claimed = inbox.claim("a.csv")
    read = b"".join(claimed.chunks())
    next((folder / ".taking").iterdir()).write_bytes(b"one and more")
    with pytest.raises(RetryableError) as caught:
        claimed.recheck(len(read))
    assert caught.value.code == "CLAIM-CHANGED"


def test_a_file_that_went_away_before_the_claim_is_no_fault(inbox: SftpInbox) -> None:
    with pytest.raises(RetryableError) as caught:
        inbox.claim("gone.csv")
    assert caught.value.code == "CLAIM-GONE"


def test_the_claims_of_a_run_that_died_are_found_again(inbox: SftpInbox, link: SftpLink, folder: Path) -> None:
    assert inbox.abandoned() == []
    (folder / "a~b.csv").write_bytes(b"one")
    lost = inbox.claim("a~b.csv")
    again = SftpInbox(link, str(folder), "991", Channel.PEER, CountedIds()).abandoned()
    assert [(c.name, c.claim) for c in again] == [("a~b.csv", lost.claim)]
    assert b"".join(again[0].chunks()) == b"one"
    again[0].recheck(3)
    again[0].finish()


def test_a_connection_that_broke_during_a_copy_goes_on_where_it_stopped(inbox: SftpInbox, link: SftpLink, folder: Path) -> None:
    content = os.urandom(9_000_000)
    (folder / "a.bin").write_bytes(content)
    chunks = inbox.claim("a.bin").chunks()
    first = next(chunks)
    with link.session() as sftp:
        channel = sftp.get_channel()
        assert channel is not None
        channel.get_transport().close()
    assert first + b"".join(chunks) == content


def test_a_server_that_is_gone_is_said_to_be(tmp_path: Path, server: SftpPlace) -> None:
    nowhere = SftpLink(SftpServer("127.0.0.1", 1, server.user, server.key_file, server.host_key, timeout=2))
    with pytest.raises(PartnerUnavailableError):
        SftpInbox(nowhere, ".", "991", Channel.PEER, CountedIds()).ready(0.0)
