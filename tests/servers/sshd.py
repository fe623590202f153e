"""A real SFTP server on a free port of 127.0.0.1, with keys made for this run.

OpenSSH's own sshd where it is installed. Otherwise asyncssh's server, and the summary says so loudly; under ``CI=true`` a
missing OpenSSH is a failure: the promise is made about the server that partners run.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncssh
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.servers.ports import free_port

SSHD = Path("/usr/sbin/sshd")
HOST = "127.0.0.1"


@dataclass(frozen=True)
class SftpPlace:
    """A running server: how to reach it, and the folder it serves."""

    port: int
    user: str
    key_file: Path
    host_key: str
    root: Path
    openssh: bool
    stop: Callable[[], None]
    host: str = HOST


@contextmanager
def sftp_server(folder: Path) -> Iterator[SftpPlace]:
    """Start a server whose files are in ``folder/files``; its keys are beside them."""
    if not SSHD.exists() and os.environ.get("CI") == "true":
        raise AssertionError("OpenSSH's server is not installed, and CI demands it: run `make test-system`")
    place = _openssh(folder) if SSHD.exists() else _asyncssh(folder)
    try:
        yield place
    finally:
        place.stop()


def make_key(path: Path) -> str:
    """Write a new private key for its owner alone; its public half as one line."""
    key = Ed25519PrivateKey.generate()
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def _prepare(folder: Path) -> tuple[Path, str]:
    root = folder / "files"
    root.mkdir(parents=True)
    host_key = make_key(folder / "host_key")
    (folder / "authorized_keys").write_text(make_key(folder / "client_key") + "\n")
    return root, host_key


def _openssh(folder: Path) -> SftpPlace:
    root, host_key = _prepare(folder)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)   # sshd as root refuses to start without it
    for _ in range(5):   # another process may take the free port before sshd does
        port = free_port()
        config = folder / "sshd_config"
        config.write_text(
            f"ListenAddress {HOST}\nPort {port}\nHostKey {folder}/host_key\nAuthorizedKeysFile {folder}/authorized_keys\n"
            f"PidFile {folder}/sshd.pid\nUsePAM no\nStrictModes no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
            "PermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\nForceCommand internal-sftp\nMaxStartups 100\n"
            "AllowTcpForwarding no\nX11Forwarding no\nLogLevel ERROR\nUseDNS no\n")
        log = (folder / "sshd.log").open("ab")
        server = subprocess.Popen([str(SSHD), "-D", "-e", "-f", str(config)], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        if _answers(port, server):
            return SftpPlace(port, getpass.getuser(), folder / "client_key", host_key, root, True, partial(_end, server))
        _end(server)
    raise AssertionError((folder / "sshd.log").read_text())


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait(timeout=10)


def _answers(port: int, server: subprocess.Popen[bytes]) -> bool:
    for _ in range(200):
        if server.poll() is not None:
            return False
        try:
            with socket.create_connection((HOST, port), timeout=1) as knock:
                return knock.recv(4) == b"SSH-"
        except OSError:
            time.sleep(0.02)
    return False


def _asyncssh(folder: Path) -> SftpPlace:
    root, host_key = _prepare(folder)
    loop = asyncio.new_event_loop()
    started: list[int] = []

    async def listen() -> None:
        server = await asyncssh.listen(
            HOST, 0, server_host_keys=[str(folder / "host_key")], authorized_client_keys=str(folder / "authorized_keys"),
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel))
        started.append(server.get_port())

    def serve() -> None:
        loop.run_until_complete(listen())
        loop.run_forever()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    while not started:
        time.sleep(0.01)

    def stop() -> None:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)

    return SftpPlace(started[0], getpass.getuser(), folder / "client_key", host_key, root, False, stop)
