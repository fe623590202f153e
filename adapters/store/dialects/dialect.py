"""What the store needs from an engine beyond common SQL. A new engine is one class more, here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar, Protocol

from sqlalchemy import Connection, Engine, Select, Table
from sqlalchemy.sql.dml import ReturningInsert


class Fault(Enum):
    """What a database complains of."""

    EXISTS = "exists"
    DANGLING = "dangling"
    BUSY = "busy"
    FULL = "full"
    FAILING = "failing"
    UNSYNCED = "unsynced"
    DAMAGED = "damaged"
    GONE = "gone"
    MISSING = "missing"


class Dialect(Protocol):
    """One engine's ways."""

    speaks_no_values: ClassVar[bool]          # its messages never repeat a parameter
    raises: ClassVar[tuple[type[Exception], ...]]             # what its driver raises where SQLAlchemy does not stand between

    def writers(self) -> Engine: ...          # a transaction on it is at once the only writer
    def readers(self) -> Engine: ...          # a transaction on it sees one state and cannot write
    def close(self) -> None: ...
    def turn(self) -> AbstractContextManager[None]: ...       # waits for this process's turn to write
    def fault(self, error: BaseException, connection: Any) -> tuple[Fault, str] | None: ...   # what, and where
    def insert_new(self, table: Table) -> Any: ...            # an insert that leaves existing rows alone
    def upsert(self, table: Table, key: str, change: str) -> Any: ...    # an insert that changes an existing row's one column
    def next_of(self, table: Table) -> ReturningInsert[Any]: ...
    def claiming(self, chosen: Select[Any]) -> Select[Any]: ...   # rows another worker is claiming are passed over
    def guard(self, connection: Connection, rows: int) -> AbstractContextManager[Any]: ...   # a failed insert leaves nothing
    def check(self, connection: Connection) -> Iterable[str]: ...     # what is wrong with the stored data, as sentences
    def snapshot(self, target: Path) -> None: ...             # a consistent copy while others write
    def tidy(self) -> None: ...                               # nightly upkeep
