"""The nursery: a process that has read and warmed everything a reader needs, and forks workers that need nothing more.

    python -m adapters.sandbox.nursery CONTROL READER

1. It has one thread and never sees a file, so that a fork of it is clean; a fork costs milliseconds, a start half a second.
2. On the control socket (packets): first the setup; answered by ``ready`` or by the fault. Then one request for each worker,
   which carries three descriptors: the file, the tasks, the answers. Answered by the worker's pid and a descriptor that names it.
3. When the control socket closes, it ends, and its workers with it.
"""

from __future__ import annotations

import array
import gc
import importlib
import json
import os
import signal
import socket
import sys
from typing import Any

from adapters.sandbox import confine
from adapters.sandbox.worker import serve
from gateway.errors import GatewayError

MAX_SETUP = 65536


def main(arguments: list[str]) -> int:
    """Warm up, then fork workers until the gateway is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)     # Ctrl-C is for the gateway, which then closes the socket
    confine.guard_memory()
    control = socket.socket(fileno=int(arguments[0]))
    setup = json.loads(control.recv(MAX_SETUP))
    try:
        reader = importlib.import_module(arguments[1]).prepare(setup["reader"])
    except GatewayError as error:
        control.send(json.dumps({"code": error.code, "message": error.message, "hint": error.hint}).encode())
        return 1
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)    # the kernel buries workers
    gc.collect()
    gc.freeze()                                      # what is warm stays shared
    gc.set_threshold(100_000, 20, 100)               # rows make no cycles: looking for them takes a tenth of the time
    try:
        control.send(b'{"ready": true}')
    except BrokenPipeError:
        return 0                                     # the gateway ended before it needed anyone
    while _one_worker(control, reader, setup["memory"]):
        pass
    return 0


def _one_worker(control: socket.socket, reader: Any, memory: int) -> bool:
    try:
        request, fds, _, _ = socket.recv_fds(control, 16, 3)
    except OSError:
        return False
    if not request or len(fds) != 3:
        return False
    me = os.getpid()
    pid = os.fork()
    if pid == 0:
        confine.die_with_parent(me)
        control.close()
        serve(reader, *fds, memory=memory)
    for fd in fds:
        os.close(fd)
    handle = os.pidfd_open(pid)
    control.sendmsg([str(pid).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [handle]))])
    os.close(handle)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
