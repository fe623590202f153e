"""Frames: four bytes of length, then JSON. The only language between the gateway and what reads foreign files; never pickle.

1. A frame longer than agreed, cut short, or not a JSON object is a fault of the other side: ``BrokenFrameError``.
2. ``write_fitting`` halves the lists of a frame that would be too long: its pieces say together what it said.
3. The reader gives up at a deadline (``TimeoutError``), and a closed pipe is ``EOFError``.
"""

from __future__ import annotations

import json
import os
import select
import struct
import time
from collections.abc import Mapping
from typing import Any

_LENGTH = struct.Struct(">I")
_CHUNK = 1 << 18


class BrokenFrameError(Exception):
    """The other side does not keep to the language."""


def encode(frame: Mapping[str, Any]) -> bytes:
    """A frame as bytes."""
    body = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return _LENGTH.pack(len(body)) + body


def write(fd: int, frame: Mapping[str, Any]) -> None:
    """Write one whole frame."""
    _write(fd, encode(frame))


def _write(fd: int, whole: bytes) -> None:
    left = memoryview(whole)
    while left:
        left = left[os.write(fd, left):]


def write_fitting(fd: int, frame: Mapping[str, Any], longest: int) -> None:
    """Write a frame, in pieces none longer than ``longest`` where its lists allow that."""
    whole = encode(frame)
    lists = {key: value for key, value in frame.items() if isinstance(value, list) and len(value) > 1}
    if len(whole) <= longest or not lists:
        _write(fd, whole)
        return
    write_fitting(fd, {**frame, **{key: value[:len(value) // 2] for key, value in lists.items()}}, longest)
    write_fitting(fd, {key: value[len(value) // 2:] for key, value in lists.items()}, longest)


class FrameReader:
    """Reads frames from a descriptor, none longer than ``longest``; after ``restart``, all together not longer than it says."""

    def __init__(self, fd: int, longest: int) -> None:
        self._fd = fd
        self._longest = longest
        self._whole: int | None = None
        self._held = bytearray()
        self._taken = 0
        self._poll = select.poll()
        self._poll.register(fd, select.POLLIN)

    def restart(self, whole: int) -> None:
        """Another file begins, whose frames may have so many bytes. BrokenFrameError: something was said before it was asked."""
        if self._held or self._poll.poll(0):
            raise BrokenFrameError("frames out of turn")
        self._taken, self._whole = 0, whole

    def read(self, deadline: float | None = None) -> dict[str, Any]:
        """The next frame. EOFError, TimeoutError, BrokenFrameError."""
        self._fill(_LENGTH.size, deadline)
        length = int(_LENGTH.unpack_from(self._held)[0])
        self._taken += length
        if length > self._longest or (self._whole is not None and self._taken > self._whole):
            raise BrokenFrameError("frame too long")
        self._fill(_LENGTH.size + length, deadline)
        body = bytes(self._held[_LENGTH.size:_LENGTH.size + length])
        del self._held[:_LENGTH.size + length]
        try:
            frame = json.loads(body.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError) as error:
            raise BrokenFrameError("frame is no JSON") from error
        if not isinstance(frame, dict):
            raise BrokenFrameError("frame is no object")
        return frame

    def _fill(self, wanted: int, deadline: float | None) -> None:
        while len(self._held) < wanted:
            if deadline is not None and not self._poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise TimeoutError
            piece = os.read(self._fd, _CHUNK)
            if not piece:
                raise EOFError
            self._held += piece
