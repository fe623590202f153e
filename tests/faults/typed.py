"""Commands typed in a process of their own that is ready at once: a fork of this one, with the program loaded.

1. The child runs the real command line, and ends as a command ends; nothing of it is left here. A thousand runs of the gateway
   would else spend most of their time on starting Python.
2. A run under strace waits until strace has it: its system calls are counted from the first that the command makes.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PR_SET_PTRACER, _ANYONE = 0x59616D61, ctypes.c_ulong(-1)
_LONGEST = 120.0
_LOADED = (
    "_strptime", "adapters.folder", "adapters.holidays", "adapters.ledger.folder", "adapters.mail", "adapters.noticefolder",
    "adapters.outfolder", "adapters.sandbox.examiner", "adapters.schedule", "gateway.bootstrap.contacts",
    "gateway.bootstrap.inboxes", "gateway.bootstrap.places", "gateway.bootstrap.receipts", "gateway.bootstrap.running",
    "gateway.commands.call", "gateway.commands.verify", "gateway.pipeline.verify", "holidays.countries",
    "schemas.package.courier", "schemas.pages.render", "schemas.receipts.press", "schemas.register",
)

Act = Callable[[], int]


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code, negative for a signal, and what it said."""

    code: int
    out: str
    err: str


def typed(*words: str) -> Act:
    """The act of typing one command."""
    def act() -> int:
        from gateway.commands.app import run

        return run(list(words))

    return act


def carried_out(act: Act, folder: Path, *, seconds: float = _LONGEST) -> Ended:
    """Do it in a child of this process and wait for its end; what it says goes through files in ``folder``."""
    with begun(act, folder) as child:
        return child.wait(seconds)


class Child:
    """A running act."""

    def __init__(self, pid: int, out: Path, err: Path) -> None:
        self.pid = pid
        self._out, self._err = out, err
        self._status: int | None = None

    def wait(self, seconds: float = _LONGEST) -> Ended:
        """Its end; AssertionError when it does not come."""
        deadline = time.monotonic() + seconds
        while not self.ended():
            assert time.monotonic() < deadline, f"process {self.pid} did not end within {seconds} s: {self.said()[-2000:]}"
            time.sleep(0.002)
        assert self._status is not None
        return Ended(os.waitstatus_to_exitcode(self._status), self._out.read_text(encoding="utf-8"), self.said())

    def ended(self) -> bool:
        """Whether it is over."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._status = status if pid else None
        return self._status is not None

    def kill(self) -> None:
        """As a power cut would."""
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)

    def said(self) -> str:
        """What it has written to stderr so far."""
        return self._err.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def begun(act: Act, folder: Path, *, traced: bool = False) -> Iterator[Child]:
    """A child at work; killed when the block ends before it does."""
    load()
    out, err = folder / "stdout", folder / "stderr"
    streams = [os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) for path in (out, err)]
    pid = os.fork()
    if pid == 0:
        _be_the_child(act, streams, traced=traced)
    for fd in streams:
        os.close(fd)
    child = Child(pid, out, err)
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def _be_the_child(act: Act, streams: Sequence[int], *, traced: bool) -> None:
    code = 70
    try:
        for number, stream in enumerate(streams, start=1):
            os.dup2(stream, number)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - pytest put its own in the place
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115 - likewise
        if traced:
            _await_tracer()
        code = act()
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc(file=sys.stderr)
        raise
    finally:
        os._exit(code)


def _await_tracer() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANYONE, 0, 0, 0)   # where the kernel lets only parents trace
    while "\nTracerPid:\t0\n" in Path("/proc/self/status").read_text(encoding="ascii"):
        time.sleep(0.001)


@cache
def load() -> None:
    """Load what commands load when they need it, so that children find it loaded."""
    for module in _LOADED:
        importlib.import_module(module)
