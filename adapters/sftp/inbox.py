"""SFTP inbox: a remote folder that is polled.

A file is taken only when
1. its size and time have not changed over looks at least ``settle_seconds`` apart; SFTP tells nothing else about an upload,
2. it is a regular file with a visible name that is not a half-written one (``.part``, ``.filepart``, ``.tmp``),
3. it could be renamed into ``.taking/`` beside it, where its sender no longer finds it by name,
4. its size and time after the copy are those of the claim.

It is deleted there only when our copy is durable. A claim of a run that died lies in ``.taking/`` and is found again there,
under its own name behind our id. A broken connection in the middle of a copy goes on where it stopped.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import paramiko

from adapters.sftp.claimed import RemoteClaim
from adapters.sftp.link import SftpLink
from gateway.domain.parcels.kinds import Channel
from gateway.errors import OperatorError, RetryableError
from gateway.ports import Ids

HALF_WRITTEN = (".part", ".filepart", ".tmp", ".crdownload")
TAKING = ".taking"


@dataclass(frozen=True, slots=True)
class _Seen:
    size: int
    changed: int
    since: float


class SftpInbox:
    """Implements ``ports.Inbox``."""

    def __init__(self, link: SftpLink, folder: str, sender: str, channel: Channel, ids: Ids, settle_seconds: float = 5.0) -> None:
        self.sender = sender
        self.channel = channel
        self._link = link
        self._folder = folder.rstrip("/") or "/"
        self._settle = settle_seconds
        self._ids = ids
        self._seen: dict[str, _Seen] = {}
        self._growing = False

    def ready(self, now: float) -> Sequence[str]:
        """Names that stood still long enough; ``now`` in seconds of any steady clock."""
        with self._link.session() as sftp:
            entries = [entry for entry in sftp.listdir_attr(self._folder) if _takable(entry)]
        before, self._seen = self._seen, {}
        for entry in entries:
            size, changed = entry.st_size or 0, entry.st_mtime or 0
            last = before.get(entry.filename)
            still = last is not None and (last.size, last.changed) == (size, changed)
            self._seen[entry.filename] = _Seen(size, changed, last.since if last is not None and still else now)
        settled = sorted(name for name, seen in self._seen.items() if now - seen.since >= self._settle)
        self._growing = len(settled) < len(self._seen)
        return settled

    def growing(self) -> bool:
        """Whether something there has not stood still long enough at the last look."""
        return self._growing

    def claim(self, name: str) -> RemoteClaim:
        """Take it out of its sender's reach. RetryableError: it is gone or was changed."""
        claim = self._ids.new("P")   # it becomes the parcel's id
        taken = f"{self._folder}/{TAKING}/{claim}~{name}"
        with self._link.session() as sftp:
            self._make_taking(sftp)
            try:
                sftp.rename(f"{self._folder}/{name}", taken)
                attributes = sftp.lstat(taken)
            except FileNotFoundError as error:
                raise RetryableError("a remote file went away before it was taken", code="CLAIM-GONE",
                                     hint="Its sender may have taken it back.") from error
        self._seen.pop(name, None)
        return RemoteClaim(self._link, name=name, claim=claim, path=taken, back=f"{self._folder}/{name}", attributes=attributes)

    def abandoned(self) -> Sequence[RemoteClaim]:
        """Claims of a run that died."""
        with self._link.session() as sftp:
            try:
                entries = sftp.listdir_attr(f"{self._folder}/{TAKING}")
            except FileNotFoundError:
                return []
        return [self._again(entry) for entry in entries if "~" in entry.filename and stat.S_ISREG(entry.st_mode or 0)]

    def watch(self, wake: Callable[[], None]) -> AbstractContextManager[None]:
        """SFTP tells of nothing by itself: the daemon looks from time to time."""
        return nullcontext()

    def _again(self, entry: paramiko.SFTPAttributes) -> RemoteClaim:
        claim, _, name = entry.filename.partition("~")
        path = f"{self._folder}/{TAKING}/{entry.filename}"
        return RemoteClaim(self._link, name=name, claim=claim, path=path, back=f"{self._folder}/{name}", attributes=entry)

    def _make_taking(self, sftp: paramiko.SFTPClient) -> None:
        path = f"{self._folder}/{TAKING}"
        try:
            sftp.stat(path)
        except FileNotFoundError:
            try:
                sftp.mkdir(path, 0o700)
            except OSError as error:
                raise OperatorError(f"{self._link.server.where} does not let us make {TAKING}/ in its folder",
                                    code="SFTP-NO-TAKING", hint=f"Ask them to make {TAKING}/ there for our user.") from error


def _takable(entry: paramiko.SFTPAttributes) -> bool:
    name = entry.filename
    # A link or a pipe is not taken and not followed: it stays where it is, as if it were not there.
    return stat.S_ISREG(entry.st_mode or 0) and not name.startswith(".") and not name.lower().endswith(HALF_WRITTEN)
