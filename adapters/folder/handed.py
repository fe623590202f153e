"""A file that a person hands in: read where it lies, and left there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from adapters.folder.claim import OpenFile
from adapters.folder.refusals import refuse_size
from gateway.errors import UsageError


class HandedFile(OpenFile):
    """Implements ``ports.Claimed`` for a file that is not ours to move or delete."""

    @classmethod
    @contextmanager
    def opened(cls, path: Path, claim: str, keep_bytes: int) -> Iterator[Self]:
        """Open it, links followed: it is the person's own. UsageError when it is no file; RefusedError when it is too large."""
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {os.strerror(error.errno or 0)}", code="NO-FILE",
                             hint="Name a file that you may read.") from error
        handed = cls(path.parent, path.name, claim, fd, os.fstat(fd))
        try:
            if not stat.S_ISREG(handed.status.st_mode):
                raise UsageError(f"{path} is not a file", code="NO-FILE", hint="Name one file at a time.")
            if handed.status.st_size > keep_bytes:
                raise refuse_size(handed.status.st_size, keep_bytes)
            yield handed
        finally:
            handed.close()

    def release(self) -> None:
        """It never left."""

    def finish(self) -> None:
        """It stays with the person."""
