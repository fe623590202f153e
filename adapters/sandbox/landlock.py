"""Landlock: no file, no connection, no process outside, by a second wall that knows nothing of the first.

1. A ruleset that handles everything this kernel's Landlock knows, and allows none of it. What is open stays open.
2. It is asked for by number, because the C library has no names for it. A kernel without it says so, and so does ``doctor``.

Source: Documentation/userspace-api/landlock.rst. Its versions added REFER, TRUNCATE, TCP, IOCTL_DEV, signals and sockets.
"""

from __future__ import annotations

import ctypes
import os
import struct

_CREATE, _RESTRICT = 444, 446      # the same on every architecture
_GIVE_VERSION = 1
_FILES = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}     # rights over files, by version; later ones as of 5
_TCP_FROM, _TCP = 4, 0x3           # bind, connect
_SCOPE_FROM, _SCOPE = 6, 0x3       # abstract sockets, signals


def version() -> int:
    """Which version this kernel has; 0 when it has none."""
    return max(0, _call(_CREATE, None, 0, _GIVE_VERSION))


def forbid_everything() -> bool:
    """Restrict this thread and what it makes; False where the kernel has no Landlock. Needs no-new-privileges set before."""
    known = version()
    if known == 0:
        return False
    tcp, scope = _TCP if known >= _TCP_FROM else 0, _SCOPE if known >= _SCOPE_FROM else 0
    rights = struct.pack("=QQQ", _FILES.get(known, _FILES[5]), tcp, scope)
    size = 8 if known < _TCP_FROM else 16 if known < _SCOPE_FROM else 24
    ruleset = _call(_CREATE, rights, size, 0)
    if ruleset < 0:
        return False
    try:
        return _call(_RESTRICT, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _call(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.syscall(number, *arguments))
