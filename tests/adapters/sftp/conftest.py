from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sftp import SftpLink, SftpServer
from tests.servers.sshd import SftpPlace, sftp_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpPlace]:
    with sftp_server(tmp_path_factory.mktemp("sshd")) as place:
        yield place


@pytest.fixture
def folder(server: SftpPlace, request: pytest.FixtureRequest) -> Path:
    """A folder of the server for one test."""
    path = server.root / str(abs(hash(request.node.nodeid)))
    path.mkdir()
    return path


@pytest.fixture
def link(server: SftpPlace) -> Iterator[SftpLink]:
    link = SftpLink(described(server))
    yield link
    link.close()


def described(server: SftpPlace, host_key: str | None = None) -> SftpServer:
    return SftpServer(server.host, server.port, server.user, server.key_file, host_key or server.host_key, timeout=5)
