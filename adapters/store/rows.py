"""The rows of one entity: the one implementation of ``ports.Repository``.

1. ``where`` takes plain columns: a value, None, or any of a list; with ``__upto``, ``__before``, ``__since`` or ``__after``
   behind the name it is a bound. Rows come in the order of their ids, which is the order of time.
2. ``add`` is all or nothing; ``add_new`` leaves a row that exists alone, and says so.
3. ``save`` writes every column by id; a row that is not there is an error, never a silent nothing.
4. Nothing is opened that is not returned: limits are the database's work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, Select, Table, bindparam, insert, select, update

from adapters.store.questions import LIMIT, asked, count_of, is_any_of, rows_of
from adapters.store.session import Session
from adapters.store.shape import Shape
from gateway.errors import UsageError

T = TypeVar("T")
MANY = 5_000                  # values in one IN (…): SQLite allows 32,766 parameters in a statement, PostgreSQL 65,535


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of one table, built once so that SQLAlchemy compiles them once."""

    insert: Any
    names: tuple[str, ...]            # of an insert's cells; an update takes the id last, as ``_id``
    update: Any
    by_id: Select[Any]


class Rows(Generic[T]):
    """The rows of one entity within one transaction."""

    def __init__(self, session: Session, shape: Shape[T]) -> None:
        self._session = session
        self._shape = shape
        self._table = shape.table
        self._said = statements_of(shape)

    def add(self, *items: T) -> None:
        """Insert; ConflictError when a unique key exists, and then none of the items was added."""
        if items:
            with self._session.dialect.guard(self._session.connection, len(items)):
                self._insert(self._said.insert, *items)

    def add_new(self, item: T) -> bool:
        """Insert unless a row with one of its unique keys exists; True when it was inserted."""
        return bool(self._insert(self._session.dialect.insert_new(self._table), item))

    def save(self, *items: T) -> None:
        """Write all values of rows that exist; UsageError when one does not."""
        if not items:
            return
        rows = [self._shape.dump(item, self._session.seals) for item in items]
        with self._session.dialect.guard(self._session.connection, len(rows)):
            changed = self._session.many(self._said.update, (*self._said.names[1:], "_id"), [(*row[1:], row[0]) for row in rows])
            if changed != len(rows):
                raise self._missing(rows[0][0] if len(rows) == 1 else f"one of {len(rows)} given")

    def get(self, id: str) -> T:
        """The row of an id; UsageError when there is none."""
        found = self.find(id)
        if found is None:
            raise self._missing(id)
        return found

    def find(self, id: str) -> T | None:
        """The row of an id, or None."""
        row = self._session.connection.execute(self._said.by_id, {"_id": id}).one_or_none()
        return None if row is None else self._load(row)

    def where(self, *, limit: int | None = None, **equal: Any) -> list[T]:
        """The rows whose plain columns are as given, in order of id."""
        rows: Iterable[Row[Any]]
        long = next((name for name, value in equal.items() if is_any_of(value) and len(value) > MANY), None)
        if long is None:
            rows = self._select(equal, limit)
        else:
            parts = in_parts(set(equal[long]))
            rows = islice(sorted((row for part in parts for row in self._select(equal | {long: part}, limit)), key=_id), limit)
        return [self._load(row) for row in rows]

    def count(self, **equal: Any) -> int:
        """How many rows are as given."""
        question = asked(self._shape, equal)
        return int(self._session.connection.execute(count_of(self._shape, question.form), question.values).scalar_one())

    def _insert(self, statement: Any, *items: T) -> int:
        return self._session.many(statement, self._said.names, [self._shape.dump(item, self._session.seals) for item in items])

    def _select(self, equal: dict[str, Any], limit: int | None) -> Sequence[Row[Any]]:
        question = asked(self._shape, equal)
        values = question.values if limit is None else question.values | {LIMIT: limit}
        statement = rows_of(self._shape, question.form, limited=limit is not None)
        return self._session.connection.execute(statement, values).all()

    def _load(self, row: Sequence[Any]) -> T:
        return self._shape.load(row, self._session.seals)

    def _missing(self, id: str) -> UsageError:
        noun = self._shape.noun
        return UsageError(f"no {noun} has the id {id!r}", code=f"NO-SUCH-{noun.upper()}",
                          hint="Copy the id from the list; ids are case-sensitive.")


def statements_of(shape: Shape[Any]) -> Statements:
    """The statements of a shape, built at first use."""
    made = _MADE.get(shape.table.name)
    if made is None:
        table: Table = shape.table
        columns = shape.columns()
        names = tuple(column.name for column in table.c)
        changing: dict[str, Any] = {name: bindparam(name) for name in names[1:]}
        made = Statements(
            insert=insert(table), names=names,
            update=update(table).where(table.c.id == bindparam("_id")).values(**changing),
            by_id=select(*columns).where(table.c.id == bindparam("_id")))
        _MADE[shape.table.name] = made
    return made


_MADE: dict[str, Statements] = {}

def in_parts(values: Iterable[T], size: int | None = None) -> Iterable[list[T]]:
    """Lists short enough for one statement."""
    rest = iter(values)
    while part := list(islice(rest, size or MANY)):
        yield part


def _id(row: Row[Any]) -> Any:
    return row[0]
