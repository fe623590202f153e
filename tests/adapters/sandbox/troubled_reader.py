"""A reader for the sandbox's tests: does to its own process whatever the file tells it to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

SUMMARY = {"file": "f", "kind": "leavers", "verdict": "accepted", "sender": None, "rows": {"read": 1, "accepted": 1, "held": 0}}


def prepare(setup: Mapping[str, Any]) -> Callable[[Mapping[str, Any], int, int], Iterator[dict[str, Any]]]:
    if setup.get("faulty"):
        from gateway.errors import ConfigError

        raise ConfigError("register/schools.csv, line 3: is faulty.", code="REGISTER-FILE", hint="Mend it.")
    return answer


def answer(task: Mapping[str, Any], fd: int, size: int) -> Iterator[dict[str, Any]]:
    words = os.pread(fd, size, 0).decode()
    if task["do"] == "annotate":
        yield {"bytes": "Ym9vaw=="}
        return
    found = ACTS[words.split()[0]](words)
    yield {"findings": [{"code": "SAID", "severity": "note", "message": str(found), "hint": str(os.getpid())}]}
    yield {"summary": SUMMARY | {"sender": task["sender"]}}


def _attempt(act: Callable[[], Any]) -> str:
    try:
        act()
    except OSError as error:
        return type(error).__name__
    return "DONE"


def _memory(words: str) -> str:
    held = [bytearray(64 << 20) for _ in range(100)]
    return str(len(held))


def _panic(words: str) -> str:
    raise BaseException(words)


def _many_frames(words: str) -> str:
    os.write(5, b"\xff\xff\xff\xff")
    return "sent"


def _spin(words: str) -> str:
    while True:
        pass


def _limits(words: str) -> str:
    import resource

    return str(resource.getrlimit(resource.RLIMIT_AS)[0])


ACTS: dict[str, Callable[[str], Any]] = {
    "say": lambda words: words,
    "abort": lambda words: os.abort(),
    "exit": lambda words: os._exit(0),
    "memory": _memory,
    "panic": _panic,
    "sleep": lambda words: time.sleep(60),
    "spin": _spin,
    "deep": lambda words: os.write(5, b"\x00\x00\x00\x02[]"),
    "flood": _many_frames,
    "open": lambda words: _attempt(lambda: Path("/etc/passwd").read_text()),
    "write": lambda words: _attempt(lambda: Path("never").write_text("x")),
    "connect": lambda words: _attempt(lambda: socket.socket(socket.AF_INET)),
    "run": lambda words: _attempt(lambda: subprocess.run(["/bin/true"], check=False)),
    "fork": lambda words: _attempt(os.fork),
    "scribble": lambda words: _attempt(lambda: os.pwrite(3, b"other", 0)),
    "kill": lambda words: _attempt(lambda: os.kill(os.getppid(), 0)),
    "environment": lambda words: sorted(os.environ),
    "limits": _limits,
    "argv": lambda words: sys.argv,
}
