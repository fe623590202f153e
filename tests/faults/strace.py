"""The gateway under strace: every system call that changes a file is counted; one of them can be made to fail, or to be the last.

1. strace takes hold of the gateway's own process, which does one pass in turn, on one thread: strace counts for each thread, and
   the processes that read files are not touched. ``threads`` looks at all of them, and proves that only one makes these calls.
2. What is counted begins with the pass: Python is up already.
3. A call that was made to fail was not carried out; a process killed at a call did not begin it.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.typed import Act, Ended, begun

SYNCS = ("fsync", "fdatasync")
WRITES = ("write", "pwrite64", "ftruncate")
NAMES = ("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat")
CALLS = (*SYNCS, *WRITES, *NAMES)
KILL = "SIGKILL"
STRACE = "strace -o /dev/null -e inject=fsync:error=EIO:when=1 true"
_LINE = re.compile(r"(\w+)\((.*)")


@dataclass(frozen=True)
class Injection:
    """The ``nth`` call of a name kills the process (SIGKILL), or fails with the error ``what``."""

    what: str
    call: str
    nth: int

    @classmethod
    def of(cls, words: str) -> Injection:
        """From ``SIGKILL fsync 17``."""
        what, call, nth = words.split()
        return cls(what, call, int(nth))

    def __str__(self) -> str:
        return f"{self.what} {self.call} {self.nth}"

    @property
    def option(self) -> str:
        """As strace is told."""
        how = f"signal={KILL}" if self.what == KILL else f"error={self.what}"
        return f"inject={self.call}:{how}:when={self.nth}"


@dataclass(frozen=True)
class Traced:
    """How a traced pass ended, and its calls, one line each."""

    ended: Ended
    lines: Sequence[str]

    @property
    def counts(self) -> Counter[str]:
        """How often each call was made."""
        return Counter(found[1] for line in self.lines if (found := _LINE.match(line)))

    @property
    def hit(self) -> bool:
        """Whether the injection took place."""
        return any("(INJECTED)" in line or line.startswith(f"+++ killed by {KILL}") for line in self.lines)


def traced(act: Act, folder: Path, injection: Injection | None = None, more: Sequence[str] = ()) -> Traced:
    """Do it under strace; ``more`` calls are written down, beside those that change files."""
    log = folder / "strace"
    ended = _watched(act, folder, ["-y", "-o", str(log), "-e", "trace=" + ",".join((*CALLS, *more)),
                                   *(["-e", injection.option] if injection else [])])
    return Traced(ended, log.read_text(encoding="utf-8", errors="replace").splitlines())


def told(act: Act, folder: Path, calls: Sequence[str]) -> list[str]:
    """Do it under strace; every call of these names, whole, its strings in hexadecimal."""
    log = folder / "strace"
    _watched(act, folder, ["-xx", "-s", str(1 << 24), "-o", str(log), "-e", "trace=" + ",".join(calls)])
    return log.read_text(encoding="ascii").splitlines()


def threads(act: Act, folder: Path) -> Counter[str]:
    """How many of these calls each process and thread makes. The first is the one that is injected into."""
    log = folder / "strace"
    _watched(act, folder, ["-f", "-o", str(log), "-e", "trace=" + ",".join(CALLS)])
    found = (line.split(maxsplit=1) for line in log.read_text(encoding="utf-8", errors="replace").splitlines())
    return Counter(thread for thread, call in found if call.startswith(tuple(f"{name}(" for name in CALLS)))


def _watched(act: Act, folder: Path, options: Sequence[str]) -> Ended:
    with begun(act, folder, traced=True) as child:
        strace = subprocess.Popen(["strace", "-q", *options, "-p", str(child.pid)], stderr=subprocess.PIPE, text=True)
        try:
            ended = child.wait()
        finally:
            child.kill()
            _, said = strace.communicate(timeout=30)
    assert strace.returncode == 0, said
    return ended
