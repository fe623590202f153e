"""Notices as files, in a home without mail: one text file each in ``notices/``.

1. The same notice is the same file: its key names it. It is told when file and name are durable.
2. A notice holds no child's data, so the file needs no sealing; a person of the folder's group reads and deletes it.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from gateway.errors import DiskError
from gateway.ports import Notice

_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")


class NoticeFolder:
    """Implements ``ports.Notifier``."""

    def __init__(self, folder: Path, *, rehearsal: bool = False) -> None:
        self._folder = folder
        self._first = "REHEARSAL: no real child is meant.\n\n" if rehearsal else ""

    def tell(self, notice: Notice) -> None:
        """Leave the notice, whole, under the name of its key."""
        name = _UNSAFE.sub("-", notice.key).strip("-") + ".txt"
        text = f"To: {', '.join(notice.to)}\nSubject: {notice.subject}\n\n{self._first}{notice.text}\n"
        target, part = self._folder / name, self._folder / f".{name}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                self._write(part, text)
                part.rename(target)   # the same key is the same text: replacing it changes nothing
            self._sync()
        except OSError as error:
            raise DiskError(f"notices: {os.strerror(error.errno or 0)}", code="NOTICE-DISK",
                            hint="Check that the home's notices/ folder is writable and has room.") from error

    def _write(self, part: Path, text: str) -> None:
        try:
            with part.open("w", encoding="utf-8") as file:
                os.fchmod(file.fileno(), 0o640)    # whatever the umask
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise

    def _sync(self) -> None:
        fd = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
