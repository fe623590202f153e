"""A drop folder as an inbox.

A file is taken only when
1. it is a regular file with one name, opened without following links and without waiting, on the folder's own file system,
   and not too large to be kept: looked at by descriptor, before a byte is read;
2. its upload is finished (see ``sighting``, and ``uploads`` where its server tells what broke off), it has not changed since it
   was seen so, and nobody has it open for writing, asked again after the claim, when no one can open it any more by name;
3. it could be renamed into ``.taking/<claim>/`` without replacing anything, and what stands there is what was looked at.

Links, pipes, devices, sockets, folders and files beyond all bounds are never read; a description of each is claimed in its
place, so that its sender is answered (see ``seen``), and none stops the rest. ``.taking`` is 0700 and ours, or nothing is
taken. Dot files, ``.part``, ``.filepart``, ``.tmp``, ``~$`` and ``receipts/`` are not looked at.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from adapters.folder.claim import READ_ONLY, changed, disk_errors, opened_folder
from adapters.folder.linux import Writer, writer_of
from adapters.folder.refusals import refuse_cut_off, refuse_foreign, refuse_kind, refuse_links, refuse_size, refuse_unreadable
from adapters.folder.seen import ONLY_NAMED, can_be_moved
from adapters.folder.sighting import Sighting, Sightings, is_skipped, is_unfinished
from adapters.folder.taking import Taking
from adapters.folder.uploads import UploadListener, UploadLog
from adapters.folder.watch import FolderWatch, brings_events
from gateway.domain.parcels.kinds import Channel
from gateway.errors import OperatorError, RefusedError, RetryableError
from gateway.ports import Claimed, Ids


@dataclass(frozen=True, slots=True)
class Limits:
    """When a file counts as finished, and how large it may be, in bytes."""

    settle_seconds: float = 5.0
    keep_bytes: int = 2 << 30     # what is larger than this is not even sealed


class DropFolder:
    """One sender's folder. Used by one thread; only its watch is called from another."""

    def __init__(self, path: Path, sender: str, channel: Channel, ids: Ids, *, limits: Limits | None = None,
                 watch: FolderWatch | None = None, uploads: UploadLog | None = None,
                 listener: UploadListener | None = None) -> None:
        self.path = path
        self.sender = sender
        self.channel = channel
        self._taking = Taking(path, ids)
        self._limits = limits or Limits()
        self._watch = watch
        self._uploads, self._listener = uploads, listener
        self._sightings = Sightings()
        self._renamed: set[str] = set()
        self._left: dict[str, tuple[int, ...]] = {}    # answered for, and still there
        self._growing = False
        self._blind = False           # whether other users' open files are hidden from us
        self._lock = threading.Lock()
        self._local = True            # whether file times are this machine's

    @disk_errors()
    def ready(self, now: float) -> Sequence[str]:
        """Names to claim, in the order they came; those that will be refused among them, each once."""
        ticks = time.monotonic()
        self._local = brings_events(self.path) if self.path.exists() else True
        with self._lock:
            renamed = set(self._renamed)
        with self._opened() as folder:
            self._growing = self._uploading(folder, now)
            seen = self._sightings.look(self._entries(folder), renamed, ticks)
            if self._uploads is not None:
                self._uploads.there(set(seen))
            found = [(sight.status.st_ctime_ns, name) for name, sight in seen.items()
                     if self._is_ready(folder, name, sight, ticks, now)]
        with self._lock:
            self._renamed -= renamed - seen.keys()
        return [name for _, name in sorted(found)]

    def growing(self) -> bool:
        """Whether the last look saw something that was not finished."""
        return self._growing

    @disk_errors()
    def claim(self, name: str) -> Claimed:
        """Take a file out of the sender's reach."""
        with self._opened() as folder:
            taken = self._take(folder, name)
        with self._lock:
            self._renamed.discard(name)
        return taken

    @disk_errors()
    def abandoned(self) -> Sequence[Claimed]:
        """Claims of a run that died. Call it before the first ``ready``."""
        return self._taking.abandoned()

    @contextmanager
    def watch(self, wake: Callable[[], None]) -> Iterator[None]:
        """Wake the reader when something came, where the kernel sees it or the server tells; elsewhere the rescan must do."""
        with ExitStack() as stack:
            if self._uploads is not None and self._listener is not None:
                stack.enter_context(self._listener.hearing(self._uploads, wake))
            if self._watch is not None and brings_events(self.path):
                stack.enter_context(self._watch.following(self.path, self._note_renamed, wake))
            yield

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
            return self._left.get(name) != sight.mark
        if self._left.get(name) == sight.mark:
            return False
        if self._unclosed(name) and not sight.is_given_up(ticks):
            self._growing |= self._writer(folder, name) is Writer.SOME
            return False
        wall, settle = now if self._local else None, self._limits.settle_seconds
        unseen = self._local and self._blind and sight.status.st_uid != os.geteuid()
        still = sight.is_still_unseen(settle, ticks) if unseen else sight.is_still(settle, ticks, wall, busy=self._busy())
        if still and self._nobody_writes(folder, name, sight, ticks):
            return True
        self._growing = True
        return False

    def _busy(self) -> bool:
        return self._uploads is not None and self._uploads.busy()

    def _unclosed(self, name: str) -> bool:
        return self._uploads is not None and self._uploads.unclosed(name)

    def _nobody_writes(self, folder: int, name: str, sight: Sighting, ticks: float) -> bool:
        writer = self._writer(folder, name)
        self._blind |= writer is Writer.UNSEEN
        if writer is Writer.UNSEEN and self._local:
            return sight.is_still_unseen(self._limits.settle_seconds, ticks)
        return writer is not Writer.SOME

    def _writer(self, folder: int, name: str) -> Writer:
        try:
            fd = os.open(name, READ_ONLY, dir_fd=folder)
        except PermissionError:
            return Writer.UNSEEN
        except OSError:  # gone, or to be refused by the claim
            return Writer.NONE
        try:
            return writer_of(fd)
        finally:
            os.close(fd)

    def _note_renamed(self, name: str) -> None:
        with self._lock:
            self._renamed.add(name)

    # ── taking ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _take(self, folder: int, name: str) -> Claimed:
        fd = self._named(folder, name)
        try:
            status = os.fstat(fd)
            sight = self._sightings.get(name)
            if sight is None or not sight.is_of(status):    # another file by now, or written to: it has to lie still first
                raise changed()
            why = self._why_not_read(folder, name, status)
            if why is None and (readable := self._opened_to_read(folder, name)) is not None:
                os.close(fd)
                fd = readable
                if self._why_not_read(folder, name, os.fstat(fd)) is not None:
                    raise changed()
                return self._taking.take(folder, name, fd)
            why = why or refuse_unreadable()
            moved = self._taking.take_away(folder, name, fd, why) if can_be_moved(status, os.fstat(folder).st_dev) else None
            return moved or self._taking.leave(name, fd, why, lambda mark: self._left.update({name: mark}))
        except BaseException:
            os.close(fd)
            raise

    def _named(self, folder: int, name: str) -> int:
        # (2) Never a wait and never a link followed: the descriptor only names what lies there.
        try:
            return os.open(name, ONLY_NAMED, dir_fd=folder)
        except FileNotFoundError as error:
            raise RetryableError("a file was gone before it could be taken", code="FILE-GONE", hint="Nothing to do.") from error

    def _opened_to_read(self, folder: int, name: str) -> int | None:
        try:
            return os.open(name, READ_ONLY, dir_fd=folder)
        except PermissionError:
            return None
        except OSError as error:  # gone; or a link or a socket by now
            raise changed() from error

    def _why_not_read(self, folder: int, name: str, status: os.stat_result) -> RefusedError | None:
        if not stat.S_ISREG(status.st_mode):
            return refuse_kind(status.st_mode)
        if status.st_dev != os.fstat(folder).st_dev:
            return refuse_foreign()
        if status.st_nlink != 1:
            sight = self._sightings.get(name)
            if sight is None or not sight.linked_too_long(time.monotonic()):
                raise changed()
            return refuse_links(status.st_nlink)
        if self._unclosed(name):
            return refuse_cut_off()
        return refuse_size(status.st_size, self._limits.keep_bytes) if status.st_size > self._limits.keep_bytes else None
