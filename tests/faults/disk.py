"""A small disk of its own: a tmpfs that only the processes of one trial see, filled and freed at will.

The trial runs in a child with its own mount namespace; when the child ends, so does the disk.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from tests.faults.account import Reckoning
from tests.faults.typed import carried_out

OWN_MOUNTS = "unshare -m true"
PAGE = 4096                    # a tmpfs gives room by pages
_LONGEST = 400.0
_CLONE_NEWNS, _MS_REC, _MS_PRIVATE = 0x20000, 0x4000, 0x40000
_libc = ctypes.CDLL(None, use_errno=True)


def in_a_world_of_its_own(trial: Callable[[], Reckoning], folder: Path) -> Reckoning:
    """The reckoning of a trial that may mount what it likes. OSError in the child: this machine does not allow it."""
    def act() -> int:
        _checked(_libc.unshare(_CLONE_NEWNS), "unshare")
        _checked(_libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None), "mount --make-rprivate")
        print(json.dumps(asdict(trial())))
        return 0

    ended = carried_out(act, folder, seconds=_LONGEST)
    assert ended.code == 0, f"the trial ended with {ended.code}: {ended.err[-3000:]}"
    return Reckoning(**json.loads(ended.out.splitlines()[-1]))


class SmallDisk:
    """A tmpfs in the place of a folder, with what was in it."""

    def __init__(self, place: Path, size: int, inodes: int) -> None:
        self._ballast = place / ".ballast"
        beside = place.with_name(place.name + ".before")
        place.rename(beside)
        place.mkdir(mode=0o700)
        options = f"size={size},nr_inodes={inodes},mode=700".encode()
        _checked(_libc.mount(b"tmpfs", os.fsencode(place), b"tmpfs", 0, options), "mount tmpfs")
        shutil.copytree(beside, place, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(beside)

    def fill(self, *, pages: int | None = None, inodes: int | None = None) -> None:
        """Leave so many pages, or so many inodes, free. Others may be writing meanwhile."""
        self._ballast.mkdir()
        with (self._ballast / "pages").open("wb") as out:
            while pages is not None and (room := os.statvfs(self._ballast).f_bavail - pages) > 0:
                with suppress(OSError):          # someone was quicker: there is less room than a moment ago
                    os.posix_fallocate(out.fileno(), os.fstat(out.fileno()).st_size, room * PAGE)
        for number in range(os.statvfs(self._ballast).f_favail - inodes if inodes is not None else 0):
            with suppress(OSError):
                (self._ballast / str(number)).touch()

    def free(self) -> None:
        """Take the ballast away."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self._ballast)


def _checked(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
