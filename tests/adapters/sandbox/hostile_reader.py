"""A reader that was taken over: it calls the kernel itself for everything that a worker must not have, and talks out of turn."""

from __future__ import annotations

import ctypes
import json
import os
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any

ANSWERS = 5
SUMMARY = {"file": "f", "kind": "leavers", "verdict": "accepted", "sender": None, "rows": {"read": 1, "accepted": 1, "held": 0}}
AT_CWD, PATH = -100, b"/etc/passwd"
LIMITS = ctypes.create_string_buffer(struct.pack("QQ", 1 << 40, 1 << 40))


def prepare(setup: Mapping[str, Any]) -> Callable[[Mapping[str, Any], int, int], Iterator[dict[str, Any]]]:
    return answer


def answer(task: Mapping[str, Any], fd: int, size: int) -> Iterator[dict[str, Any]]:
    act, *words = os.pread(fd, size, 0).decode().split()
    if act in LIES:
        yield from LIES[act]
        return
    if act in BYTES:
        os.write(ANSWERS, BYTES[act])
        return
    while act == "flood":
        yield {"findings": [finding("x" * 100_000)]}
    said = json.dumps(TRIES[words[0]]() if act == "try" else words)
    yield {"findings": [finding(said)]}
    yield {"summary": SUMMARY | {"sender": task["sender"]}}
    if act == "more-after-done":
        for frame in ({"done": True}, {"findings": [finding("of the file before")]}, {"summary": SUMMARY}):
            os.write(ANSWERS, framed(json.dumps(frame).encode()))


def finding(message: str) -> dict[str, str]:
    return {"code": "SAID", "severity": "note", "message": message, "hint": str(os.getpid())}


def framed(body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + body


LIES: dict[str, list[dict[str, Any]]] = {
    "huge": [{"findings": [{"code": "X", "severity": "note", "message": "x" * (20 << 20), "hint": "x"}]}],
    "lie": [{"findings": [{"code": 1}], "records": [{"row": "first"}]}],
    "wrong-summary": [{"summary": ["not", "an", "object"]}],
    "nothing": [],
}
BYTES = {
    "number": struct.pack(">I", 0x7FFFFFFF) + b"[" * 1000,
    "deep": framed(b'{"findings":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
    "not-utf-8": framed(b'{"findings": "\xff\xff"}'),
    "pickle": framed(b"\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x8c\x06system\x93\x8c\x02ls\x85R."),
}


def call(number: int, *arguments: Any) -> Callable[[], str]:
    """A system call by its number on x86-64; how it ended."""

    def tried() -> str:
        libc = ctypes.CDLL(None, use_errno=True)
        result = libc.syscall(number, *(argument() if callable(argument) else argument for argument in arguments))
        if result == 0 and number in FORKS and os.getpid() != ME:
            os._exit(0)
        return "possible" if result >= 0 else os.strerror(ctypes.get_errno())

    return tried


ME = 0
FORKS = (56, 57, 58, 435)
TRIES: dict[str, Callable[[], str]] = {
    "open": call(2, PATH, 0),
    "openat": call(257, AT_CWD, PATH, 0),
    "openat2": call(437, AT_CWD, PATH, b"\0" * 24, 24),
    "open-by-handle": call(304, AT_CWD, b"\0" * 24, 0),
    "create": call(85, b"/tmp/never", 0o600),
    "stat": call(4, PATH, b"\0" * 256),
    "read-link": call(89, b"/proc/self/exe", b"\0" * 256, 256),
    "list": call(217, 3, b"\0" * 256, 256),
    "unlink": call(87, b"/tmp/never"),
    "rename": call(82, b"/tmp/never", b"/tmp/ever"),
    "change-root": call(161, b"/"),
    "mount": call(165, b"none", b"/mnt", b"tmpfs", 0, 0),
    "socket-inet": call(41, 2, 1, 0),
    "socket-unix": call(41, 1, 1, 0),
    "socket-netlink": call(41, 16, 3, 0),
    "socket-pair": call(53, 1, 1, 0, b"\0" * 8),
    "connect": call(42, 5, b"\0" * 16, 16),
    "send-descriptor": call(46, 5, b"\0" * 56, 0),
    "pipe": call(22, b"\0" * 8),
    "duplicate": call(32, 5),
    "descriptor-control": call(72, 5, 0, 0),
    "device-control": call(16, 5, 0x5401, b"\0" * 64),
    "fork": call(57),
    "vfork-by-clone": call(56, 0x4111, 0, 0, 0, 0),
    "clone3": call(435, b"\0" * 88, 88),
    "execute": call(59, b"/bin/true", 0, 0),
    "execute-at": call(322, AT_CWD, b"/bin/true", 0, 0, 0),
    "trace-parent": call(101, 16, os.getppid, 0, 0),
    "read-parent": call(310, os.getppid, 0, 0, 0, 0, 0),
    "write-parent": call(311, os.getppid, 0, 0, 0, 0, 0),
    "kill-parent": call(62, os.getppid, 0),
    "kill-all": call(62, -1, 0),
    "kill-parents-thread": call(234, os.getppid, os.getppid, 0),
    "kill-thread": call(200, os.getppid, 0),
    "queue-signal": call(129, os.getppid, 0, b"\0" * 128),
    "descriptor-of-parent": call(434, os.getppid, 0),
    "take-descriptor": call(438, 3, 0, 0),
    "limits-of-parent": call(302, os.getppid, 7, 0, b"\0" * 16),
    "raise-memory": call(160, 9, LIMITS),
    "raise-descriptors": call(160, 7, LIMITS),
    "raise-by-prlimit": call(302, 0, 9, LIMITS, 0),
    "shared-memory": call(29, 0, 4096, 0o600 | 0o1000),
    "semaphores": call(64, 0, 1, 0o600 | 0o1000),
    "messages": call(68, 0, 0o600 | 0o1000),
    "message-queue": call(240, b"/never", 0o100 | 2, 0o600, 0),
    "io-uring": call(425, 8, b"\0" * 120),
    "user-fault": call(323, 0),
    "file-in-memory": call(319, b"x", 0),
    "secret-memory": call(447, 0),
    "events": call(290, 0, 0),
    "timers": call(283, 1, 0),
    "watches": call(294, 0),
    "epoll": call(291, 0),
    "process-control": call(157, 4, 1, 0, 0, 0),
    "no-filter": call(157, 22, 0, 0, 0, 0),
    "another-filter": call(317, 1, 0, 0),
    "programs-of-the-kernel": call(321, 0, b"\0" * 72, 72),
    "performance": call(298, b"\0" * 112, 0, -1, -1, 0),
    "keys": call(250, 0, -3, 0),
    "namespaces": call(272, 0x20000),
    "enter-namespace": call(308, 3, 0),
    "user": call(105, 0),
    "capabilities": call(126, b"\0" * 8, b"\xff" * 24),
    "modules": call(175, b"", 0, b""),
    "clock": call(227, 0, b"\0" * 16),
    "host-name": call(170, b"x", 1),
    "reboot": call(169, 0, 0, 0),
    "swap": call(167, b"/never", 0),
    "core-of-another-kind": call(158, 0x1002, 0),
    "file-grows": call(77, 3, 10),
    "file-is-written": call(18, 3, b"x", 1, 0),
    "another-architecture-numbers": call(0x40000000 + 2, PATH, 0),
}
