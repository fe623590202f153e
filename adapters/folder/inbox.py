"""A drop folder as an inbox.

A file is taken only when
1. it is a regular file with one name, opened without following links and without waiting, on the folder's own file system,
   and not larger than allowed: looked at by descriptor, before a byte is read;
2. its upload is finished (see ``sighting``), and nobody has it open for writing, asked again after the claim, when no one can
   open it any more by name;
3. it could be renamed into ``.taking/<claim>/`` without replacing anything, and what stands there is what was looked at.

Links, pipes, devices, sockets and folders are refused where they lie, once each, and never stop the rest. ``.taking`` is 0700
and ours, or nothing is taken. Dot files, ``.part``, ``.filepart``, ``.tmp``, ``~$`` and ``receipts/`` are not looked at.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from adapters.folder.claim import READ_ONLY, changed, opened_folder
from adapters.folder.linux import has_writer
from adapters.folder.refusals import refuse_kind, refuse_links, refuse_size, unreadable
from adapters.folder.sighting import Sighting, Sightings, is_skipped, is_unfinished
from adapters.folder.taking import Taking
from adapters.folder.watch import FolderWatch, brings_events
from gateway.domain.parcels.kinds import Channel
from gateway.errors import OperatorError, RetryableError
from gateway.ports import Claimed, Ids


@dataclass(frozen=True, slots=True)
class Limits:
    """When a file counts as finished, and how large it may be."""

    settle_seconds: float = 5.0
    max_bytes: int = 512 << 20    # more than a million rows; read whole into a sandbox of limited memory


class DropFolder:
    """One sender's folder. Used by one thread; only its watch is called from another."""

    def __init__(self, path: Path, sender: str, channel: Channel, ids: Ids, *, limits: Limits | None = None,
                 watch: FolderWatch | None = None) -> None:
        self.path = path
        self.sender = sender
        self.channel = channel
        self._taking = Taking(path, ids)
        self._limits = limits or Limits()
        self._watch = watch
        self._sightings = Sightings()
        self._renamed: set[str] = set()
        self._refused: dict[str, tuple[int, int]] = {}
        self._growing = False
        self._lock = threading.Lock()
        self._local = True            # whether file times are this machine's

    def ready(self, now: float) -> Sequence[str]:
        """Names to claim, in the order they came; those that will be refused among them, each once."""
        ticks = time.monotonic()
        self._local = brings_events(self.path) if self.path.exists() else True
        with self._lock:
            renamed = set(self._renamed)
        with self._opened() as folder:
            self._growing = self._uploading(folder, now)
            seen = self._sightings.look(self._entries(folder), renamed, ticks)
            found = [(sight.status.st_ctime_ns, name) for name, sight in seen.items()
                     if self._is_ready(folder, name, sight, ticks, now)]
        with self._lock:
            self._renamed -= renamed - seen.keys()
        return [name for _, name in sorted(found)]

    def growing(self) -> bool:
        """Whether the last look saw something that was not finished."""
        return self._growing

    def claim(self, name: str) -> Claimed:
        """Take a file out of the sender's reach."""
        with self._opened() as folder:
            fd = self._open(folder, name)
            try:
                self._examine(folder, name, fd)
                taken = self._taking.take(folder, name, fd)
            except BaseException:
                os.close(fd)
                raise
        with self._lock:
            self._renamed.discard(name)
        return taken

    def abandoned(self) -> Sequence[Claimed]:
        """Claims of a run that died. Call it before the first ``ready``."""
        return self._taking.abandoned()

    def watch(self, wake: Callable[[], None]) -> AbstractContextManager[None]:
        """Wake the reader when something came, where the kernel sees it; elsewhere the rescan must do."""
        if self._watch is None or not brings_events(self.path):
            return nullcontext()
        return self._watch.following(self.path, self._note_renamed, wake)

    # ── looking ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            context = opened_folder(self.path)
            folder = context.__enter__()
        except FileNotFoundError as error:
            raise OperatorError(f"the folder of {self.sender} is not there", code="NO-FOLDER",
                                hint="Mount the share or make the folder; `gateway doctor` tests each.") from error
        try:
            yield folder
        finally:
            context.__exit__(None, None, None)

    def _entries(self, folder: int) -> Iterator[tuple[str, os.stat_result]]:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not is_skipped(entry.name):
                    with suppress(FileNotFoundError):
                        yield entry.name, entry.stat(follow_symlinks=False)

    def _uploading(self, folder: int, now: float) -> bool:
        """Whether a name ending in .part or the like has changed lately; one that lies still is an upload given up."""
        for name in os.listdir(folder):
            if is_unfinished(name):
                with suppress(FileNotFoundError):
                    if now - os.stat(name, dir_fd=folder, follow_symlinks=False).st_ctime < self._limits.settle_seconds:
                        return True
        return False

    def _is_ready(self, folder: int, name: str, sight: Sighting, ticks: float, now: float) -> bool:
        if not sight.regular or sight.linked_too_long(ticks):
            return self._refused.get(name) != sight.identity
        if self._refused.get(name) == sight.identity:
            return False
        wall = now if self._local else None
        if sight.is_still(self._limits.settle_seconds, ticks, wall) and not self._is_written(folder, name):
            return True
        self._growing = True
        return False

    def _is_written(self, folder: int, name: str) -> bool:
        try:
            fd = os.open(name, READ_ONLY, dir_fd=folder)
        except OSError:  # gone, or to be refused by the claim
            return False
        try:
            return has_writer(fd)
        finally:
            os.close(fd)

    def _note_renamed(self, name: str) -> None:
        with self._lock:
            self._renamed.add(name)

    # ── taking ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _open(self, folder: int, name: str) -> int:
        # (2) Never a wait: a pipe without a writer opens at once, and is then refused.
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            self._refuse_unless(stat.S_ISREG(status.st_mode), name, status)
            return os.open(name, READ_ONLY, dir_fd=folder)
        except FileNotFoundError as error:
            raise RetryableError("a file was gone before it could be taken", code="FILE-GONE", hint="Nothing to do.") from error
        except PermissionError as error:
            raise unreadable() from error
        except OSError as error:  # ELOOP, ENXIO: it became a link or a socket meanwhile
            raise changed() from error

    def _examine(self, folder: int, name: str, fd: int) -> None:
        status = os.fstat(fd)
        self._refuse_unless(stat.S_ISREG(status.st_mode) and status.st_dev == os.fstat(folder).st_dev, name, status)
        if status.st_nlink != 1:
            sight = self._sightings.get(name)
            if sight is not None and sight.linked_too_long(time.monotonic()):
                self._refused[name] = (status.st_dev, status.st_ino)
                raise refuse_links(status.st_nlink)
            raise changed()
        if status.st_size > self._limits.max_bytes:
            self._refused[name] = (status.st_dev, status.st_ino)
            raise refuse_size(status.st_size, self._limits.max_bytes)

    def _refuse_unless(self, fine: bool, name: str, status: os.stat_result) -> None:
        if not fine:
            self._refused[name] = (status.st_dev, status.st_ino)
            raise refuse_kind(status.st_mode)
