"""Folder outbox.

1. Whoever reads the folder sees a whole file or none: ``.NAME.part``, fsync, rename without replacing, fsync the folder.
2. The same name with the same bytes is success: the act was done before. The same name with other bytes is an alarm, and
   nothing is overwritten.
3. A name is one plain path component; the folder is made when it is not there.
4. Who may read it is said outright, whatever the process's umask: a receipt nobody else can open is no answer.
5. An fsync that fails is never tried again on the same descriptor: what was written is thrown away, the name too when it was
   the name that could not be made durable, and the error is raised. The next try writes it all anew.
6. A file that is there already, of a run that died, may have a name that is not durable: the folder is synced before it counts.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from adapters.outfolder.rename import rename_without_replacing
from gateway.domain.parcels.stages import Delivered
from gateway.errors import DiskError, OperatorError, TamperError
from gateway.ports import Outgoing

MAX_NAME = 200   # bytes; with the dot and ".part" it stays below the 255 of common file systems


class FolderOutbox:
    """Implements ``ports.Outbox`` on a local or mounted folder. ``where`` is how people name it."""

    def __init__(self, folder: Path, where: str = "", mode: int = 0o640) -> None:
        self._folder = folder
        self._where = where or folder.name
        self._mode = mode

    def deliver(self, outgoing: Outgoing, at: datetime) -> Delivered:
        """Leave it there whole, once."""
        name = plain_name(outgoing.name)
        digest = hashlib.sha256(outgoing.content).hexdigest()
        with _disk_errors(self._where):
            _make_folder(self._folder)
            if self._is_there(name, digest):
                self._part(name).unlink(missing_ok=True)
                _sync_folder(self._folder)
            else:
                self._leave(name, outgoing.content, digest)
        return Delivered(job=outgoing.job, to=outgoing.to, where=f"{self._where}/{name}", sha256=digest, at=at)

    def withdraw(self, name: str) -> bool:
        """Take it back, when it still lies there."""
        with _disk_errors(self._where):
            try:
                (self._folder / plain_name(name)).unlink()
            except FileNotFoundError:
                return False
            _sync_folder(self._folder)
        return True

    def _leave(self, name: str, content: bytes, digest: str) -> None:
        part = self._part(name)
        try:
            self._write(part, content)
            rename_without_replacing(part, self._folder / name)
        except (FileExistsError, FileNotFoundError):
            # Another worker was faster: its file is there, or it took our part away to write its own.
            if not self._is_there(name, digest):
                raise
        finally:
            part.unlink(missing_ok=True)
        try:
            _sync_folder(self._folder)
        except OSError:
            (self._folder / name).unlink(missing_ok=True)
            raise

    def _write(self, part: Path, content: bytes) -> None:
        part.unlink(missing_ok=True)   # left by a run that died; never appended to
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        fd = os.open(part, flags, 0o600)
        try:
            os.fchmod(fd, self._mode)
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(fd, rest):]
            os.fsync(fd)
        finally:
            os.close(fd)

    def _part(self, name: str) -> Path:
        return self._folder / f".{name}.part"

    def _is_there(self, name: str, digest: str) -> bool:
        try:
            fd = os.open(self._folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        with os.fdopen(fd, "rb") as there:
            found = hashlib.file_digest(there, "sha256").hexdigest()
        if found != digest:
            raise TamperError(f"{self._where}/{name} is there with SHA-256 {found[:16]}…, ours is {digest[:16]}…",
                              code="OUTBOX-OTHER-CONTENT",
                              hint="Someone put another file under this name: look at both before clearing the hold.")
        return True


def plain_name(name: str) -> str:
    """The same name when it is one path component that hides nothing; OperatorError otherwise."""
    if name in ("", ".", "..") or name.startswith(".") or any(c in "/\\\0" or ord(c) < 32 for c in name) \
            or len(name.encode()) > MAX_NAME:
        raise OperatorError("outgoing name is no plain file name", code="OUTBOX-NAME",
                            hint="Outgoing names are ids or S2S names: no slash, no leading dot, at most 200 bytes.")
    return name


def _make_folder(folder: Path) -> None:
    """A durable folder: the one above it is synced when it is new."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def _disk_errors(where: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DiskError(f"{where}: {os.strerror(error.errno or 0)}", code="OUTBOX-DISK",
                        hint="Check that the folder exists, is writable and has room; `gateway doctor` tries it.") from error
