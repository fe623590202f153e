"""Files taken out of a sender's reach, not yet deleted.

1. A claim is a folder of its own in ``.taking/``, named by our id, that holds the file under the sender's own name: one
   rename, nothing to keep in step, no limit on the name's length.
2. The descriptor was opened before the rename and compared after it: what is read is what was looked at.
3. ``recheck`` compares size, times and links with those right after the claim: a writer who kept the file open is found.
4. ``finish`` and ``release`` may be called again; each is durable when it returns.
5. On a share that cannot rename without replacing, the file stays where it is until ``finish`` (copy-only).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from adapters.folder.linux import rename_noreplace
from gateway.errors import DiskError, RefusedError, RetryableError

CHUNK = 1 << 20
TAKING = ".taking"
READ_ONLY = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
FOLDER_ONLY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def changed() -> RetryableError:
    """The file is not what it was a moment ago."""
    return RetryableError("the file changed while it was being taken", code="FILE-CHANGED",
                          hint="It is taken again when it has been still for settle_seconds.")


def as_text(name: str) -> str:
    """A file name as text that can be stored: bytes that are no UTF-8 are shown as \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


@contextmanager
def disk_errors() -> Iterator[None]:
    """Whatever the file system says that nobody foresaw, as the gateway's own error."""
    try:
        yield
    except OSError as error:
        raise DiskError(f"a drop folder cannot be used: {os.strerror(error.errno or 0)}", code="FOLDER-DISK",
                        hint="Look at its disk and its owner: `gateway doctor` tries each. Nothing is lost.") from error


@contextmanager
def opened_folder(path: Path) -> Iterator[int]:
    """A folder's descriptor for a moment; DiskError when a link or a file stands in its place."""
    try:
        fd = os.open(path, FOLDER_ONLY)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise DiskError("a folder of the gateway was replaced by something else", code="FOLDER-REPLACED",
                            hint=f"Look at {path.parent.name}/{path.name}: it must be a real folder.") from error
        raise
    try:
        yield fd
    finally:
        os.close(fd)


def fsync_folder(fd: int) -> None:
    """Make names in a folder durable. A failed fsync is final: DiskError, never tried again on this descriptor."""
    try:
        os.fsync(fd)
    except OSError as error:
        raise DiskError(f"fsync of a folder failed: {os.strerror(error.errno or 0)}", code="FSYNC-FAILED",
                        hint="Look at the disk; then start the gateway again: nothing was deleted.") from error


@dataclass
class OpenFile:
    """The part that both sorts of claim share: an open descriptor, and what it looked like when it became ours."""

    folder: Path
    given: str                    # the name in the file system, undecodable bytes as surrogates
    claim: str
    fd: int
    status: os.stat_result
    name: str = field(init=False)
    size: int = field(init=False)    # bytes to read
    refusal: RefusedError | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.name = as_text(self.given)
        self.size = self.status.st_size

    def chunks(self) -> Iterator[bytes]:
        """The content from the start, in pieces of 1 MiB."""
        offset = 0
        while chunk := self._read(offset):
            offset += len(chunk)
            yield chunk

    def recheck(self, size: int) -> None:
        """RetryableError when the file is not what it was, or ``size`` bytes are not all of it."""
        if size != self.status.st_size or _traits(os.fstat(self.fd)) != _traits(self.status):
            raise changed()

    def close(self) -> None:
        """Let go of the descriptor."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __del__(self) -> None:
        self.close()

    def _read(self, offset: int) -> bytes:
        try:
            return os.pread(self.fd, CHUNK, offset)
        except OSError as error:
            raise DiskError(f"reading an arrival failed: {os.strerror(error.errno or 0)}", code="READ-FAILED",
                            hint="Look at the disk or the share; the file was left untouched.") from error


class ClaimedFile(OpenFile):
    """A file in ``.taking/<claim>/``, out of the sender's reach by name."""

    def is_what_was_opened(self) -> bool:
        """Whether the file that was renamed is the one that is open."""
        moved = (self._place / self.given).lstat()
        return (moved.st_dev, moved.st_ino) == (self.status.st_dev, self.status.st_ino)

    @disk_errors()
    def release(self) -> None:
        """Back under its own name; under its claim and name when a new file of that name has come."""
        self.close()
        with suppress(FileNotFoundError), opened_folder(self.folder) as folder, opened_folder(self._place) as place:
            try:
                rename_noreplace(place, self.given, folder, self.given)
            except FileExistsError:
                rename_noreplace(place, self.given, folder, _beside(self.claim, self.given))
            fsync_folder(folder)
        self._clear()

    @disk_errors()
    def finish(self) -> None:
        """Delete the file and its claim."""
        self.close()
        with suppress(FileNotFoundError):
            (self._place / self.given).unlink()
        self._clear()

    @property
    def _place(self) -> Path:
        return self.folder / TAKING / self.claim

    def _clear(self) -> None:
        with suppress(FileNotFoundError):
            self._place.rmdir()
        with opened_folder(self.folder / TAKING) as taking:
            fsync_folder(taking)


class CopiedFile(OpenFile):
    """A file on a share that cannot rename safely: read in place, deleted only if it is still the same."""

    def release(self) -> None:
        """It never left its place."""
        self.close()

    def recheck(self, size: int) -> None:
        """As for a claim; besides, the name must still lead to the file that was read."""
        super().recheck(size)
        if not self._still_there():
            raise changed()

    @disk_errors()
    def finish(self) -> None:
        """Delete it, unless the sender has put another one in its place, which is then a file of its own."""
        if self.fd >= 0 and self._still_there():
            with suppress(FileNotFoundError), opened_folder(self.folder) as folder:
                os.unlink(self.given, dir_fd=folder)
                with suppress(DiskError):  # many shares know no fsync of folders; a file left behind is a duplicate, not a loss
                    fsync_folder(folder)
        self.close()

    def _still_there(self) -> bool:
        try:
            now = (self.folder / self.given).lstat()
        except FileNotFoundError:
            return False
        return _traits(now) == _traits(self.status)


def _traits(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_nlink)


def _beside(claim: str, given: str) -> str:
    return os.fsdecode(f"{claim} ".encode() + os.fsencode(given)[:255 - len(claim) - 1])
