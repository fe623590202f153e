"""A sender who swaps what lies in the folder as fast as the kernel lets it, and what the inbox made of it.

    python -m tests.adapters.folder.swapper [SWAPS]           races until so many swaps were made, 100,000, and says
    python -m tests.adapters.folder.swapper FOLDER OTHER      the sender of such a race: swaps until standard input ends
"""

from __future__ import annotations

import ctypes
import itertools
import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

from adapters.clock import SystemClock, wall_seconds
from adapters.folder import DropFolder, Limits
from adapters.folder.linux import rename_noreplace
from adapters.ids import TimedIds
from gateway.domain.parcels.kinds import Channel
from gateway.errors import GatewayError

EXCHANGE, AT_FDCWD = 2, -100
NAME = "leavers.csv"
OWN = b"UPN,Legal surname\nown\n"
SECRET = b"what another sender sent"


def swap(folder: Path, other: Path) -> int:
    """Exchange the file in the folder for each of the things beside it, in turn, until standard input ends; how often.

    Where one was taken a new file is put, unless the gateway has put something back meanwhile: that may be a folder.
    """
    call = ctypes.CDLL(None, use_errno=True).renameat2
    target = os.fsencode(folder / NAME)
    others = [os.fsencode(path) for path in sorted(other.iterdir())]
    os.set_blocking(0, False)
    for number in itertools.count():
        if call(AT_FDCWD, others[number % len(others)], AT_FDCWD, target, EXCHANGE) != 0:
            fresh = other.with_name("fresh")
            fresh.write_bytes(OWN)
            with suppress(FileExistsError):
                rename_noreplace(AT_FDCWD, os.fspath(fresh), AT_FDCWD, os.fspath(folder / NAME))
        if number % 100 == 0 and sys.stdin.buffer.read() == b"":
            return number
    return 0


def race(inbox: DropFolder, looks: int) -> tuple[Counter[str], int]:
    """Take what can be taken while the folder is swapped, so many times; how often each thing happened, and the swaps."""
    folder = inbox.path
    other = _things_beside(folder)
    (folder / NAME).write_bytes(OWN)
    seen: Counter[str] = Counter()
    command = [sys.executable, "-m", "tests.adapters.folder.swapper", str(folder), str(other)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as swapper:
        while seen.total() < looks:
            assert swapper.poll() is None, "the sender is gone: there is nothing left to race against"
            try:
                for name in inbox.ready(wall_seconds()):
                    seen[_taken(inbox, name)] += 1
            except GatewayError as error:
                seen[error.code] += 1
        swaps, _ = swapper.communicate()
    return seen, int(swaps)


def _taken(inbox: DropFolder, name: str) -> str:
    claimed = inbox.claim(name)
    content = b"".join(claimed.chunks())
    try:
        claimed.recheck(len(content))
    except GatewayError as error:
        claimed.release()
        return error.code
    claimed.finish()
    if SECRET in content or (claimed.refusal is None and content != OWN):
        return "foreign"
    return claimed.refusal.code if claimed.refusal else "taken"


def _things_beside(folder: Path) -> Path:
    secret = folder.parent / "another sender's.csv"
    secret.write_bytes(SECRET)
    other = folder.parent / "beside"
    other.mkdir()
    (other / "a link").symlink_to(secret)
    (other / "a second name").hardlink_to(secret)
    (other / "a file").write_bytes(OWN)
    os.mkfifo(other / "a pipe")
    (other / "a folder").mkdir()
    (other / "a folder" / NAME).write_bytes(SECRET)
    (other / "a link to a folder").symlink_to(folder.parent)
    return other


def main(wanted: int = 100_000) -> int:
    """Race until so many swaps were made; 1 when a byte of another's was read."""
    seen: Counter[str] = Counter()
    swaps = 0
    while swaps < wanted:
        with tempfile.TemporaryDirectory() as folder:
            drop = Path(folder) / "9902001"
            drop.mkdir()
            inbox = DropFolder(drop, drop.name, Channel.DROP, TimedIds(SystemClock()), limits=Limits(settle_seconds=0.0))
            found, made = race(inbox, looks=2_000)
        seen, swaps = seen + found, swaps + made
    print(f"{swaps:,} swaps, {seen.total():,} tries to take: " + ", ".join(f"{code} {n:,}" for code, n in sorted(seen.items())))
    print(f"bytes of another sender read: {seen['foreign']}")
    return int(seen["foreign"] > 0)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.stdout.write(str(swap(Path(sys.argv[1]), Path(sys.argv[2]))))
    else:
        sys.exit(main(*map(int, sys.argv[1:])))
