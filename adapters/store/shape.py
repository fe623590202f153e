"""How one entity is kept: which values lie plain, which are sealed, which are blinded.

1. A value is sealed unless it is named as plain: a field added to an entity later is hidden by default.
2. Columns follow the entity's own declarations in name, order and nullability.
3. An index names every column that a question gives: without statistics SQLite would else take the one on ``state`` and
   walk through all that is open.
4. Foreign keys are checked at commit, so that the order of inserts within an act does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Generic, TypeVar, get_type_hints

from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, UniqueConstraint

from adapters.store.columns import BYTES, TEXT, Cell, Turn, cell_for, may_be_none, to_bytes, to_text
from adapters.store.sealing import Seals

T = TypeVar("T")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
METADATA = MetaData(naming_convention=NAMING)


@dataclass(frozen=True, slots=True)
class Kept:
    """One value of an entity and how it is kept."""

    name: str
    cell: Cell
    sealed: bool
    optional: bool


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    """An entity, its table, and the way from one to the other."""

    entity: type[T]
    table: Table
    kept: tuple[Kept, ...]
    blind: Mapping[str, str]          # value → sort: column ``<value>_blind``
    noun: str                         # "parcel", as an error says it
    values: Callable[[T], tuple[Any, ...]]                                   # all values of an item at once
    steps: tuple[tuple[str, Turn | None, Turn | None, bool], ...]            # ``kept``, laid out for the loop over rows

    def dump(self, item: T, seals: Seals) -> tuple[Any, ...]:
        """The row of an item: its cells in the order of the table's columns, the id first."""
        row: list[Any] = []
        table, seal = self.table.name, seals.sealer.seal
        values = self.values(item)
        for value, (name, dump, _, sealed) in zip(values, self.steps, strict=True):
            if value is not None:
                if dump is not None:
                    value = dump(value)
                if sealed:
                    value = seal(table, values[0], name, to_bytes(value))
            row.append(value)
        row += [seals.blind_parts(sort, getattr(item, name)) for name, sort in self.blind.items()]
        return tuple(row)

    def load(self, row: Sequence[Any], seals: Seals) -> T:
        """The item of a row whose cells stand in the order of ``kept``; the id is the first."""
        values: list[Any] = []
        table, id, open_cell = self.table.name, row[0], seals.sealer.open
        for value, (name, _, load, sealed) in zip(row, self.steps, strict=True):
            if value is not None:
                if sealed:
                    value = to_text(open_cell(table, id, name, value))
                if load is not None:
                    value = load(value)
            values.append(value)
        return self.entity(*values)

    def plain(self, name: str) -> Turn | None:
        """How a plain column's value is stored; ValueError for a sealed or unknown one, which cannot be searched."""
        for kept in self.kept:
            if kept.name == name and not kept.sealed:
                return kept.cell.dump
        raise ValueError(f"{self.table.name}.{name} is not a plain column: it cannot be searched")

    def columns(self) -> list[Column[Any]]:
        """The columns of the kept values, in order."""
        return [self.table.c[kept.name] for kept in self.kept]


def shape(
    name: str, entity: type[T], *, noun: str, plain: str, blind: Mapping[str, str] | None = None,
    unique: Iterable[str] = (), indexed: Iterable[str] = (), refers: Mapping[str, str] | None = None,
) -> Shape[T]:
    """Declare how an entity is kept. Names of columns are written as words: ``"sender sha256 week"``."""
    open_names = set(plain.split()) | {"id"}
    kept = tuple(_kept(field.name, hint, field.name not in open_names) for field, hint in _declared(entity))
    unknown = open_names - {k.name for k in kept}
    if unknown or kept[0].name != "id":
        raise TypeError(f"{entity.__name__} has no {sorted(unknown) or 'id as its first value'}")
    columns = [_column(k, (refers or {}).get(k.name)) for k in kept]
    columns += [Column(f"{value}_blind", BYTES, nullable=False) for value in blind or {}]
    once = [UniqueConstraint(*words.split()) for words in (*unique, *(f"{value}_blind" for value in blind or {}))]
    table = Table(name, METADATA, *columns, *once, sqlite_strict=True)
    for words in indexed:
        parts = [table.c[word] for word in words.split()]
        Index(None, *parts)
    return Shape(entity, table, kept, dict(blind or {}), noun, values=attrgetter(*(k.name for k in kept)),
                 steps=tuple((k.name, k.cell.dump, k.cell.load, k.sealed) for k in kept))


def _declared(entity: type[Any]) -> list[tuple[Any, Any]]:
    hints = get_type_hints(entity)
    return [(field, hints[field.name]) for field in fields(entity)]


def _kept(name: str, hint: Any, sealed: bool) -> Kept:
    cell = cell_for(hint)
    if sealed and cell.kind is not TEXT:
        raise TypeError(f"{name}: only values kept as text can be sealed; name it as plain or declare another type")
    return Kept(name, cell, sealed, may_be_none(hint))


def _column(kept: Kept, refers: str | None) -> Column[Any]:
    kind = BYTES if kept.sealed else kept.cell.kind
    extra = [ForeignKey(refers, deferrable=True, initially="DEFERRED")] if refers else []
    return Column(kept.name, kind, *extra, primary_key=kept.name == "id", nullable=kept.optional)


