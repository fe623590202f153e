"""Bytes to read from, whether they lie in memory or in a descriptor.

1. Readers take slices, never the whole, unless the library behind them wants the whole.
2. ``Held`` stands for the bytes of a large file that lies behind a descriptor: it has a length, slices and ``find``
   like ``bytes``, and takes no address space.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator

WINDOW = 1 << 20


class Held:
    """A large file behind a descriptor, read by slices as if it were bytes."""

    __slots__ = ("_fd", "_size")

    def __init__(self, fd: int, size: int) -> None:
        self._fd = fd
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._size)
        pieces = []
        while start < stop:
            piece = os.pread(self._fd, stop - start, start)
            if not piece:
                break
            pieces.append(piece)
            start += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def find(self, wanted: bytes) -> int:
        """Where ``wanted`` first stands, or -1."""
        for start in range(0, self._size, WINDOW):
            at = self[start:start + WINDOW + len(wanted)].find(wanted)
            if at >= 0:
                return start + at
        return -1


def windows(content: bytes, size: int = WINDOW) -> Iterator[bytes]:
    """The content piece by piece."""
    for start in range(0, len(content), size):
        yield content[start:start + size]


class Reading(io.RawIOBase):
    """The content as a file: what libraries and text decoders want."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._content = content
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._content)}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._content[self._at:self._at + len(buffer)]
        buffer[:len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def as_file(content: bytes) -> io.BufferedReader | io.BytesIO:
    """A seekable file over the content."""
    return io.BytesIO(content) if isinstance(content, bytes) else io.BufferedReader(Reading(content), WINDOW)
