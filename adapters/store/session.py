"""What every repository of one transaction works with, and the quick way to write many rows.

1. Statements are built once at import and compiled once for each engine.
2. Many rows go to the driver as they are: SQLAlchemy's work for each row would cost more than the database's own. The
   order of the cells is checked against the compiled statement when it is compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from adapters.store.dialects.dialect import Dialect
from adapters.store.sealing import Seals


@dataclass(frozen=True, slots=True)
class Session:
    """One transaction: its connection, its engine's ways, its keys."""

    connection: Connection
    dialect: Dialect
    seals: Seals

    def many(self, statement: Any, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> int:
        """Run a statement once for each row, whose cells stand in the order of ``names``; the number of rows changed."""
        if not rows:
            return 0
        sql, positional = self._spoken(statement, names)
        given: Any = list(rows) if positional else [dict(zip(names, row, strict=True)) for row in rows]
        return self.connection.exec_driver_sql(sql, given).rowcount

    def _spoken(self, statement: Any, names: Sequence[str]) -> tuple[str, bool]:
        engine = self.connection.dialect
        said = _SPOKEN.get((engine.name, statement))
        if said is None:
            compiled = statement.compile(dialect=engine, column_keys=list(names))
            order = compiled.positiontup if compiled.positional else names
            if list(order) != list(names) or set(compiled.params) != set(names):
                raise TypeError(f"the statement takes {order}, the cells come as {names}")
            said = _SPOKEN[engine.name, statement] = (str(compiled), compiled.positional)
        return said


_SPOKEN: dict[tuple[str, Any], tuple[str, bool]] = {}
