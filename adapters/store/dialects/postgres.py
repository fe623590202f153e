"""PostgreSQL: when one machine is not enough. The same store by another setting (a ``postgresql://`` URL).

1. ``writing`` takes one advisory lock for its transaction: matching reads before it writes, so two machines must not
   decide about the same child at once. The work that takes long (reading, sealing, sending) is done outside.
2. ``reading`` is a read-only transaction at REPEATABLE READ: one consistent state.
3. Timeouts are set on every connection: a hung command never blocks the others for ever.
4. PostgreSQL's messages repeat values; they are dropped, not chained.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Connection, Engine, Select, Table, create_engine, event
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert

from adapters.store.dialects.dialect import Fault
from gateway.errors import UsageError

WRITER_LOCK = 0x434D45                # "CME": the number of the advisory lock that makes one writer
SESSION = {"lock_timeout": "10s", "statement_timeout": "300s", "idle_in_transaction_session_timeout": "300s",
           "log_parameter_max_length_on_error": "0", "timezone": "UTC"}


class PostgresDialect:
    """The ways of PostgreSQL 13 or newer."""

    speaks_no_values: ClassVar[bool] = False
    raises: ClassVar[tuple[type[Exception], ...]] = ()

    def __init__(self, url: str) -> None:
        address = "postgresql+psycopg://" + url.partition("://")[2]
        self._writers = create_engine(address, hide_parameters=True, pool_pre_ping=True, pool_size=4)
        self._readers = create_engine(address, hide_parameters=True, pool_pre_ping=True, pool_size=8,
                                      isolation_level="REPEATABLE READ",
                                      execution_options={"postgresql_readonly": True})
        for engine in (self._writers, self._readers):
            event.listen(engine, "connect", _set_session)
        event.listen(self._writers, "begin", _become_the_writer)

    def writers(self) -> Engine:
        """Connections whose transactions wait for the writer's lock."""
        return self._writers

    def readers(self) -> Engine:
        """Connections which cannot write."""
        return self._readers

    def close(self) -> None:
        """Close every connection."""
        self._readers.dispose()
        self._writers.dispose()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The database's own lock does the queueing, over all machines."""
        yield

    def fault(self, error: BaseException, connection: Any) -> tuple[Fault, str] | None:
        """Read the SQLSTATE; of the message only the constraint's name is kept."""
        state = getattr(error, "sqlstate", None)
        if state is None:
            return (Fault.GONE, type(error).__name__) if type(error).__name__ == "OperationalError" else None
        where = getattr(getattr(error, "diag", None), "constraint_name", None) or state
        return next(((fault, where) for start, fault in _FAULTS if state.startswith(start)), None)

    def insert_new(self, table: Table) -> Any:
        """An insert that leaves existing rows alone."""
        return _insert_new(table)

    def upsert(self, table: Table, key: str, change: str) -> Any:
        """An insert that changes one column of an existing row instead."""
        return _upsert(table, key, change)

    def next_of(self, table: Table) -> ReturningInsert[Any]:
        """Count a sequence up and give the new number. Not a SEQUENCE: numbers follow the transaction's fate."""
        statement = insert(table).values(last=1)
        return statement.on_conflict_do_update(index_elements=["name"], set_={"last": table.c.last + 1}).returning(table.c.last)

    def claiming(self, chosen: Select[Any]) -> Select[Any]:
        """Rows that another worker is claiming are passed over, not waited for."""
        return chosen.with_for_update(skip_locked=True)

    def guard(self, connection: Connection, rows: int) -> AbstractContextManager[Any]:
        """A failed statement would end the whole transaction; a savepoint keeps the failure to itself."""
        return connection.begin_nested()

    def check(self, connection: Connection) -> Iterable[str]:
        """PostgreSQL checks its constraints itself; its pages are checked by checksums and ``pg_amcheck``."""
        if connection.exec_driver_sql("SHOW data_checksums").scalar() != "on":
            yield "store: data_checksums is off, expected on: a failing disk would not be noticed"

    def snapshot(self, target: Path) -> None:
        """Not ours to do."""
        raise UsageError("the store is on PostgreSQL, and a snapshot is a file of SQLite", code="STORE-SNAPSHOT",
                         hint="Back up the database with pg_dump or pg_basebackup, and the home without it.")

    def tidy(self) -> None:
        """Autovacuum does it."""


def _set_session(raw: Any, _record: object) -> None:
    with raw.cursor() as cursor:
        for name, value in SESSION.items():
            cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
    raw.commit()


def _become_the_writer(connection: Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")


@cache
def _insert_new(table: Table) -> Any:
    return insert(table).on_conflict_do_nothing()


@cache
def _upsert(table: Table, key: str, change: str) -> Any:
    statement = insert(table)
    return statement.on_conflict_do_update(index_elements=[key], set_={change: statement.excluded[change]})


_FAULTS: tuple[tuple[str, Fault], ...] = (
    ("23505", Fault.EXISTS), ("23", Fault.DANGLING), ("40", Fault.BUSY), ("55P03", Fault.BUSY), ("57014", Fault.BUSY),
    ("53100", Fault.FULL), ("53200", Fault.FULL), ("58", Fault.FAILING), ("XX", Fault.DAMAGED),
    ("08", Fault.GONE), ("57P", Fault.GONE), ("25006", Fault.FAILING), ("42P01", Fault.MISSING), ("42703", Fault.MISSING),
)
