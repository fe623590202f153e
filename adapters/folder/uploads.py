"""What the SFTP server of a folder says of its uploads: which were opened and never closed, and whether a client is still there.

A connection that dies leaves half a file that nobody has open. It looks like a whole one, and only the server knows better:
OpenSSH's ``internal-sftp -l INFO`` tells ``/dev/log`` of its chroot what it opens and closes. There the gateway listens.

1. A name that was opened for writing is unclosed until the server says "close" of it; "forced close", or silence, leaves it so.
   Closing what was only read changes nothing.
2. A rename takes the mark along, removing ends it; so does the file's absence.
3. A mark is an empty file beside the socket, named by a hash: it outlives the gateway and does not tell what a file was called.
4. Who may speak is a matter of the file system: the socket is for its folder's group, the school's own.
5. A client that has put a file may still set its time or look at it, and calls the upload failed when it is gone: while one is
   connected (``busy``), a file is left to lie for its time, however finished it looks.
6. What was opened while nobody listened is not known, nor a name so long that its message was cut. There ``sighting`` decides.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.domain.brief import brief

MARK = ".unclosed-"
YOUNG_SECONDS = 60.0       # the server says "open" before the file is there
SILENT_SECONDS = 600.0     # a session that has said nothing for so long is no longer counted: its end may have been missed
_LONGEST = 2048              # bytes of a line that is heard
_SESSION = re.compile(rb"\[(\d+)\]: (session closed )?")
# From sftp-server.c. A quotation mark in a name is not escaped: each pattern takes as much as it can.
_OPENED = brief(rb'\]: open "(.*)" flags [A-Z,]*WRITE[A-Z,]* mode ', _LONGEST, re.DOTALL)
_CLOSED = brief(rb'\]: close "(.*)" bytes read (?:0 written|\d+ written [1-9])', _LONGEST, re.DOTALL)
_CUT_OFF = brief(rb'\]: forced close "(.*)" bytes read \d+ written [1-9]', _LONGEST, re.DOTALL)
_REMOVED = re.compile(rb'\]: remove name "(.*)"', re.DOTALL)
_RENAMED = re.compile(rb'\]: (?:posix-)?rename old "(.*)" new "(.*)"', re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:([0-7]{3})|(.))", re.DOTALL)
_LETTERS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"a": b"\a", b"v": b"\v", b"f": b"\f", b"s": b" ", b"0": b"\0"}


class UploadLog:
    """One folder's uploads. Asked by the folder's thread, told by the listener's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wake: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._sessions: dict[bytes, float] = {}
        self._unclosed: dict[str, float] = dict.fromkeys(
            (mark.name.removeprefix(MARK) for mark in path.parent.glob(MARK + "*")), -YOUNG_SECONDS)

    def unclosed(self, name: str) -> bool:
        """Whether the upload of this name was begun and not ended."""
        with self._lock:
            return _mark(os.fsencode(name)) in self._unclosed

    def busy(self) -> bool:
        """Whether a client is connected."""
        with self._lock:
            return any(said > time.monotonic() - SILENT_SECONDS for said in self._sessions.values())

    def there(self, names: set[str]) -> None:
        """These are in the folder: what is marked and not among them is gone."""
        with self._lock:
            young = time.monotonic() - YOUNG_SECONDS
            left = self._unclosed.keys() - {_mark(os.fsencode(name)) for name in names}
            for mark in [mark for mark in left if self._unclosed[mark] < young]:
                self._forget(mark)

    def hear(self, message: bytes) -> None:
        """One line of the server."""
        with self._lock:
            self._count(message)
            if said := _OPENED.search(message) or _CUT_OFF.search(message):
                self._remember(_mark(_basename(said[1])))
            elif said := _CLOSED.search(message) or _REMOVED.search(message):
                self._forget(_mark(_basename(said[1])))
            elif said := _RENAMED.search(message):
                self._moved(_mark(_basename(said[1])), _mark(_basename(said[2])))
        self.wake()

    def _count(self, message: bytes) -> None:
        if (said := _SESSION.search(message)) is None:
            return
        if said[2]:
            self._sessions.pop(said[1], None)
        else:
            self._sessions[said[1]] = time.monotonic()

    def _moved(self, old: str, new: str) -> None:
        marked = old in self._unclosed
        self._forget(old)
        self._forget(new)
        if marked:
            self._remember(new)

    def _remember(self, mark: str) -> None:
        self._unclosed[mark] = time.monotonic()
        with contextlib.suppress(OSError):     # a full disk must not stop the listening: this process knows
            (self.path.parent / (MARK + mark)).touch(mode=0o600)

    def _forget(self, mark: str) -> None:
        if self._unclosed.pop(mark, None) is not None:
            with contextlib.suppress(OSError):
                (self.path.parent / (MARK + mark)).unlink(missing_ok=True)


_Crew = tuple[selectors.BaseSelector, threading.Thread]     # what all sockets of a listener share


class UploadListener:
    """Listens at any number of sockets with one thread, from the first to the last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._crew: _Crew | None = None

    @contextmanager
    def hearing(self, log: UploadLog, wake: Callable[[], None]) -> Iterator[None]:
        """Follow one folder's server. A socket that cannot be made is no fault of the folder's: ``doctor`` says so."""
        try:
            listening = _bound(log.path)
        except OSError:
            yield
            return
        log.wake = wake
        with listening:
            crew = self._join(listening, log)
            try:
                yield
            finally:
                self._leave(listening, *crew)
                log.path.unlink(missing_ok=True)

    def _join(self, listening: socket.socket, log: UploadLog) -> _Crew:
        with self._lock:
            if self._crew is None:
                selector = selectors.DefaultSelector()
                thread = threading.Thread(target=self._listen, args=(selector,), name="uploads", daemon=True)
                self._crew = selector, thread
                thread.start()
            self._crew[0].register(listening, selectors.EVENT_READ, log)
            return self._crew

    def _leave(self, listening: socket.socket, selector: selectors.BaseSelector, thread: threading.Thread) -> None:
        with self._lock:
            selector.unregister(listening)
            if selector.get_map():
                return
            self._crew = None
        thread.join()
        selector.close()

    def _listen(self, selector: selectors.BaseSelector) -> None:
        while self._crew is not None and self._crew[0] is selector:
            for key, _ in selector.select(0.2):
                with contextlib.suppress(OSError):     # it was closed meanwhile
                    while True:
                        key.data.hear(key.fileobj.recv(_LONGEST))  # type: ignore[union-attr]


def _bound(path: Path) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        path.unlink(missing_ok=True)
        listening.bind(os.fspath(path))
        path.chmod(0o660)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def _basename(escaped: bytes) -> bytes:
    """The last part of a path as the server writes it: vis(3) with octal and C-style escapes."""
    plain = _ESCAPE.sub(lambda m: bytes([int(m[1], 8)]) if m[1] else _LETTERS.get(m[2], m[2]), escaped)
    return plain.rpartition(b"/")[2]


def _mark(name: bytes) -> str:
    return hashlib.sha256(name).hexdigest()[:32]
