"""The gateway's side of the nursery: starts it, hands out workers, replaces it when it dies.

1. A worker serves one sender between its birth and its end: nothing of one school's file can show up in another's answer.
2. An idle worker of the same sender is taken first; else a new one is forked, in place of an idle one of someone else.
3. The nursery gets a bare environment: no secret of the gateway's lies in it.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.sandbox.limits import Limits
from adapters.sandbox.seat import Seat, WorkerLostError
from gateway.errors import ConfigError, OperatorError

_MAIN = "adapters.sandbox.nursery"


class Pool:
    """Workers, a limited number at a time. Threads may share it."""

    def __init__(self, reader: str, setup: Mapping[str, Any], limits: Limits) -> None:
        self._reader = reader
        self._setup = dict(setup)
        self._limits = limits
        self._free = threading.Semaphore(limits.workers)
        self._lock = threading.Lock()
        self._idle: list[Seat] = []
        self._nursery: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._ready = False

    def start(self) -> None:
        """Begin warming up without waiting for it."""
        with self._lock:
            self._start()

    @contextlib.contextmanager
    def seat(self, sender: str | None) -> Iterator[Seat]:
        """A worker for this sender, back in the pool afterwards when it is still good. OperatorError: none can be had."""
        with self._free:
            seat = self._take(sender)
            try:
                yield seat
            finally:
                self._give_back(seat)

    def close(self) -> None:
        """End every idle worker and the nursery."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()
            self._stop()

    def _take(self, sender: str | None) -> Seat:
        with self._lock:
            mine = next((s for s in self._idle if s.sender == sender), None)
            if mine:
                self._idle.remove(mine)
                return mine
            while len(self._idle) >= self._limits.workers:
                self._idle.pop(0).close()
            for last_try in (False, True):
                self._await_ready()
                try:
                    return Seat(self._live_control(), self._limits, sender)
                except (OSError, WorkerLostError) as error:
                    self._stop()
                    if last_try:
                        raise OperatorError("The sandbox cannot start a worker.", code="SANDBOX-DOWN",
                                            hint="Look at memory and process limits of this machine, then try again.") from error
        raise AssertionError("unreachable")

    def _give_back(self, seat: Seat) -> None:
        with self._lock:
            if seat.alive and seat.files < self._limits.files_per_worker and self._control is not None:
                self._idle.append(seat)
            else:
                seat.close()

    def _start(self) -> None:
        if self._nursery is not None:
            return
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # The paths on which this process found its own modules: the nursery must find the same ones.
            env = {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
            self._nursery = subprocess.Popen(
                [sys.executable, "-P", "-s", "-m", _MAIN, str(theirs.fileno()), self._reader],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=env,
                start_new_session=True,
            )
        ours.settimeout(self._limits.start_seconds)
        self._control = ours
        ours.send(json.dumps({"reader": self._setup, "memory": self._limits.memory}).encode())

    def _await_ready(self) -> None:
        self._start()
        if self._ready:
            return
        try:
            answer = json.loads(self._live_control().recv(65536) or b"{}")
        except (OSError, ValueError):
            answer = {}
        if answer.get("ready"):
            self._ready = True
            return
        self._stop()
        if "code" in answer:
            raise ConfigError(answer["message"], code=answer["code"], hint=answer["hint"])
        raise OperatorError("The sandbox did not start.", code="SANDBOX-DOWN",
                            hint="Run `gateway doctor`: it starts one and shows why.")

    def _live_control(self) -> socket.socket:
        if self._control is None:
            raise OperatorError("The sandbox is closed.", code="SANDBOX-DOWN", hint="This is a fault of the gateway; report it.")
        return self._control

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._nursery is not None:
            try:
                self._nursery.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._nursery.kill()
                self._nursery.wait()
        self._control, self._nursery, self._ready = None, None, False
