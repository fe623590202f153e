"""One connection to one SFTP server: paramiko's only home, as a client.

1. The host key is pinned in config. Another key, or another kind of key, is an alarm for an operator and no connection;
   there is no way to accept it by itself.
2. One connection is opened when it is first needed and used again; a dead one is thrown away and the next act opens anew.
3. Only the key file named in config is offered: no agent, no keys found lying about, no password.
4. Every wait has an end: connecting, the banner, the login, each answer. Silence is PartnerUnavailableError.
5. One act at a time on a connection; acts of several threads queue.
"""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import paramiko

from adapters.sftp.faults import OtherHostKey, explained
from gateway.errors import ConfigError

KEEPALIVE_SECONDS = 30
CONNECT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class SftpServer:
    """Where, as whom, and the one host key that is believed: ``ssh-ed25519 AAAA…``, as ``ssh-keyscan`` prints it."""

    host: str
    port: int
    user: str
    key_file: Path
    host_key: str
    timeout: float = 30.0

    @property
    def where(self) -> str:
        """As messages name it."""
        return f"{self.user}@{self.host}:{self.port}"


class SftpLink:
    """Gives a working client, one act at a time."""

    def __init__(self, server: SftpServer) -> None:
        self.server = server
        self._pinned = _host_key(server)
        self._turn = threading.RLock()
        self._ssh: paramiko.SSHClient | None = None
        self._sftp: paramiko.SFTPClient | None = None

    @contextmanager
    def session(self) -> Iterator[paramiko.SFTPClient]:
        """The client for one act. What goes wrong comes out as the gateway's errors, and a broken connection is dropped."""
        with self._turn:
            try:
                yield self._connected()
            except (paramiko.SSHException, OSError, EOFError) as error:
                told, broken = explained(error, self.server.where)
                if broken:
                    self.close()
                raise told from error

    def close(self) -> None:
        """Hang up; safe to repeat."""
        with self._turn:
            sftp, ssh, self._sftp, self._ssh = self._sftp, self._ssh, None, None
            if sftp is not None:
                sftp.close()
            if ssh is not None:
                ssh.close()

    def _connected(self) -> paramiko.SFTPClient:
        if self._sftp is not None and self._alive():
            return self._sftp
        self.close()
        self._ssh = ssh = paramiko.SSHClient()
        try:
            self._open(ssh)
            sftp = ssh.open_sftp()
        except BaseException:
            self.close()
            raise
        channel = sftp.get_channel()
        if channel is not None:
            channel.settimeout(self.server.timeout)
        self._sftp = sftp
        return sftp

    def _alive(self) -> bool:
        transport = self._ssh.get_transport() if self._ssh is not None else None
        return transport is not None and transport.is_active()

    def _open(self, ssh: paramiko.SSHClient) -> None:
        server = self.server
        name = server.host if server.port == 22 else f"[{server.host}]:{server.port}"
        ssh.get_host_keys().add(name, self._pinned.get_name(), self._pinned)
        ssh.set_missing_host_key_policy(_RefuseOtherKeys())
        ssh.connect(
            server.host, server.port, server.user, key_filename=str(server.key_file),
            sock=_socket(server), allow_agent=False, look_for_keys=False,
            timeout=CONNECT_SECONDS, banner_timeout=CONNECT_SECONDS, auth_timeout=CONNECT_SECONDS,
            channel_timeout=server.timeout,
        )
        transport = ssh.get_transport()
        if transport is not None:
            transport.set_keepalive(KEEPALIVE_SECONDS)


class _RefuseOtherKeys(paramiko.MissingHostKeyPolicy):
    """A server that shows a kind of key which was not pinned is not the server that was meant."""

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        raise OtherHostKey(f"{key.get_name()} {key.fingerprint}")


def _socket(server: SftpServer) -> socket.socket:
    sock = socket.create_connection((server.host, server.port), timeout=CONNECT_SECONDS)
    # Deliveries are many small requests: waiting to fill a segment would cost 40 ms for each.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _host_key(server: SftpServer) -> paramiko.PKey:
    try:
        kind, _, rest = server.host_key.strip().partition(" ")
        return paramiko.PKey.from_type_string(kind, base64.b64decode(rest.split()[0], validate=True))
    except (ValueError, IndexError, paramiko.SSHException) as error:
        raise ConfigError(f"host_key of {server.where} is no public host key", code="SFTP-HOST-KEY-CONFIG",
                          hint="Write it as `ssh-keyscan` prints it without the name: ssh-ed25519 AAAA…") from error
