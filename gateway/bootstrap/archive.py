"""Backup: one age file of a whole home, made while the daemon works on.

1. The store is taken first, as a snapshot; then everything the snapshot may point to; the keys last, so that whatever was sealed
   meanwhile under a new key can be opened too.
2. Private keys are never in it, but for those that read, sealed to the recovery key. The whole is sealed to the vault key and the
   recovery key: the recovery identity alone brings a home back.
3. What can be made again (receipts in drop folders, tiles, notices) is left out, and so is what is not ours yet.
4. A file that is taken away while we copy (a workbook that was delivered, a probe) is left out: nothing points to it any more.
5. A backup that broke off leaves no file under its name, and nothing that the next one stumbles over.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from adapters.vault.folder import sync_folder
from gateway.bootstrap.home import CLOCK, Home
from gateway.config import CONFIG, Settings
from gateway.config.layout import STORE
from gateway.errors import DiskError, UsageError
from keys.age_files import AgeStream

FORMAT = "cme-gateway backup/1"
LIST = "backup.json"
PREFIX = ".backup-"
KEPT = (CONFIG, CLOCK, "register", "vault", "keys/trusted", "keys/public.json", "keys/escrow.age")   # in this order


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written."""

    path: Path
    files: int
    bytes: int
    sealed_bytes: int
    made_at: datetime


def backup(home: Home, target: Path) -> Backup:
    """Write a home to ``target``, in a folder that is there. DiskError: no room, or the disk lost some of it."""
    if target.exists():
        raise UsageError(f"{target} exists already", code="BACKUP-EXISTS", hint="Name a new file; a backup is never overwritten.")
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent} is not there, a folder was expected", code="BACKUP-NO-FOLDER",
                         hint="Is the backup's disk mounted? The folder is never made: a backup beside its disk is none.")
    part = target.with_name(target.name + ".part")
    with _own_folder(home.path) as folder:
        snapshot = folder / STORE
        home.store.snapshot(snapshot)
        made_at = home.clock.now()
        part.unlink(missing_ok=True)      # of a backup that broke off
        try:
            listed, sealed = _seal(home, part, snapshot, made_at)
            part.rename(target)
            sync_folder(target.parent)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return Backup(target, len(listed), sum(size for size, _ in listed.values()), sealed, made_at)


def _seal(home: Home, part: Path, snapshot: Path, made_at: datetime) -> tuple[dict[str, tuple[int, str]], int]:
    with part.open("xb") as sink:
        part.chmod(0o600)
        stream = home.keys.vault_files().sealing(sink)
        try:
            listed = _write(stream, home.settings, snapshot, made_at)
            sealed = stream.finish()
        except BaseException:
            stream.abandon()
            raise
        sink.flush()
        os.fsync(sink.fileno())
        if os.fstat(sink.fileno()).st_size != sealed:
            raise DiskError(f"{part} holds another size than the {sealed} bytes that were written", code="BACKUP-SHORT",
                            hint="Look at the disk and make the backup again.")
    return listed, sealed


@contextmanager
def _own_folder(home: Path) -> Iterator[Path]:
    """A folder for the snapshot, beside the store. Those of backups that were killed are taken away: nobody holds their lock."""
    for left in home.glob(f"{PREFIX}*"):
        with suppress(BlockingIOError, FileNotFoundError), _locked(left):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=PREFIX) as folder, _locked(Path(folder)):
        yield Path(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(fd)


def _write(stream: AgeStream, settings: Settings, snapshot: Path, made_at: datetime) -> dict[str, tuple[int, str]]:
    listed: dict[str, tuple[int, str]] = {}
    with tarfile.open(fileobj=_Pushed(stream), mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for name, path in _files(settings.home, snapshot):
            with suppress(FileNotFoundError), path.open("rb") as file:
                read, status = Hashed(file), os.fstat(file.fileno())
                _add(tar, name, status.st_size, read, status.st_mtime)
                listed[name] = (read.size, read.digest.hexdigest())
        drops = [folder.name for folder in sorted((settings.home / "drop").glob("*")) if folder.is_dir()]
        values = {
            "format": FORMAT,
            "drops": drops,
            "la": settings.authority.la,
            "name": settings.authority.name,
            "rehearsal": settings.rehearsal,
            "made_at": made_at.isoformat(),
            "files": {name: list(facts) for name, facts in listed.items()},
        }
        content = json.dumps(values, indent=1).encode()
        _add(tar, LIST, len(content), io.BytesIO(content))
    return listed


def _files(home: Path, snapshot: Path) -> Iterator[tuple[str, Path]]:
    yield STORE, snapshot
    for name in KEPT:
        for path in [home / name] if (home / name).is_file() else sorted((home / name).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(home).as_posix(), path


def _add(tar: tarfile.TarFile, name: str, size: int, content: IO[bytes] | Hashed, written: float = 0) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, written
    tar.addfile(entry, content)


class Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Pass on what was read, counted and hashed."""
        chunk = self._file.read(size)
        self.size += len(chunk)
        self.digest.update(chunk)
        return chunk


class _Pushed(io.RawIOBase):
    """What a tar file is written to: passes everything on to the sealing stream."""

    def __init__(self, stream: AgeStream) -> None:
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, chunk: Any) -> int:
        self._stream.write(bytes(chunk))
        return len(chunk)
