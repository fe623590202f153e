"""A remote file that is ours alone, until it is finished or given back."""

from __future__ import annotations

from collections.abc import Iterator

import paramiko

from adapters.sftp.link import SftpLink
from gateway.errors import PartnerUnavailableError, RefusedError, RetryableError

PIECE = 256 << 10
TRIES = 3   # connections for one copy; then the daemon tries again later


class RemoteClaim:
    """Implements ``ports.Claimed`` on a file in ``.taking/`` of an SFTP server."""

    refusal: RefusedError | None = None

    def __init__(self, link: SftpLink, *, name: str, claim: str, path: str, back: str,
                 attributes: paramiko.SFTPAttributes) -> None:
        self.name = name
        self.claim = claim
        self._link = link
        self._path = path
        self._back = back
        self.size = attributes.st_size or 0
        self._changed = attributes.st_mtime

    def chunks(self) -> Iterator[bytes]:
        """Its bytes from the start; a broken connection goes on where it stopped."""
        offset = 0
        while offset < self.size:
            piece = self._piece(offset)
            if not piece:
                break   # shorter than it was: recheck says so
            offset += len(piece)
            yield piece

    def recheck(self, size: int) -> None:
        """RetryableError when it is not what was claimed, or not what was read."""
        with self._link.session() as sftp:
            now = sftp.lstat(self._path)
        if (now.st_size, now.st_mtime) != (self.size, self._changed) or size != self.size:
            raise RetryableError(f"a remote file changed while it was read: {size} bytes read, {now.st_size} there, "
                                 f"{self.size} claimed", code="CLAIM-CHANGED", hint="It is taken again when it stands still.")

    def release(self) -> None:
        """Back under its own name; when that is taken meanwhile it stays claimed, and recovery finds it."""
        with self._link.session() as sftp:
            sftp.rename(self._path, self._back)

    def finish(self) -> None:
        """Delete it there; safe to repeat."""
        with self._link.session() as sftp:
            try:
                sftp.remove(self._path)
            except FileNotFoundError:
                return

    def _piece(self, offset: int) -> bytes:
        for last in (*[False] * (TRIES - 1), True):
            try:
                with self._link.session() as sftp, sftp.open(self._path, "rb") as remote:
                    return _read(remote, offset, self.size)
            except PartnerUnavailableError:
                if last:
                    raise
        raise AssertionError("the last try returned or raised")


def _read(remote: paramiko.SFTPFile, offset: int, size: int) -> bytes:
    # A few mebibytes at a time: requests are answered side by side, and memory stays flat.
    stop = min(size, offset + 16 * PIECE)
    pieces = remote.readv([(start, min(PIECE, stop - start)) for start in range(offset, stop, PIECE)])
    return b"".join(pieces)
