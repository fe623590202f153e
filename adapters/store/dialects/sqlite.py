"""SQLite: one file in the home, the default.

1. WAL with ``synchronous=FULL``: a committed act survives a power cut (``NORMAL`` may roll it back).
2. Every pragma is read back, for SQLite ignores the ones it does not know.
3. ``BEGIN IMMEDIATE`` for writing: the lock is taken at the start, so an act never fails halfway for want of it.
   Readers begin plainly, see one state, and are forbidden to write by ``query_only``.
4. Threads of one process queue on a lock; other processes wait ``BUSY_MS``, then RetryableError.
5. The file is readable by its owner alone. It is copied by ``VACUUM INTO``, never by ``cp``.
6. After a failed fsync nobody writes through this process, and no connection is closed: closing the last one would ask for
   another fsync of the same file, and could be told that all is well.
7. The log's name is made durable before anything is written: SQLite asks for that too, but does not say when it failed.

In memory there is no WAL: readers and the writer wait for each other. That is for tests.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Select, Table, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.dml import ReturningInsert

from adapters.store.dialects.dialect import Fault
from adapters.store.faults import error_of
from gateway.errors import ConfigError, RetryableError, SyncFailedError

BUSY_MS = 10_000
TURN_SECONDS = 120.0          # the longest act, a staged return of many thousand rows, takes a few seconds
READERS = 8

PRAGMAS: tuple[tuple[str, str, Any], ...] = (     # name, set to, reads back as
    ("busy_timeout", str(BUSY_MS), BUSY_MS),      # first: changing the journal mode may have to wait
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("secure_delete", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("mmap_size", "0", 0),
    ("cache_size", "-65536", -65536),             # 64 MiB: blinded keys fall everywhere in their index
    ("wal_autocheckpoint", "8000", 8000),         # 32 MiB: the same pages are written once for many acts, not for each
)
_IN_MEMORY = {"journal_mode": "memory", "mmap_size": None}    # what these read back as when there is no file


class SqliteDialect:
    """The ways of SQLite on one file, or in memory for tests."""

    speaks_no_values: ClassVar[bool] = True
    raises: ClassVar[tuple[type[Exception], ...]] = (sqlite3.Error,)

    def __init__(self, path: Path | None) -> None:
        """``path`` None: in memory, gone when closed."""
        self._path = path
        self._lock = threading.Lock()
        self._holder: int | None = None
        self._unsynced = False
        self._uri = f"file:{quote(str(path.absolute()))}" if path else f"file:/{uuid.uuid4().hex}?vfs=memdb"
        self._anchor = None if path else self._connect()      # a database in memory lives as long as a connection to it
        self._writers = self._engine("BEGIN IMMEDIATE", 1, ())
        self._readers = self._engine("BEGIN", READERS, (("query_only", "ON", 1),))
        if path is not None:
            event.listen(self._writers, "connect", lambda *_: _sync_folder(path.resolve().parent))

    @staticmethod
    def create_file(path: Path) -> None:
        """Make the empty file, for its owner alone, before SQLite would make it by the umask."""
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))

    def writers(self) -> Engine:
        """One connection, which begins as the writer."""
        return self._writers

    def readers(self) -> Engine:
        """A few connections which cannot write."""
        return self._readers

    def close(self) -> None:
        """Close every connection; the last one puts the write-ahead log back into the file. After a failed fsync: rule 6."""
        if self._unsynced:
            return
        self._readers.dispose()
        self._writers.dispose()
        if self._anchor is not None:
            self._anchor.close()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Queue this process's threads. A thread that writes inside its own writing would wait for itself: RuntimeError."""
        me = threading.get_ident()
        if self._holder == me:
            raise RuntimeError("writing() inside writing() of the same thread")
        if not self._lock.acquire(timeout=TURN_SECONDS):
            raise RetryableError(f"the store was not free within {TURN_SECONDS:.0f} seconds: another thread kept it longer",
                                 code="STORE-BUSY", hint="Try again.")
        self._holder = me
        try:
            if self._unsynced:
                raise error_of(Fault.UNSYNCED, "an earlier commit")
            yield
        except SyncFailedError:
            self._unsynced = True
            raise
        finally:
            self._holder = None
            self._lock.release()

    def fault(self, error: BaseException, connection: Any) -> tuple[Fault, str] | None:
        """Read SQLite's own code."""
        if not isinstance(error, sqlite3.Error):
            return None
        name = getattr(error, "sqlite_errorname", "") or ""
        for start, fault in _FAULTS:
            if name.startswith(start):
                told = str(error).partition(": ")[2] if fault in (Fault.EXISTS, Fault.DANGLING) else ""
                return fault, told or (_dangling(connection) if name == "SQLITE_CONSTRAINT_FOREIGNKEY" else "") or name
        return next(((fault, name or "text") for start, fault in _SAID if str(error).startswith(start)), None)

    def insert_new(self, table: Table) -> Any:
        """An insert that leaves existing rows alone."""
        return _insert_new(table)

    def upsert(self, table: Table, key: str, change: str) -> Any:
        """An insert that changes one column of an existing row instead."""
        return _upsert(table, key, change)

    def next_of(self, table: Table) -> ReturningInsert[Any]:
        """Count a sequence up and give the new number."""
        statement = insert(table).values(last=1)
        return statement.on_conflict_do_update(index_elements=["name"], set_={"last": table.c.last + 1}).returning(table.c.last)

    def claiming(self, chosen: Select[Any]) -> Select[Any]:
        """There is only one writer: nobody else is claiming."""
        return chosen

    def guard(self, connection: Connection, rows: int) -> AbstractContextManager[Any]:
        """One failed row undoes itself; of many, the ones before it would stay."""
        return connection.begin_nested() if rows > 1 else nullcontext()

    def check(self, connection: Connection) -> Iterable[str]:
        """``integrity_check`` and ``foreign_key_check``, as sentences."""
        for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if line != "ok":
                yield f"store: {line}"
        for table, _row, parent, _key in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"store: a row of {table} names a row of {parent} that is not there"

    def snapshot(self, target: Path) -> None:
        """A consistent, compact copy while others read and write; the target must not exist."""
        self.create_file(target)
        raw = self._connect()
        try:
            raw.execute("VACUUM INTO ?", (str(target),))
        finally:
            raw.close()

    def tidy(self) -> None:
        """Put the write-ahead log back into the file and cut it to nothing."""
        raw = self._connect()
        try:
            raw.execute("PRAGMA optimize")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            self._unsynced |= (self.fault(error, raw) or (None,))[0] is Fault.UNSYNCED
            raise
        finally:
            if not self._unsynced:
                raw.close()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._uri, uri=True, isolation_level=None, check_same_thread=False)

    def _engine(self, begin: str, size: int, more: tuple[tuple[str, str, Any], ...]) -> Engine:
        engine = create_engine("sqlite://", creator=self._connect, poolclass=QueuePool, pool_size=size, max_overflow=0,
                               pool_timeout=TURN_SECONDS, hide_parameters=True)

        def connected(raw: sqlite3.Connection, _record: object) -> None:
            for name, value, expected in PRAGMAS + more:
                set_pragma(raw, name, value, expected if self._path else _IN_MEMORY.get(name, expected))

        event.listen(engine, "connect", connected)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        return engine


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    except OSError as error:
        raise error_of(Fault.UNSYNCED, "its folder") from error
    finally:
        os.close(fd)


