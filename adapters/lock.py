"""The home's lock: one daemon at a time. The kernel gives it back when the process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.errors import RetryableError


@contextmanager
def held_lock(path: Path) -> Iterator[None]:
    """Hold the lock, or say at once who has it. RetryableError: another daemon runs in this home."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(fd, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise RetryableError(f"another gateway runs in this home, process {holder}", code="HOME-LOCKED",
                                 hint="Stop it first, or leave the work to it.") from error
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        os.close(fd)
