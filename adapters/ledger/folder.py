"""``HOME/ledger``: tiles and the newest checkpoint, as any file server may hand them out.

1. A file is written beside, synced and renamed: whoever reads sees the old one or the new, whole.
2. The checkpoint comes after everything it covers is synced; then tiles it outgrew are taken away.
3. Nothing here is truth: a folder that was lost is written again from the store.
4. What a store that was put back does not go on from is set apart under ``put-back/``, its checkpoint last, and never deleted.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from gateway.errors import DiskError

CHECKPOINT = "checkpoint"
APART = "put-back"


class LedgerFolder:
    """Files below ``root``, which exists. One process writes: the one that holds the home's lock."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._outgrown: list[Path] = []
        self._named: set[Path] = set()    # folders with names in them that are not durable yet

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
                _sync(there)
                _sync(self._root)
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
                path.parent.mkdir(parents=True, exist_ok=True)
                _replace(path, content)
                self._named |= {folder for folder in path.parents if folder.is_relative_to(self._root)}
        except OSError as error:
            raise _failed(name, error) from error
        self._note_outgrown(path)

    def publish(self, note: str) -> None:
        """The checkpoint, durable."""
        try:
            for folder in self._named:
                _sync(folder)
            self._named.clear()
            _replace(self._root / CHECKPOINT, note.encode())
            _sync(self._root)
        except OSError as error:
            raise _failed(CHECKPOINT, error) from error
        self._take_outgrown_away()

    def _note_outgrown(self, path: Path) -> None:
        """``067.p/12`` is outgrown by ``067.p/13``, and the whole of ``067.p`` by ``067``."""
        if path.parent.suffix == ".p":
            width = int(path.name)
            self._outgrown += [other for other in path.parent.iterdir() if other.name.isdigit() and int(other.name) < width]
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
    with beside.open("wb") as sink:
        sink.write(content)
        sink.flush()
        os.fsync(sink.fileno())
    beside.replace(path)


def _free(wanted: Path) -> Path:
    """The folder itself unless something was set apart in it before: then the next free number behind its name."""
    number, there = 1, wanted
    while (there / CHECKPOINT).exists():
        number += 1
        there = wanted.with_name(f"{wanted.name}-{number}")
    return there


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _failed(name: str, error: OSError) -> DiskError:
    return DiskError(f"ledger file {name} was not written: {error.strerror or error}", code="LEDGER-DISK",
                     hint="Make room or mend the disk. Nothing is lost: the files are made from the store.")
