"""A vault on a disk that is full, nearly full, or has just room enough; blobs of every size from 0 to 300 kB.

    sizes 0-9999 1          every size of these
    boundaries              each page of the sealed file and each chunk of age, one byte less, exactly, one byte more

1. The disk is a tmpfs in a mount namespace of its own. A filler leaves exactly so many pages free: one too few for the sealed
   blob, just enough; for some sizes also none at all, and a few more. How long an age header is varies a little, by chance: where
   that decides, either answer is right, and what follows from it is checked all the same.
2. What was acknowledged is whole: it opens, and is what was written. What was refused is not there, and its room is free again.
3. One page too few is refused, enough is acknowledged: else the rig would prove nothing.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from adapters.vault.folder import FolderVault
from gateway.errors import DiskError
from keys.age_files import AgeFiles, new_identity, recipient_of, seal

ROOT = Path(__file__).parents[2]
PAGE, CHUNK = os.sysconf("SC_PAGESIZE"), 65_536
LARGEST = 300_000
DISK = 640 * 1024
STEP = 10_000
KEY = "parcel/P1"


@dataclass
class Filled:
    """How many blobs were written, how many of them acknowledged, and what went wrong."""

    tries: int = 0
    acknowledged: int = 0
    wrong: list[str] = field(default_factory=list)


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """Every size; or those at the boundaries, and a few by chance."""
    if full:
        return [f"sizes {first}-{min(first + STEP - 1, LARGEST)} 1" for first in range(0, LARGEST + 1, STEP)]
    return ["boundaries", f"sizes {chance.randrange(1, 5_000)}-{LARGEST} 4999"]


def attempt(trial: str, folder: Path) -> Filled:
    """One trial, in a process that has a disk of its own."""
    disk, identity = folder / "disk", folder / "identity"
    disk.mkdir(parents=True)
    identity.write_text(new_identity()[0])
    rig = f"{sys.executable} -m tests.evidence.vault_sizes {disk} {identity} {trial}"
    mount = f"mount -t tmpfs -o size={DISK} tmpfs {disk} && exec {rig}"
    done = subprocess.run(["unshare", "-m", "sh", "-c", mount], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return Filled(wrong=[f"the rig ended with {done.returncode}: {done.stderr[-500:]}"])
    return Filled(**json.loads(done.stdout))


def sizes_of(words: Sequence[str], overhead: int) -> Iterable[int]:
    """The sizes of a trial. ``overhead``: how long a sealed blob of nothing is."""
    if words[0] == "sizes":
        first, last = words[1].split("-")
        return range(int(first), int(last) + 1, int(words[2]))
    chunks = {n * CHUNK + off for n in range(LARGEST // CHUNK + 1) for off in (-1, 0, 1)}
    pages = {place - overhead - 16 * ((place - overhead) // CHUNK) + off
             for place in range(PAGE, LARGEST + overhead, PAGE) for off in (-80, -1, 0, 1, 80)}
    return sorted(size for size in chunks | pages if 0 <= size <= LARGEST)


class Rig:
    """A vault on a small disk, and the filler."""

    def __init__(self, disk: Path, identity: str) -> None:
        self.disk = disk
        self.recipient = recipient_of(identity)
        (disk / "vault").mkdir()
        self.vault = FolderVault(disk / "vault", AgeFiles([self.recipient], [identity]))
        self.filler = os.open(disk / "filler", os.O_RDWR | os.O_CREAT)
        self.content = random.Random(7).randbytes(LARGEST)  # noqa: S311 - the same each time
        self.filled = Filled()
        lengths = [len(seal(b"", [self.recipient])) for _ in range(500)]
        self.shortest, self.longest = min(lengths) - 8, max(lengths) + 8

    def free(self) -> int:
        """Pages that can be written."""
        return os.statvfs(self.disk).f_bavail

    def try_sizes(self, sizes: Iterable[int]) -> Filled:
        """Each size in each room."""
        for size in sizes:
            more_chunks = max(0, -(-size // CHUNK) - 1)
            few, enough = (-(-(size + 16 * more_chunks + blank) // PAGE) for blank in (self.shortest, self.longest))
            for room in {few - 1, few, enough} | ({0, enough + 3} if size % 50 == 0 else set()):
                self._one(size, room, False if room < few else True if room >= enough else None)
        return self.filled

    def _one(self, size: int, room: int, expected: bool | None) -> None:
        os.ftruncate(self.filler, 0)
        before = self.free()
        os.posix_fallocate(self.filler, 0, (before - room) * PAGE)
        said = self._written(size)
        self.filled.tries += 1
        self.filled.acknowledged += said
        if expected not in (said, None):
            self._wrong(size, room, f"acknowledged {said}, expected {expected}")
        if self.vault.exists(KEY) != said:
            self._wrong(size, room, f"acknowledged {said}, there {not said}")
        if said and self.vault.read(KEY) != self.content[:size]:
            self._wrong(size, room, "acknowledged and not what was written")
        self.vault.remove(KEY)
        if self.free() != room:
            self._wrong(size, room, f"{self.free()} pages are free afterwards")

    def _written(self, size: int) -> bool:
        try:
            blob = self.vault.begin()
            for start in range(0, size, CHUNK):
                blob.write(self.content[start:min(start + CHUNK, size)])
            blob.publish(KEY)
        except DiskError:
            return False
        return True

    def _wrong(self, size: int, room: int, what: str) -> None:
        self.filled.wrong.append(f"{size} bytes with {room} pages free: {what}")


def main(disk: str, identity: str, *words: str) -> None:
    """What runs in the namespace; prints what came of it."""
    secret = Path(identity).read_text()
    rig = Rig(Path(disk), secret)
    print(json.dumps(vars(rig.try_sizes(sizes_of(words, (rig.shortest + rig.longest) // 2)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
