"""The case store: short transactions, one writer at a time.

1. ``writing`` waits its turn, begins as the only writer, commits at its end, and rolls back on any error.
2. ``reading`` sees one state, waits for nobody, and cannot write.
3. A transaction is used by the thread that opened it, and by nothing after its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.store.dialects.dialect import Dialect
from adapters.store.faults import translate_errors, translated
from adapters.store.sealing import Seals
from adapters.store.session import Session
from adapters.store.transaction import SqlTransaction, transaction
from gateway.ports import Ids


class SqlStore:
    """The case store on SQLAlchemy Core. Implements ``ports.Store``."""

    def __init__(self, dialect: Dialect, seals: Seals, ids: Ids) -> None:
        self.dialect = dialect
        self._seals = seals
        self._ids = ids
        for engine in (dialect.writers(), dialect.readers()):
            translate_errors(engine, dialect)

    @contextmanager
    def writing(self) -> Iterator[SqlTransaction]:
        """One act. RetryableError when the store stays locked; DiskError when it cannot be made durable."""
        with self.dialect.turn(), self.dialect.writers().begin() as connection:
            yield transaction(Session(connection, self.dialect, self._seals.fresh()), self._ids)

    @contextmanager
    def reading(self) -> Iterator[SqlTransaction]:
        """One consistent look."""
        with self.dialect.readers().begin() as connection:
            yield transaction(Session(connection, self.dialect, self._seals.fresh()), self._ids)

    def check(self) -> list[str]:
        """What is wrong with the stored data, as sentences; empty when nothing is."""
        with translated(self.dialect), self.dialect.readers().connect() as connection:
            return list(self.dialect.check(connection))

    def snapshot(self, target: Path) -> None:
        """A consistent copy while others read and write. ``target`` must not exist."""
        with translated(self.dialect):
            self.dialect.snapshot(target)

    def tidy(self) -> None:
        """Nightly upkeep."""
        with translated(self.dialect):
            self.dialect.tidy()

    def close(self) -> None:
        """Close every connection."""
        self.dialect.close()
