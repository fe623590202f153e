"""Delivering over SFTP to a real server: pinned keys, one connection, parts that go on, servers that went away."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import paramiko
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.sftp import SftpLink, SftpOutbox
from gateway.errors import ConfigError, OperatorError, PartnerUnavailableError, TamperError
from gateway.ports import Outgoing
from tests.adapters.sftp.conftest import described
from tests.servers.sshd import SftpPlace, make_key, sftp_server

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
LARGE = bytes(range(251)) * 20_000


def _sealed(content: bytes = b"sealed", name: str = "R1.age") -> Outgoing:
    return Outgoing(job="J1", to="991", name=name, content=content)


def test_another_host_key_is_an_alarm_and_nothing_is_sent(server: SftpPlace, folder: Path, tmp_path: Path) -> None:
    link = SftpLink(described(server, make_key(tmp_path / "stranger")))
    with pytest.raises(TamperError) as caught:
        SftpOutbox(link, str(folder)).deliver(_sealed(), AT)
    assert caught.value.code == "SFTP-HOST-KEY-CHANGED"
    assert list(folder.iterdir()) == []


def test_a_host_key_of_another_kind_is_an_alarm_too(server: SftpPlace, folder: Path) -> None:
    pinned = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    with pytest.raises(TamperError) as caught:
        SftpOutbox(SftpLink(described(server, pinned)), str(folder)).deliver(_sealed(), AT)
    assert caught.value.code == "SFTP-HOST-KEY-CHANGED"


def test_a_host_key_that_is_none_is_a_fault_of_config(server: SftpPlace) -> None:
    with pytest.raises(ConfigError):
        SftpLink(described(server, "ssh-ed25519 not-base64"))


def test_a_server_that_does_not_know_our_key_is_for_an_operator(server: SftpPlace, folder: Path, tmp_path: Path) -> None:
    make_key(tmp_path / "unknown")
    known = described(server)
    stranger = type(known)(known.host, known.port, known.user, tmp_path / "unknown", known.host_key, 5)
    with pytest.raises(OperatorError) as caught:
        SftpOutbox(SftpLink(stranger), str(folder)).deliver(_sealed(), AT)
    assert caught.value.code == "SFTP-LOGIN"


def test_a_missing_folder_is_for_an_operator(link: SftpLink, folder: Path) -> None:
    with pytest.raises(OperatorError) as caught:
        SftpOutbox(link, f"{folder}/nowhere").deliver(_sealed(), AT)
    assert caught.value.code == "SFTP-NO-FOLDER"


def test_many_deliveries_share_one_connection(link: SftpLink, folder: Path) -> None:
    outbox = SftpOutbox(link, str(folder))
    with link.session() as first:
        for n in range(20):
            outbox.deliver(_sealed(name=f"R{n}.age"), AT)
        with link.session() as last:
            assert last is first
    assert len(list(folder.iterdir())) == 20


@pytest.mark.parametrize("there", [LARGE[:3_000_000], b"X" * 3_000_000, LARGE + b"more"],
                         ids=["our first bytes", "other bytes", "longer than ours"])
def test_a_large_part_goes_on_or_is_begun_again_and_arrives_whole(link: SftpLink, folder: Path, there: bytes) -> None:
    (folder / ".R1.age.part").write_bytes(there)
    SftpOutbox(link, str(folder)).deliver(_sealed(LARGE), AT)
    assert (folder / "R1.age").read_bytes() == LARGE
    assert [p.name for p in folder.iterdir()] == ["R1.age"]


class _RenamedBehindUs(SftpOutbox):
    """Its server carries out, late, the rename of an attempt that was given up."""

    def _send(self, sftp: paramiko.SFTPClient, part: str, content: bytes) -> None:
        super()._send(sftp, part, content)
        sftp.rename(part, self._at("R1.age"))


def test_a_rename_that_is_carried_out_after_it_was_given_up_is_a_delivery(link: SftpLink, folder: Path) -> None:
    _RenamedBehindUs(link, str(folder)).deliver(_sealed(), AT)
    assert [path.name for path in folder.iterdir()] == ["R1.age"]


def test_a_server_that_went_away_is_tried_again_later_and_found_when_it_is_back(tmp_path: Path) -> None:
    with sftp_server(tmp_path / "a") as server:
        link = SftpLink(described(server))
        outbox = SftpOutbox(link, str(server.root))
        outbox.deliver(_sealed(name="R1.age"), AT)
        with link.session() as sftp:
            channel = sftp.get_channel()
            assert channel is not None
            channel.get_transport().close()
        outbox.deliver(_sealed(name="R2.age"), AT)
        assert sorted(p.name for p in server.root.iterdir()) == ["R1.age", "R2.age"]
    link.close()
    with pytest.raises(PartnerUnavailableError):
        outbox.deliver(_sealed(name="R3.age"), AT)
