"""A worker: reads the file behind one descriptor, task after task, and answers in frames.

1. Its descriptors are: 0 to 2 nothing, 3 the file (read only), 4 tasks, 5 answers. No sixth can be opened.
2. An exception is answered by its kind alone: its text may hold a child's data.
3. After a fault it ends: what it holds in memory is in doubt.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, Protocol

from adapters.sandbox import confine
from adapters.sandbox.frames import BrokenFrameError, FrameReader, write, write_fitting

FILE, TASKS, ANSWERS = 3, 4, 5
MOST_DESCRIPTORS = 256             # more than the nursery ever holds
MAX_TASK = 64 << 20                # annotating sends all findings
FITTING = 8 << 20                  # half of the longest answer that the gateway takes


class Reader(Protocol):
    """What ``prepare`` of a reader module gives: frames in answer to a task about the file behind a descriptor."""

    def __call__(self, task: Mapping[str, Any], fd: int, size: int) -> Iterator[dict[str, Any]]: ...


def serve(reader: Reader, file: int, tasks: int, answers: int, *, memory: int) -> NoReturn:
    """Work until the gateway closes the tasks. Never returns: what stands above on the stack belongs to the nursery."""
    status = 1
    try:
        _settle_descriptors(file, tasks, answers)
        confine.guard_memory()
        confine.confine(memory, descriptors=ANSWERS + 1)
        incoming = FrameReader(TASKS, MAX_TASK)
        while _work(reader, incoming.read()):
            pass
    except (EOFError, OSError, BrokenFrameError):
        status = 0
    finally:
        os._exit(status)


def _work(reader: Reader, task: Mapping[str, Any]) -> bool:
    confine.allow_processor(task["cpu"])
    try:
        write(ANSWERS, {"begun": task["mark"]})
        for frame in reader(task, FILE, task["size"]):
            write_fitting(ANSWERS, frame, FITTING)
        write(ANSWERS, {"done": True})
    except BaseException as error:  # noqa: BLE001 - parsers panic with what is not even an Exception; the worker ends here
        write(ANSWERS, {"fault": type(error).__name__})
        return False
    return True


def _settle_descriptors(file: int, tasks: int, answers: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    kept = [os.dup2(fd, 100 + n, inheritable=False) for n, fd in enumerate((nothing, file, tasks, answers))]
    for place in (0, 1, 2):
        os.dup2(kept[0], place)
    for place, fd in ((FILE, kept[1]), (TASKS, kept[2]), (ANSWERS, kept[3])):
        os.dup2(fd, place, inheritable=False)
    os.closerange(ANSWERS + 1, MOST_DESCRIPTORS)
