"""What may leave the gateway by a side door: core files, swap, files that others may read, and a daemon that cannot see enough.

1. What can be read is read: modes, limits, the kernel's own tables. What cannot be known from here is said to be unknown.
2. The daemon is judged by its own process, not by the one that asks.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from gateway.bootstrap.doctor.diagnosis import Diagnosis, fault, note, ok
from gateway.bootstrap.home import Home
from gateway.bootstrap.upkeep import LOCK
from gateway.config.layout import FOLDERS, PRIVATE, STORE
from gateway.config.load import CONFIG

PROC = Path("/proc")
_OURS_ALONE = (CONFIG, STORE, f"{STORE}-wal", f"{STORE}-shm", LOCK, "faults.jsonl", "keys/escrow.age")
_LEASE, _READ_SEARCH = 1 << 28, 1 << 2
_NOT_US = stat.S_IRWXG | stat.S_IRWXO


def check_secrecy(home: Home) -> Iterator[Diagnosis]:
    """Permissions, core files, swap, and what the running daemon may see."""
    yield from _permissions(home.path)
    pid = daemon_of(home.path)
    yield from _core_files(pid)
    yield from _swap(pid)
    if pid is not None:
        yield from _sees_uploads(home, pid)


def daemon_of(home: Path) -> int | None:
    """The process that holds the home's lock; None when nobody does."""
    try:
        inode = (home / LOCK).stat().st_ino
        held = [line.split() for line in (PROC / "locks").read_text(encoding="ascii").splitlines()]
    except OSError:
        return None
    return next((int(line[4]) for line in held if line[1] == "FLOCK" and line[5].endswith(f":{inode}")), None)


def _permissions(home: Path) -> Iterator[Diagnosis]:
    ours_alone = [home / name for name in (*(name for name, mode in FOLDERS.items() if mode == PRIVATE), *_OURS_ALONE)]
    wrong = [path for path in ours_alone if path.exists() and path.stat().st_mode & _NOT_US]
    for path in wrong:
        yield fault("secrecy", f"{path.relative_to(home)} is open to others (mode {stat.S_IMODE(path.stat().st_mode):04o})",
                    f"chmod go= {path}")
    if not wrong:
        yield ok("secrecy", "store, vault, ledger, keys and config.toml are for the gateway's user alone")


def _core_files(pid: int | None) -> Iterator[Diagnosis]:
    if pid is None:
        yield ok("secrecy", "the gateway leaves no core file: each of its processes sees to that itself")
        return
    limits = (PROC / str(pid) / "limits").read_text(encoding="ascii")
    hard = next(line.split()[5] for line in limits.splitlines() if line.startswith("Max core file size"))
    if hard == "0":
        yield ok("secrecy", "the daemon leaves no core file")
    else:
        yield fault("secrecy", f"the daemon, process {pid}, may leave a core file of {hard} bytes with children's names in it",
                    "start it again with this version")


def _swap(pid: int | None) -> Iterator[Diagnosis]:
    swaps = swaps_in((PROC / "swaps").read_text(encoding="utf-8", errors="replace"))
    if not swaps:
        yield ok("secrecy", "this machine has no swap: nothing of the gateway's memory is written to a disk")
    elif pid is not None and _kept_out_of_swap(pid):
        yield ok("secrecy", "the daemon is kept out of swap by its service (MemorySwapMax=0)")
    else:
        yield note("secrecy", f"swap is on ({', '.join(swaps)}), and names may be written there; whether it is encrypted cannot "
                   "be seen from here", "MemorySwapMax=0 in the service, or swap on an encrypted device")


def swaps_in(table: str) -> list[str]:
    """The devices and files of ``/proc/swaps``."""
    return [line.split()[0] for line in table.splitlines()[1:] if line.strip()]


def _kept_out_of_swap(pid: int) -> bool:
    try:
        groups = (PROC / str(pid) / "cgroup").read_text(encoding="utf-8").splitlines()
        group = next(line[3:] for line in groups if line.startswith("0::"))
        return Path(f"/sys/fs/cgroup{group}/memory.swap.max").read_text(encoding="ascii").strip() == "0"
    except (OSError, StopIteration):
        return False


def _sees_uploads(home: Home, pid: int) -> Iterator[Diagnosis]:
    """Whether it can tell a stalled upload of another user from a finished one, and read it whatever mode it came with."""
    status = (PROC / str(pid) / "status").read_text(encoding="ascii", errors="replace")
    held = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapEff"))
    lacking = [name for name, bit in (("CAP_LEASE", _LEASE), ("CAP_DAC_READ_SEARCH", _READ_SEARCH)) if not held & bit]
    served = [folder for folder in home.settings.watched() if folder.sftp_log is not None]
    if served and lacking:
        yield note("secrecy", f"the daemon lacks {' and '.join(lacking)}: uploads of SFTP accounts wait five minutes, and some "
                   "cannot be read", "AmbientCapabilities= as in deploy/cme-gateway.service")
    for folder in served:
        listening = home.path / (folder.sftp_log or "")
        if not listening.exists():
            yield fault("secrecy", f"nobody listens at {listening}: an upload that breaks off may be taken for a whole one",
                        f"chown cme {listening.parent}, then start the daemon again")
