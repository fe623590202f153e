"""What lay where a file was expected, and is no file that may be read: a link, a pipe, a folder, a file beyond all bounds.

1. It is never opened for reading: a descriptor that only names it (``O_PATH``) follows no link and waits for no writer.
2. What is read of it is a description (``Sighting``), the same for the same thing, which is sealed and answered for.
3. A link, a pipe, a socket, a device and a second name hold nothing of their own: they are taken out of the folder like a file,
   and gone when they are finished. A folder, what lies on another disk, what is too large to be kept and what may not be read
   stay where they are; the inbox is told once they are answered for.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from adapters.folder.claim import READ_ONLY, ClaimedFile, OpenFile
from adapters.folder.refusals import refuse_kind, refuse_links, words_for
from gateway.domain.parcels.refused import Sighting
from gateway.errors import RefusedError

ONLY_NAMED = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC


def can_be_moved(status: os.stat_result, device: int) -> bool:
    """Whether it holds nothing that would be lost with its name."""
    if status.st_dev != device or stat.S_ISDIR(status.st_mode):
        return False
    return not stat.S_ISREG(status.st_mode) or status.st_nlink > 1


def sighted(name: str, fd: int, status: os.stat_result) -> bytes:
    """Its description. ``fd`` only names it."""
    target = os.fsencode(os.readlink("", dir_fd=fd)).decode("utf-8", "backslashreplace") if stat.S_ISLNK(status.st_mode) else None
    return Sighting(what=words_for(status.st_mode), name=name, size=status.st_size, target=target).content()


@dataclass
class ClaimedThing(ClaimedFile):
    """Implements ``ports.Claimed``: out of the sender's folder, gone when it is finished."""

    why: RefusedError = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.size, self.refusal = 0, self.why

    def chunks(self) -> Iterator[bytes]:
        """Its description."""
        yield sighted(self.name, self.fd, self.status)

    def recheck(self, size: int) -> None:
        """What was described is what is open; nothing of it was read."""


@dataclass
class LeftThere(OpenFile):
    """Implements ``ports.Claimed``: it stays where it is. ``remember`` is called once it is answered for."""

    why: RefusedError = field(kw_only=True)
    remember: Callable[[tuple[int, ...]], None] = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.size, self.refusal = 0, self.why

    def chunks(self) -> Iterator[bytes]:
        """Its description."""
        yield sighted(self.name, self.fd, self.status)

    def recheck(self, size: int) -> None:
        """Nothing of it was read."""

    def release(self) -> None:
        """It never left."""
        self.close()

    def finish(self) -> None:
        """It stays; it is not reported again as long as it lies there unchanged."""
        self.remember((self.status.st_dev, self.status.st_ino, self.status.st_ctime_ns))
        self.close()


def again(folder: Path, name: str, claim: str, place: int) -> ClaimedFile:
    """A claim of a run that died, whatever it is. ``place``: the claim's own folder, open."""
    fd = os.open(name, ONLY_NAMED, dir_fd=place)
    status = os.fstat(fd)
    if stat.S_ISREG(status.st_mode) and status.st_nlink == 1:
        os.close(fd)
        fd = os.open(name, READ_ONLY, dir_fd=place)
        return ClaimedFile(folder, name, claim, fd, os.fstat(fd))
    why = refuse_links(status.st_nlink) if stat.S_ISREG(status.st_mode) else refuse_kind(status.st_mode)
    return ClaimedThing(folder, name, claim, fd, status, why=why)
