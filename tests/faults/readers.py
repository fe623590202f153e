"""Readers that are warm before they are asked for: a run of the gateway gets its nursery as a fork of one that stands ready.

    python -m tests.faults.readers CONTROL REGISTER

A nursery starts in half a second, most of what a run of the gateway on a few files takes. Here one process reads and warms what
every nursery does, once; each run is given a fork of it, with a control socket of its own. From then on it is a nursery as any
other: its workers are forked, confined and ended in the same way.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from adapters.sandbox import confine, nursery
from adapters.sandbox.limits import Limits
from adapters.sandbox.pool import Pool
from adapters.sandbox.worker import Reader
from gateway.bootstrap import reader
from tests.faults.typed import Act


def with_warm_readers(act: Act, register: Path) -> Act:
    """The same act, to be done in a child of this process."""
    warm = _warm(register)

    def in_the_child() -> int:
        def start(self: Pool) -> None:
            if self._nursery is None:
                ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                with theirs:
                    socket.send_fds(warm, [b"nursery"], [theirs.fileno()])
                ours.settimeout(Limits().start_seconds)
                self._control, self._nursery = ours, _Nobody()

        Pool._start = start  # type: ignore[method-assign]   # in the child alone
        return act()

    return in_the_child


class _Nobody(subprocess.Popen[bytes]):
    """In the place of the process that the pool would have started: the fork ends by itself, when its socket is closed."""

    def __init__(self) -> None:
        """Starts nothing."""

    def wait(self, timeout: float | None = None) -> int:
        """It is over."""
        return 0

    def __del__(self) -> None:
        """Nothing to reap."""


@cache
def _warm(register: Path) -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-m", "tests.faults.readers", str(theirs.fileno()), str(register)]
        process = subprocess.Popen(command, pass_fds=[theirs.fileno()], start_new_session=True)
    atexit.register(process.wait)
    atexit.register(ours.close)
    assert ours.recv(16) == b"ready"
    return ours


def main(arguments: list[str]) -> None:
    """Warm up, then fork nurseries until nobody can ask any more."""
    control = socket.socket(fileno=int(arguments[0]))
    confine.guard_memory()
    warm: Any = reader.prepare({"register": arguments[1], "annotating": True})
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    control.send(b"ready")
    while True:
        asked, fds, _, _ = socket.recv_fds(control, 16, 1)
        if not asked:
            return
        if os.fork() == 0:
            control.close()
            _be_a_nursery(socket.socket(fileno=fds[0]), warm)
        os.close(fds[0])


def _be_a_nursery(control: socket.socket, warm: Reader) -> None:
    try:
        control.send(b'{"ready": true}')
        while nursery._one_worker(control, warm, Limits().memory):
            pass
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
