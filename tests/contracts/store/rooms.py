"""Stores to test on: keys, ids, a clock's word, and where the store is."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from adapters.store import SqlStore, open_store
from keys.fields import SealedFields
from keys.index import BlindIndex

FIELD_KEY, INDEX_KEY = b"f" * 32, b"i" * 32
MORNING = datetime(2026, 11, 13, 8, 30, 0, 123456, tzinfo=UTC)


@dataclass
class CountedIds:
    """Identifiers that sort in the order they were made. ``mark`` keeps two processes apart."""

    mark: str = ""
    _count: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def new(self, prefix: str) -> str:
        """The next one."""
        with self._lock:
            return f"{prefix}{self.mark}{next(self._count):08d}"


def opened(where: str | Path, *, mark: str = "", create: bool = True) -> SqlStore:
    """A store under the tests' keys."""
    return open_store(where, sealer=SealedFields([FIELD_KEY]), blinder=BlindIndex(INDEX_KEY), ids=CountedIds(mark), create=create)
