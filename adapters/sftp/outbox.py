"""SFTP outbox.

1. The reader sees a whole file or none: ``.NAME.part``, then SSH's plain rename, which refuses a taken name.
2. The same name with the same bytes is success; with other bytes it is an alarm. Their copy is read back and hashed.
3. A large part left by a broken connection is continued when what is there are our first bytes; else it is begun again.
4. The size is asked for before the rename: a server that lost bytes is found out while nothing is visible.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime

import paramiko

from adapters.sftp.link import SftpLink
from gateway.domain.parcels.stages import Delivered
from gateway.errors import RetryableError, TamperError
from gateway.ports import Outgoing

RESUME_FROM = 1 << 20   # below a mebibyte sending again is quicker than asking
PIECE = 256 << 10


class SftpOutbox:
    """Implements ``ports.Outbox`` on a folder of an SFTP server."""

    def __init__(self, link: SftpLink, folder: str) -> None:
        self._link = link
        self._folder = folder.rstrip("/") or "/"

    def deliver(self, outgoing: Outgoing, at: datetime) -> Delivered:
        """Leave it there whole, once."""
        digest = hashlib.sha256(outgoing.content).hexdigest()
        target, part = self._at(outgoing.name), self._at(f".{outgoing.name}.part")
        with self._link.session() as sftp:
            if len(outgoing.content) < RESUME_FROM or not self._is_there(sftp, target, digest):
                self._send(sftp, part, outgoing.content)
                self._reveal(sftp, part, target, digest)
        return Delivered(job=outgoing.job, to=outgoing.to, where=f"{self._link.server.where}:{target}", sha256=digest, at=at)

    def withdraw(self, name: str) -> bool:
        """Take it back, when it still lies there."""
        with self._link.session() as sftp:
            try:
                sftp.remove(self._at(name))
            except FileNotFoundError:
                return False
        return True

    def _send(self, sftp: paramiko.SFTPClient, part: str, content: bytes) -> None:
        done = self._resumable(sftp, part, content)
        with sftp.open(part, "r+b" if done else "wb") as remote:
            remote.set_pipelined(True)
            remote.seek(done)
            view = memoryview(content)
            for start in range(done, len(content), PIECE):
                remote.write(bytes(view[start:start + PIECE]))
            size = remote.stat().st_size   # waits for every piped write to be answered
        if size != len(content):
            raise RetryableError(f"{self._link.server.where} holds {size} bytes, {len(content)} were sent",
                                 code="SFTP-SHORT", hint="It is sent again; their disk may be full.")

    def _resumable(self, sftp: paramiko.SFTPClient, part: str, content: bytes) -> int:
        if len(content) < RESUME_FROM:
            return 0
        try:
            there = sftp.stat(part).st_size or 0
        except FileNotFoundError:
            return 0
        if there > len(content):
            return 0
        return there if _remote_hash(sftp, part) == hashlib.sha256(content[:there]).hexdigest() else 0

    def _reveal(self, sftp: paramiko.SFTPClient, part: str, target: str, digest: str) -> None:
        try:
            sftp.rename(part, target)
        except OSError:
            # Taken: by our own earlier delivery whose answer was lost, or by a stranger. Anything else is raised as it came.
            if not self._is_there(sftp, target, digest):
                raise
            with suppress(FileNotFoundError):   # a rename that nobody waited for any more was carried out after all
                sftp.remove(part)

    def _is_there(self, sftp: paramiko.SFTPClient, target: str, digest: str) -> bool:
        try:
            found = _remote_hash(sftp, target)
        except FileNotFoundError:
            return False
        if found != digest:
            raise TamperError(f"{self._link.server.where}:{target} is there with SHA-256 {found[:16]}…, ours is {digest[:16]}…",
                              code="OUTBOX-OTHER-CONTENT",
                              hint="Someone put another file under this name: look at both before clearing the hold.")
        return True

    def _at(self, name: str) -> str:
        return f"{self._folder}/{name}"


def _remote_hash(sftp: paramiko.SFTPClient, path: str) -> str:
    digest = hashlib.sha256()
    with sftp.open(path, "rb") as remote:
        remote.prefetch()
        while piece := remote.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
