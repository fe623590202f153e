"""Stores to begin with: made once in a process, copied for each seed."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.contracts.store.rooms import opened

MEMORY = Path("/dev/shm")  # noqa: S108 - a commit costs nothing there, and nothing of it must last


@cache
def workshop() -> Path:
    """A folder for this process, in memory where the machine has such a place."""
    folder = Path(tempfile.mkdtemp(prefix="cme-simulation-", dir=MEMORY if MEMORY.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _empty() -> Path:
    path = workshop() / "empty.sqlite"
    opened(path).close()
    return path


def empty_store(path: Path) -> Path:
    """A store without contents, at a path."""
    shutil.copyfile(_empty(), path)
    return path
