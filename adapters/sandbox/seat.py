"""One worker as the gateway holds it: its file, its tasks, its answers, and the means to end it.

1. The file lies in memory (memfd); the worker can read it and not write it. It is emptied after each task; a worker whose file
   cannot be emptied is ended.
2. An answer begins with the mark of its task, which nobody can know before: what a worker says late of the file before is not
   taken for an answer about the next one.
3. Whoever ends the worker does it by a descriptor that names it, so that no other process can be hit.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from typing import IO, Any

from adapters.sandbox.frames import BrokenFrameError, FrameReader, write
from adapters.sandbox.limits import Limits
from gateway.errors import RetryableError

Content = bytes | IO[bytes]


class WorkerLostError(Exception):
    """The worker ended or was ended before it answered. ``why``: "crash", "memory" or "time"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Seat:
    """A worker for one sender."""

    def __init__(self, control: socket.socket, limits: Limits, sender: str | None) -> None:
        self.sender = sender
        self.files = 0
        self._limits = limits
        self._file = os.memfd_create("parcel", os.MFD_CLOEXEC)
        tasks, self._tasks = os.pipe()
        self._answers, answers = os.pipe()
        readable = os.open(f"/proc/self/fd/{self._file}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            socket.send_fds(control, [b"worker"], [readable, tasks, answers])
            pid, handles, _, _ = socket.recv_fds(control, 32, 1)
        finally:
            for fd in (readable, tasks, answers):
                os.close(fd)
        if not handles:
            self._close_pipes()
            raise WorkerLostError("crash")
        self.pid = int(pid)
        self._handle = handles[0]
        self._frames = FrameReader(self._answers, limits.frame)

    def work(self, task: Mapping[str, Any], content: Content) -> Iterator[dict[str, Any]]:
        """The frames that answer a task. WorkerLostError: the worker is gone and this seat with it."""
        self.files += 1
        finished = False
        try:
            size = self._put(content)
            deadline = time.monotonic() + self._limits.wall(size)
            self._frames.restart(self._limits.answers(size))
            mark = secrets.token_hex(8)
            write(self._tasks, {**task, "size": size, "cpu": self._limits.cpu(size), "mark": mark})
            if self._frames.read(deadline) != {"begun": mark}:
                raise BrokenFrameError("an answer to another task")
            while not (frame := self._frames.read(deadline)).get("done"):
                if "fault" in frame:
                    raise WorkerLostError("memory" if frame["fault"] == "MemoryError" else "crash")
                yield frame
            finished = True
        except TimeoutError as error:
            raise WorkerLostError("time") from error
        except (EOFError, BrokenPipeError, BrokenFrameError) as error:
            raise WorkerLostError("crash") from error
        except OSError as error:
            raise RetryableError(f"a file could not be handed to its reader: {error.strerror or error}", code="SANDBOX-NO-ROOM",
                                 hint="Look at the free memory of this machine; it is tried again by itself.") from error
        finally:
            if not (finished and self._emptied()):
                self.close()       # also when the caller stopped listening: what follows would be out of step

    @property
    def alive(self) -> bool:
        """Whether it can take another task."""
        return self._file >= 0

    def close(self) -> None:
        """End the worker now. Safe to repeat."""
        if self._file < 0:
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        os.close(self._handle)
        self._close_pipes()

    def _close_pipes(self) -> None:
        for fd in (self._file, self._tasks, self._answers):
            os.close(fd)
        self._file = -1

    def _emptied(self) -> bool:
        try:
            os.ftruncate(self._file, 0)
        except OSError:
            return False
        return True

    def _put(self, content: Content) -> int:
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        with os.fdopen(self._file, "wb", closefd=False, buffering=0) as file:
            if isinstance(content, bytes):
                left = memoryview(content)
                while left:
                    left = left[file.write(left) or 0:]
            else:
                shutil.copyfileobj(content, file, 1 << 20)
        return os.fstat(self._file).st_size
