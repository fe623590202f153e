"""What Linux offers and Python does not name: rename without replacing, who still writes, what a mount is.

1. ``rename_noreplace`` never overwrites: FileExistsError instead. OSError EINVAL or ENOSYS: this file system cannot.
2. ``writer_of`` asks the kernel for a read lease, which it grants only while nobody has the file open for writing, whoever
   that is. Where leases are not to be had (another user's file without CAP_LEASE) it looks through /proc instead; there another
   user's open files are hidden, and what could not be seen is never taken for "nobody".
3. The lease is given back at once, and its break signal is SIGURG, which by default does nothing.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import signal
from enum import Enum
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_RENAME_NOREPLACE = 1
_F_SETSIG = 10  # fcntl.h; not named by Python's fcntl
CANNOT_RENAME = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP})


def rename_noreplace(old_dir: int, old: str, new_dir: int, new: str) -> None:
    """Rename within one file system; FileExistsError when the new name is taken."""
    done = _LIBC.renameat2(old_dir, os.fsencode(old), new_dir, os.fsencode(new), _RENAME_NOREPLACE)
    if done != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


class Writer(Enum):
    """Whether anyone has a file open for writing."""

    NONE = "none"
    SOME = "some"
    UNSEEN = "unseen"  # nobody was found, and not everybody could be looked at


def writer_of(fd: int) -> Writer:
    """Whether anyone has the open file ``fd`` open for writing."""
    try:
        fcntl.fcntl(fd, _F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        if error.errno == errno.EAGAIN:
            return Writer.SOME
        return _found_in_proc(os.fstat(fd))
    fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return Writer.NONE


def _found_in_proc(status: os.stat_result) -> Writer:
    wanted = (status.st_dev, status.st_ino)
    unseen = False
    for fds in Path("/proc").glob("[0-9]*/fd"):
        try:
            links = list(fds.iterdir())
        except PermissionError:
            unseen = True
            continue
        except OSError:  # gone meanwhile
            continue
        if any(_writes(link, wanted) for link in links):
            return Writer.SOME
    return Writer.UNSEEN if unseen else Writer.NONE


def _writes(link: Path, wanted: tuple[int, int]) -> bool:
    try:
        status = link.stat()
        if (status.st_dev, status.st_ino) != wanted:
            return False
        info = (link.parent.parent / "fdinfo" / link.name).read_text(encoding="ascii")
    except OSError:
        return False
    flags = next(line.split()[1] for line in info.splitlines() if line.startswith("flags:"))
    return int(flags, 8) & os.O_ACCMODE != os.O_RDONLY


def file_system(folder: Path) -> str:
    """The type of the file system that holds ``folder``: "ext4", "nfs4", "fuse.sshfs" …"""
    path = os.fspath(folder.resolve())
    best, kind = "", ""
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        fields = line.split(" ")
        point = fields[4].encode("utf-8", "surrogateescape").decode("unicode_escape")
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[fields.index("-") + 1]
    return kind
