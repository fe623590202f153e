"""What a look at a drop folder saw, and whether an upload is finished.

A file is ready when nobody has it open for writing and
1. it was renamed into place while we watched; or, where all writers are this machine's, its last change was no write: a rename,
   or times set after the last byte (neither while its server says that the sender is still connected); or
2. size and change time have been still for ``settle_seconds``: by its own change time where the clock is this machine's, else
   as observed from here.

Where it cannot be seen whether another user has it open for writing, only a rename we watched, or ``UNSEEN_SECONDS`` of
stillness, makes it ready: an upload that stalls must not pass for one that is finished.

A file with a second name is not ready: SFTP servers rename by link and unlink. When it keeps that name it is refused.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass

UNFINISHED = (".part", ".filepart", ".tmp", ".crdownload", ".partial")
SECOND_NAME_SECONDS = 60.0  # OpenSSH's rename is link and unlink: two names are briefly normal
UNSEEN_SECONDS = 300.0      # the sshd of deploy/ ends a session that went dead after 90
GIVEN_UP_SECONDS = 900.0    # an upload that broke off is taken up again by then, or its sender is told
_OURS = frozenset({"receipts"})


def is_skipped(name: str) -> bool:
    """Whether a name is never taken: hidden, an upload under way, an editor's lock file, or our own folder."""
    return name.startswith((".", "~$")) or name in _OURS or is_unfinished(name)


def is_unfinished(name: str) -> bool:
    """Whether a name says that its upload is under way."""
    return name.lower().endswith(UNFINISHED) and not name.startswith(".")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One name as it was seen, and since when it has looked like this (on a monotonic clock)."""

    status: os.stat_result
    since: float
    first: float                  # when this inode was first seen under this name
    renamed: bool

    @property
    def regular(self) -> bool:
        """Whether it is a file at all."""
        return stat.S_ISREG(self.status.st_mode)

    @property
    def identity(self) -> tuple[int, int]:
        """Device and inode."""
        return (self.status.st_dev, self.status.st_ino)

    @property
    def mark(self) -> tuple[int, int, int]:
        """Device, inode and time of the last change: another mark is worth another look."""
        return (*self.identity, self.status.st_ctime_ns)

    def is_of(self, status: os.stat_result) -> bool:
        """Whether the same file looks as it did."""
        now = (status.st_dev, status.st_ino, status.st_ctime_ns, status.st_size)
        return now == (*self.mark, self.status.st_size)

    def linked_too_long(self, ticks: float) -> bool:
        """Whether a second name has stayed."""
        return self.status.st_nlink != 1 and ticks - self.first > SECOND_NAME_SECONDS

    def is_given_up(self, ticks: float) -> bool:
        """Whether an upload that broke off was not taken up again."""
        return ticks - self.since >= GIVEN_UP_SECONDS

    def is_still_unseen(self, settle: float, ticks: float) -> bool:
        """Whether it looks finished although someone may have it open."""
        return self.status.st_nlink == 1 and (self.renamed or ticks - self.since >= max(settle, UNSEEN_SECONDS))

    def is_still(self, settle: float, ticks: float, wall: float | None, *, busy: bool = False) -> bool:
        """Whether the upload looks finished; ``wall`` None: the file's clock is not ours. ``busy``: its sender is still there."""
        if self.status.st_nlink != 1:
            return False
        if ticks - self.since >= settle or (wall is not None and wall - self.status.st_ctime >= settle):
            return True
        return not busy and (self.renamed or (wall is not None and self.status.st_ctime_ns > self.status.st_mtime_ns))


class Sightings:
    """What was seen at the last look, name by name."""

    def __init__(self) -> None:
        self._seen: dict[str, Sighting] = {}

    def look(self, entries: Iterable[tuple[str, os.stat_result]], renamed: set[str], ticks: float) -> dict[str, Sighting]:
        """Compare this look with the last one."""
        now = {name: _compared(self._seen.get(name), status, name in renamed, ticks) for name, status in entries}
        self._seen = now
        return now

    def get(self, name: str) -> Sighting | None:
        """The last sighting of a name."""
        return self._seen.get(name)


def _compared(before: Sighting | None, status: os.stat_result, renamed: bool, ticks: float) -> Sighting:
    if before is None or before.identity != (status.st_dev, status.st_ino):
        return Sighting(status, ticks, ticks, renamed)
    same = (before.status.st_size, before.status.st_ctime_ns) == (status.st_size, status.st_ctime_ns)
    return Sighting(status, before.since if same else ticks, before.first, renamed or (same and before.renamed))
