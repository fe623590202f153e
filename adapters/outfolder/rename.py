"""Rename that never replaces.

``renameat2`` with RENAME_NOREPLACE where the file system knows it; else a hard link and an unlink, which refuses an
existing name just as well. A share that can do neither is no place to leave things safely, and says so.
"""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

RENAME_NOREPLACE = 1
AT_FDCWD = -100
_UNKNOWN_HERE = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}

_libc = ctypes.CDLL(None, use_errno=True)


def rename_without_replacing(source: Path, target: Path) -> None:
    """Give ``source`` the name ``target``, or raise FileExistsError when that name is taken."""
    try:
        _renameat2(source, target)
    except OSError as error:
        if error.errno not in _UNKNOWN_HERE:
            raise
        os.link(source, target, follow_symlinks=False)
        source.unlink()


def _renameat2(source: Path, target: Path) -> None:
    if _libc.renameat2(AT_FDCWD, os.fsencode(source), AT_FDCWD, os.fsencode(target), RENAME_NOREPLACE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(target))
