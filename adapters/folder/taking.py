"""``.taking``: a drop folder's own place for claims.

1. It is 0700 and the gateway's, or nothing is taken: the sender can neither read nor write what has been claimed.
2. A claim is durable when it is given out: ``.taking`` was synced before the rename, the folders of sender and claim after it.
3. What was renamed is compared with what was looked at; when a sender swapped the two, it goes back.
4. A share that cannot rename without replacing, or cannot keep a folder to one user, is read in place (copy-only).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from adapters.folder.claim import TAKING, ClaimedFile, CopiedFile, changed, fsync_folder, opened_folder
from adapters.folder.linux import CANNOT_RENAME, Writer, rename_noreplace, writer_of
from adapters.folder.seen import ClaimedThing, LeftThere, again
from adapters.folder.watch import brings_events
from gateway.errors import DiskError, RefusedError
from gateway.ports import Claimed, Ids


class Taking:
    """Claims of one drop folder."""

    def __init__(self, folder: Path, ids: Ids) -> None:
        self._folder = folder
        self._ids = ids
        self._copy_only = False

    def take(self, folder: int, name: str, fd: int) -> Claimed:
        """Claim the file that is open as ``fd``; RetryableError when it is another one by now, or still written."""
        claim = self._ids.new("P")
        if not self._moved(folder, name, claim):
            return CopiedFile(self._folder, name, claim, fd, os.fstat(fd))
        taken = ClaimedFile(self._folder, name, claim, fd, os.fstat(fd))
        if not taken.is_what_was_opened() or writer_of(fd) is Writer.SOME:
            self._put_back(taken, fd)
        return taken

    def take_away(self, folder: int, name: str, fd: int, why: RefusedError) -> Claimed | None:
        """Claim what is no file to be read and is named by ``fd``; None: it cannot be moved from this share."""
        claim = self._ids.new("P")
        if not self._moved(folder, name, claim):
            return None
        taken = ClaimedThing(self._folder, name, claim, fd, os.fstat(fd), why=why)
        if not taken.is_what_was_opened():
            self._put_back(taken, fd)
        return taken

    def leave(self, name: str, fd: int, why: RefusedError, remember: Callable[[tuple[int, ...]], None]) -> Claimed:
        """Answer for what is named by ``fd`` where it lies."""
        return LeftThere(self._folder, name, self._ids.new("P"), fd, os.fstat(fd), why=why, remember=remember)

    def abandoned(self) -> list[Claimed]:
        """Claims of a run that died."""
        if not (self._folder / TAKING).is_dir():
            return []
        found: list[Claimed] = []
        with self._private() as taking:
            if taking is not None:
                for place in sorted((self._folder / TAKING).iterdir()):
                    found.extend(self._left_in(place))
        return found

    def _put_back(self, taken: ClaimedFile, fd: int) -> NoReturn:
        taken.fd = os.dup(fd)  # ``release`` closes its own
        taken.release()
        raise changed()

    def _moved(self, folder: int, name: str, claim: str) -> bool:
        """Out of the sender's reach, durably; False: this share is copy-only."""
        self._copy_only = self._copy_only or not self._moves(folder, name, claim)
        return not self._copy_only

    def _moves(self, folder: int, name: str, claim: str) -> bool:
        with self._private() as taking:
            if taking is None:
                return False
            os.mkdir(claim, mode=0o700, dir_fd=taking)
            fsync_folder(taking)      # first: a file that is durably gone from its folder must be in one that is there
            with opened_folder(self._folder / TAKING / claim) as place:
                try:
                    rename_noreplace(folder, name, place, name)
                except OSError as error:
                    os.rmdir(claim, dir_fd=taking)
                    if error.errno in CANNOT_RENAME:
                        return False
                    raise changed() from error
                fsync_folder(folder)
                fsync_folder(place)
        return True

    @contextmanager
    def _private(self) -> Iterator[int | None]:
        place = self._folder / TAKING
        with suppress(FileExistsError):
            place.mkdir(mode=0o700)
        with opened_folder(place) as taking:
            status = os.fstat(taking)
            private = status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077
            if not private and brings_events(self._folder):
                raise DiskError(f"{TAKING} in the folder {self._folder.name} is not the gateway's alone", code="TAKING-EXPOSED",
                                hint=f"Remove {TAKING}, or give it to the gateway's user with mode 0700.")
            yield taking if private else None

    def _left_in(self, place: Path) -> list[Claimed]:
        with opened_folder(place) as folder:
            found: list[Claimed] = [again(self._folder, name, place.name, folder) for name in sorted(os.listdir(folder))]  # noqa: PTH208 - by descriptor
        if not found:  # died between making the claim and filling it
            place.rmdir()
        return found
