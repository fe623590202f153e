"""The case store of a home, proven before it is first written to.

1. Reading is free: lists, ``verify`` and ``backup`` work on a store that was put back too.
2. The first writing of a process asks whether the store goes on from what was published of the ledger; TamperError
   LEDGER-PUT-BACK when it does not, and nothing was written.
3. Asked once a process: whoever exchanges the file below a running one has damaged it anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from adapters.store import SqlStore
from gateway.ports import Transaction


class ProvenStore:
    """A store whose ``writing`` was proven to be allowed. Implements ``ports.Store``."""

    def __init__(self, store: SqlStore, prove: Callable[[], None]) -> None:
        self._store = store
        self._prove = prove
        self._proven = False

    def prove(self) -> None:
        """Return when the store may be written to; what ``prove`` raises otherwise, each time."""
        if not self._proven:
            self._prove()
            self._proven = True

    @property
    def unproven(self) -> SqlStore:
        """The store itself: for the one act that accepts that it was put back."""
        return self._store

    def writing(self) -> AbstractContextManager[Transaction]:
        """One act, on a store that was proven."""
        self.prove()
        return self._store.writing()

    def reading(self) -> AbstractContextManager[Transaction]:
        """One consistent look."""
        return self._store.reading()

    def tidy(self) -> None:
        """Its log put back into the file, before work begins and when it ends; DiskError, SyncFailedError."""
        self._store.tidy()

    def check(self) -> list[str]:
        """What is wrong with the stored data, as sentences."""
        return self._store.check()

    def snapshot(self, target: Path) -> None:
        """A consistent copy while others read and write."""
        self._store.snapshot(target)

    def close(self) -> None:
        """Close every connection."""
        self._store.close()
