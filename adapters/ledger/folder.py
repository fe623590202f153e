"""``HOME/ledger``: tiles and the newest checkpoint, as any file server may hand them out.

1. A file is written beside, synced and renamed: whoever reads sees the old one or the new, whole.
2. The checkpoint comes after everything it covers is synced, names too; then tiles it outgrew are taken away, and what a run that
   died left half-written beside them.
3. A failed fsync is final: SyncFailedError, and the run ends.
4. Nothing here is truth: a folder that was lost is written again from the store.
5. What a store that was put back does not go on from is set apart under ``put-back/``, its checkpoint last, and never deleted.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from gateway.errors import DiskError, SyncFailedError

CHECKPOINT = "checkpoint"
APART = "put-back"


class LedgerFolder:
    """Files below ``root``, which exists. One process writes: the one that holds the home's lock."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._outgrown: list[Path] = []
        self._unsynced: set[Path] = set()     # folders in which names were made

    def checkpoint(self) -> str | None:
        """The note published last; None in a new folder."""
        try:
            return (self._root / CHECKPOINT).read_bytes().decode("utf-8", "replace")    # what is no text does not verify
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _failed(CHECKPOINT, error) from error

    def get(self, name: str) -> bytes | None:
        """A tile or bundle; None when it is not there."""
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _failed(name, error) from error

    def set_apart(self, name: str) -> None:
        """Move everything under ``put-back/<name>``: tiles first, so that a checkpoint never stands without them."""
        try:
            there = _free(self._root / APART / name)
            there.mkdir(parents=True, exist_ok=True)
            for part in ("tile", CHECKPOINT):
                if (self._root / part).exists():
                    (self._root / part).rename(there / part)
                _sync_folder(there)
                _sync_folder(self._root)
        except OSError as error:
            raise _failed(f"{APART}/{name}", error) from error

    def apart(self, name: str) -> LedgerFolder:
        """What was set apart under a name."""
        return LedgerFolder(self._root / APART / name)

    def put(self, name: str, content: bytes) -> None:
        """A tile or bundle, whole and synced. Its name says what is in it, so one that is there is left."""
        path = self._root / name
        try:
            if not path.is_file():
                self._make(path.parent)
                _replace(path, content)
                self._unsynced.add(path.parent)
            self._note_outgrown(path)
        except OSError as error:
            raise _failed(name, error) from error

    def publish(self, note: str) -> None:
        """The checkpoint, durable."""
        try:
            for folder in sorted(self._unsynced):
                _sync_folder(folder)
            self._unsynced.clear()
            _replace(self._root / CHECKPOINT, note.encode())
            _sync_folder(self._root)
            self._take_outgrown_away()
        except OSError as error:
            raise _failed(CHECKPOINT, error) from error

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make(folder.parent)
            folder.mkdir()
            self._unsynced.add(folder.parent)

    def _note_outgrown(self, path: Path) -> None:
        """``067.p/12`` is outgrown by ``067.p/13``, and the whole of ``067.p`` by ``067``."""
        if path.parent.suffix == ".p":
            width = int(path.name)
            widths = {other: other.name.removeprefix(".").removesuffix(".new") for other in path.parent.iterdir()}
            self._outgrown += [other for other, text in widths.items() if text.isdigit() and int(text) < width]
        else:
            self._outgrown.append(path.with_name(path.name + ".p"))

    def _take_outgrown_away(self) -> None:
        for path in self._outgrown:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        self._outgrown.clear()


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as sink:
            sink.write(content)
            sink.flush()
            _sync(sink.fileno(), path.name)
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _sync(fd, folder.name)
    finally:
        os.close(fd)


def _sync(fd: int, name: str) -> None:
    try:
        os.fsync(fd)
    except OSError as error:
        raise SyncFailedError(f"ledger file {name} was not made durable: {error.strerror or error}", code="LEDGER-UNSYNCED",
                              hint="Look at the disk, then start the gateway again: it makes them from the store.") from error


def _free(wanted: Path) -> Path:
    """The folder itself unless something was set apart in it before: then the next free number behind its name."""
    number, there = 1, wanted
    while (there / CHECKPOINT).exists():
        number += 1
        there = wanted.with_name(f"{wanted.name}-{number}")
    return there


def _failed(name: str, error: OSError) -> DiskError:
    return DiskError(f"ledger file {name} was not written: {error.strerror or error}", code="LEDGER-DISK",
                     hint="Make room or mend the disk. Nothing is lost: the files are made from the store.")
