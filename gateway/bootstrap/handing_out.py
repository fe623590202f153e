"""A parcel's bytes, in a file that only the person who asked can read.

1. A new file alone, mode 0600: what is there is never overwritten, and a link, a device or a pipe is something that is there.
2. Never inside a home: what lies there may be taken in again, or backed up unsealed.
3. Proven before it is left: a blob that does not open whole leaves no file.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from gateway.bootstrap.home import Home
from gateway.config import CONFIG
from gateway.errors import DiskError, TamperError, UsageError
from gateway.pipeline.officer.handing_out import HandedOut, hand_out


def write_out(home: Home, parcel: str, to: Path) -> HandedOut:
    """Write the bytes to ``to``. UsageError: something is there, or it is no place for a child's file; TamperError: the blob."""
    _refuse_place(home, to)
    with home.store.writing() as tx:
        out = hand_out(tx, home.ports, parcel, home.actor, home.clock.now())
        sha256 = tx.parcels.get(parcel).sha256
    content = home.vault.read(out.blob)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise TamperError(f"parcel {parcel} has other bytes than were received", code="BLOB-OTHER-BYTES", hint="gateway verify")
    _write(to, content)
    return out


def _refuse_place(home: Home, to: Path) -> None:
    if str(to) in ("-", "") or to.name in ("", ".."):
        raise UsageError("a child's file is not printed, a new file was expected", code="NO-STDOUT", hint="Give --to FILE.")
    folder = to.absolute().parent.resolve()
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder", code="NO-FOLDER", hint="Name a file in a folder that is there.")
    if any((above / CONFIG).exists() for above in (folder, *folder.parents)):
        raise UsageError("the file would lie inside a home, a place outside was expected", code="INSIDE-HOME",
                         hint="What lies in a home may be taken in again. Name a folder of your own.")
    if os.path.lexists(to):
        raise UsageError(f"{to.name} is there already, a new file was expected", code="FILE-EXISTS",
                         hint="Nothing is overwritten. Name another file.")


def _write(to: Path, content: bytes) -> None:
    try:
        fd = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise UsageError(f"{to.name} is there already, a new file was expected", code="FILE-EXISTS",
                         hint="Nothing is overwritten. Name another file.") from error
    try:
        with os.fdopen(fd, "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        to.unlink(missing_ok=True)
        raise DiskError(f"{to.name} could not be written: {error.strerror}", code="DISK", hint="Free some space.") from error
