"""A SQLite of which every statement and every commit is told before it happens, and every commit after.

What listens may raise the engine's own errors, which then come out as from a real disk: through SQLAlchemy and our translation.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adapters.store.dialects.sqlite import SqliteDialect

COMMIT, COMMITTED = "COMMIT", "COMMITTED"
Listener = Callable[["Connection", str], None]
_CODES = {"SQLITE_FULL": (13, "database or disk is full"), "SQLITE_IOERR": (10, "disk I/O error"),
          "SQLITE_BUSY": (5, "database is locked")}


def failure(name: str) -> sqlite3.OperationalError:
    """The error as the engine raises it."""
    error = sqlite3.OperationalError(_CODES[name][1])
    error.sqlite_errorcode, error.sqlite_errorname = _CODES[name][0], name
    return error


class Cursor(sqlite3.Cursor):
    """Tells of its statements."""

    connection: Connection

    def execute(self, sql: str, parameters: Any = ()) -> Cursor:
        self.connection.tell(sql)
        super().execute(sql, parameters)
        return self

    def executemany(self, sql: str, parameters: Any) -> Cursor:
        self.connection.tell(sql)
        super().executemany(sql, parameters)
        return self


class Connection(sqlite3.Connection):
    """Tells of what is done in a transaction. ``writes``: it began as the writer."""

    listener: Listener | None = None
    begun = writes = False

    def tell(self, sql: str) -> None:
        """What SQLAlchemy asks of a new connection is nobody's act, and is not told."""
        if sql.startswith("BEGIN"):
            self.begun, self.writes = True, sql.startswith("BEGIN IMMEDIATE")
        if self.begun and self.listener is not None:
            self.listener(self, sql)

    def cursor(self, factory: Any = Cursor) -> Any:
        return super().cursor(factory)

    def commit(self) -> None:
        self.tell(COMMIT)
        super().commit()
        self.tell(COMMITTED)
        self.begun = False

    def rollback(self) -> None:
        self.begun = False
        super().rollback()


class ToldSqlite(SqliteDialect):
    """The real dialect, with a listener."""

    def __init__(self, path: Path | None, listener: Listener) -> None:
        self._listener = listener
        super().__init__(path)

    def _connect(self) -> Connection:
        return told_connection(self._uri, self._listener)


def told_connection(uri: str, listener: Listener) -> Connection:
    """A connection as the real dialect makes it, with a listener."""
    raw = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, factory=Connection)
    raw.listener = listener
    return raw
