"""The ring of a running process: a key that was rotated meanwhile is taken up without a stop.

1. ``public.json`` is written last in a rotation: when it is another file than at the last look, the ring is read again. A look is
   one ``stat``; it is taken at each transaction, each sealed file, each note and each package.
2. When the private keys do not come along (a unit whose credentials were copied at its start), the ring in hand stays in use, and
   is asked for again after a pause. What another process sealed under a newer key then does not open: it waits for the restart.
3. What was made from a ring (ciphers, signers) is made once for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from gateway.domain.ledger.leaf import Checkpoint
from gateway.errors import ConfigError
from keys.age_files import AgeFiles, AgeStream
from keys.fields import SealedFields
from keys.index import BlindIndex
from keys.notes import NoteSigner
from keys.public import public_path
from keys.ring import KeyRing, load

Stamp = tuple[int, int, int]
PAUSE = 5.0                       # seconds


class LiveRing:
    """A home's keys as they are by now. Used by every thread."""

    def __init__(self, home: Path, private_dir: Path) -> None:
        """Read the ring. ConfigError when it cannot be."""
        self._path = public_path(home)
        self._home, self._private = home, private_dir
        self._lock = threading.Lock()
        self._again = 0.0
        self._take_up(None)

    @property
    def ring(self) -> KeyRing:
        """The ring by now."""
        if self._stamp() != self._seen:
            with self._lock:
                self._renew()
        return self._ring

    def cells(self) -> tuple[SealedFields, BlindIndex]:
        """What seals and blinds the store's cells, for one transaction."""
        self.ring  # noqa: B018 - the look
        return self._cells

    def files(self) -> AgeFiles:
        """What seals and opens the vault's files."""
        self.ring  # noqa: B018 - the look
        return self._files

    def notary(self) -> NoteSigner:
        """What signs receipts and checkpoints."""
        self.ring  # noqa: B018 - the look
        return self._notary

    def _renew(self) -> None:
        stamp = self._stamp()
        if stamp != self._seen and time.monotonic() >= self._again:
            try:
                self._take_up(stamp)
            except ConfigError:
                self._again = time.monotonic() + PAUSE

    def _take_up(self, stamp: Stamp | None) -> None:
        seen = stamp or self._stamp()
        ring = load(self._home, self._private)
        self._ring, self._cells = ring, (ring.sealer(lambda: self.cells()[0]), ring.blinder())
        self._files, self._notary = ring.vault_files(), ring.notary()
        self._seen = seen      # last: whoever sees it finds the rest

    def _stamp(self) -> Stamp:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return (0, 0, 0)
        return status.st_ino, status.st_mtime_ns, status.st_size


class LiveFiles:
    """The vault's files under the keys by now. Implements ``ports.FileSealer``."""

    def __init__(self, live: LiveRing) -> None:
        self._live = live

    def sealing(self, sink: IO[bytes]) -> AgeStream:
        """Begin a sealed file."""
        return self._live.files().sealing(sink)

    def open(self, source: IO[bytes], sink: IO[bytes]) -> int:
        """Open one."""
        return self._live.files().open(source, sink)


class LiveNotary:
    """Signs and verifies with the keys by now. Implements ``ports.Notary``; ``packages_at``: the time, when it signs packages."""

    def __init__(self, live: LiveRing, packages_at: Callable[[], datetime] | None = None) -> None:
        self._live = live
        self._packages_at = packages_at

    def _now(self) -> NoteSigner:
        return self._live.ring.notary(packages_at=self._packages_at()) if self._packages_at else self._live.notary()

    def sign(self, kind: str, lines: Sequence[tuple[str, Any]]) -> str:
        """A signed note."""
        return self._now().sign(kind, lines)

    def checkpoint(self, size: int, root: bytes, at: datetime) -> Checkpoint:
        """A signed tree head."""
        return self._now().checkpoint(size, root, at)

    def verify(self, kind: str, note: str, *, keys: Sequence[bytes] | None = None) -> dict[str, Any]:
        """The values of a note."""
        return self._now().verify(kind, note, keys=keys)

    def open_checkpoint(self, note: str) -> Checkpoint:
        """The tree head of a checkpoint."""
        return self._now().open_checkpoint(note)

    def public_keys(self) -> dict[str, str]:
        """The newest public keys."""
        return self._now().public_keys()