def set_pragma(raw: sqlite3.Connection, name: str, value: str, expected: Any) -> None:
    """Set one pragma and read it back; ConfigError when it did not take."""
    raw.execute(f"PRAGMA {name}={value}").fetchall()
    row = raw.execute(f"PRAGMA {name}").fetchone()
    found = row[0] if row else None
    if found != expected:
        raise ConfigError(f"SQLite's {name} reads {found!r}, expected {expected!r}", code="STORE-PRAGMA",
                          hint="The store needs a local disk and SQLite 3.37 or newer; a network share cannot hold it.")


def _dangling(raw: Any) -> str:
    """Which rows name which that are not there: SQLite itself does not say. The failed transaction is still open."""
    found = {f"{table} names {parent}" for table, _row, parent, _key in raw.execute("PRAGMA foreign_key_check")} if raw else set()
    return ", ".join(sorted(found))


@cache
def _insert_new(table: Table) -> Any:
    return insert(table).on_conflict_do_nothing()


@cache
def _upsert(table: Table, key: str, change: str) -> Any:
    statement = insert(table)
    return statement.on_conflict_do_update(index_elements=[key], set_={change: statement.excluded[change]})


_SAID: tuple[tuple[str, Fault], ...] = (     # what has no code of its own
    ("no such table", Fault.MISSING), ("no such column", Fault.MISSING), ("Could not decode to UTF-8", Fault.DAMAGED),
)
_FAULTS: tuple[tuple[str, Fault], ...] = (
    ("SQLITE_CONSTRAINT_UNIQUE", Fault.EXISTS), ("SQLITE_CONSTRAINT_PRIMARYKEY", Fault.EXISTS),
    ("SQLITE_CONSTRAINT_ROWID", Fault.EXISTS), ("SQLITE_CONSTRAINT", Fault.DANGLING),
    ("SQLITE_BUSY", Fault.BUSY), ("SQLITE_LOCKED", Fault.BUSY), ("SQLITE_FULL", Fault.FULL),
    ("SQLITE_IOERR_FSYNC", Fault.UNSYNCED), ("SQLITE_IOERR_DIR_FSYNC", Fault.UNSYNCED),
    ("SQLITE_IOERR", Fault.FAILING), ("SQLITE_READONLY", Fault.FAILING), ("SQLITE_CANTOPEN", Fault.FAILING),
    ("SQLITE_PERM", Fault.FAILING), ("SQLITE_AUTH", Fault.FAILING),
    ("SQLITE_CORRUPT", Fault.DAMAGED), ("SQLITE_NOTADB", Fault.DAMAGED),
)
