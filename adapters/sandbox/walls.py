"""Which walls stand around a worker on this machine, found out by standing behind them and trying.

    python -m adapters.sandbox.walls

1. The process confines itself as a worker does and then tries what a worker must not be able to do.
2. Its last act is one line of JSON: the walls, and what was possible all the same (nothing, or the machine is not fit for it).
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from adapters.sandbox import confine, landlock

MEMORY = 512 << 20
LAST_DESCRIPTOR = 2
WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a try-out found."""

    landlock: int              # its version; 0: none
    calls_filtered: bool
    possible: tuple[str, ...]  # what should not have been


def found_walls() -> Found | None:
    """Try in a process of its own; None when that process could not say."""
    environment = {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    try:
        done = subprocess.run([sys.executable, "-P", "-s", "-m", "adapters.sandbox.walls"], stdin=subprocess.DEVNULL,
                              capture_output=True, env=environment, timeout=WAIT_SECONDS, check=False)
        said = json.loads(done.stdout)
        return Found(int(said["landlock"]), bool(said["calls_filtered"]), tuple(said["possible"]))
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
        return None


def main() -> int:
    """Confine, try, tell."""
    known = landlock.version()
    parent = os.getppid()
    tries: dict[str, Callable[[], object]] = {
        "open a file": lambda: Path("/etc/passwd").read_bytes(),
        "make a socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        "start a process": os.fork,
        "signal another process": lambda: _or_raise(ctypes.CDLL(None, use_errno=True).kill(parent, 0)),
        "have memory without end": lambda: bytearray(4 * MEMORY),
    }
    walls = confine.confine(MEMORY, LAST_DESCRIPTOR + 1)
    possible = [what for what, act in tries.items() if _succeeds(act)]
    print(json.dumps(asdict(Found(known if walls.landlock else 0, walls.calls_filtered, tuple(possible)))), flush=True)
    os._exit(0)


def _succeeds(act: Callable[[], object]) -> bool:
    try:
        made = act()
    except (OSError, MemoryError):
        return False
    if made == 0:
        os._exit(0)                # the child of a fork that should not have been
    return True


def _or_raise(result: int) -> bool:
    if result != 0:
        raise OSError(ctypes.get_errno(), "not permitted")
    return True


if __name__ == "__main__":
    sys.exit(main())
