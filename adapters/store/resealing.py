"""Writing rows anew under the newest keys, while others read and write.

1. Every table with sealed cells, row by row in the order of ids. Looking is reading; only what must be written is written, in
   short transactions: whoever waits to write gets a turn between.
2. A row is written when a cell of it is sealed under an older key, or a blind by which it is found was made with one.
3. Reading and writing a row are one transaction: nothing that another wrote meanwhile is lost.
4. Where it stands is kept in the store: after a crash it goes on from there. When the keys change meanwhile it begins anew.
5. Rows written under an old key while it goes on (by a process that has not looked) are found by the next pass; passes are made
   until one finds nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from adapters.store.children import ChildRows
from adapters.store.rows import Rows
from adapters.store.session import Session
from adapters.store.shape import Shape
from adapters.store.store import SqlStore
from adapters.store.tables.cases import CASES, EVENTS, HANDOVERS, HOLDS
from adapters.store.tables.children import CHILD_KEYS, CHILDREN, MOVEMENTS, SUGGESTIONS
from adapters.store.tables.exchange import BATCHES, FILES, INSTRUCTIONS, REFERRALS
from adapters.store.tables.jobs import JOBS
from adapters.store.tables.parcels import PARCELS, RECEIPTS

SHAPES: tuple[Shape[Any], ...] = (
    PARCELS, RECEIPTS, CHILDREN, SUGGESTIONS, MOVEMENTS, CASES, EVENTS, HOLDS, HANDOVERS, REFERRALS, BATCHES, FILES,
    INSTRUCTIONS, JOBS)
AT, DONE = "resealing", "resealed"
PASSES = 5


@dataclass(frozen=True, slots=True)
class Keys:
    """By which keys rows are to be, by their ids. ``several_indexes``: rows may stand under an older index key."""

    fields: str
    index: str
    several_indexes: bool

    @property
    def mark(self) -> list[str]:
        """As the store keeps it."""
        return [self.fields, self.index]


def reseal(store: SqlStore, keys: Keys, *, batch: int = 200) -> int:
    """Bring every row under the newest keys; how many were written."""
    written = 0
    for _ in range(PASSES):
        this_pass = _pass(store, keys, batch)
        written += this_pass
        if not this_pass:
            break
    with store.writing() as tx:
        tx.settings.put(DONE, json.dumps(keys.mark))
    return written


def is_resealed(store: SqlStore, keys: Keys) -> bool:
    """Whether a whole pass has been made for these keys."""
    with store.reading() as tx:
        return bool(json.loads(tx.settings.get(DONE) or "null") == keys.mark)


def _pass(store: SqlStore, keys: Keys, batch: int) -> int:
    names = [shape.table.name for shape in SHAPES]
    with store.reading() as tx:
        mark, table, after = json.loads(tx.settings.get(AT) or "[null, null, null]")
    first = names.index(table) if mark == keys.mark and table in names else 0
    written = 0
    for number, shape in enumerate(SHAPES[first:]):
        written += _table(store, shape, keys, batch, after if number == 0 and mark == keys.mark else "")
    with store.writing() as tx:
        tx.settings.put(AT, json.dumps([None, None, None]))
    return written


def _table(store: SqlStore, shape: Shape[Any], keys: Keys, batch: int, after: str) -> int:
    written = 0
    while True:
        with store.reading() as tx:
            found, stale = _look(tx.session, shape, after, batch, keys)
        if stale:
            with store.writing() as tx:
                repository = _rows(tx.session, shape)
                items = repository.where(id=stale)
                repository.save(*items)
                tx.settings.put(AT, json.dumps([keys.mark, shape.table.name, stale[-1]]))
            written += len(items)
        if len(found) < batch:
            return written
        after = found[-1]


def _look(session: Session, shape: Shape[Any], after: str, batch: int, keys: Keys) -> tuple[list[str], list[str]]:
    """The ids of the next rows, and of those that must be written."""
    sealed = [shape.table.c[kept.name] for kept in shape.kept if kept.sealed]
    question = select(shape.table.c.id, *sealed).where(shape.table.c.id > after).order_by(shape.table.c.id).limit(batch)
    rows = session.connection.execute(question).all()
    newest = session.seals.sealer.is_newest
    stale = {row[0] for row in rows if any(cell is not None and not newest(cell) for cell in row[1:])}
    if keys.several_indexes and (shape.blind or shape is CHILDREN):
        rest = [row[0] for row in rows if row[0] not in stale]
        stale |= {item.id for item in _rows(session, shape).where(id=rest) if not _found_by_newest(session, shape, item)}
    return [row[0] for row in rows], sorted(stale)


def _found_by_newest(session: Session, shape: Shape[Any], item: Any) -> bool:
    """Whether the blinds that stand for a row are those of the newest index key."""
    if shape is CHILDREN:
        stands = session.connection.execute(select(CHILD_KEYS.c.blind).where(CHILD_KEYS.c.child == item.id)).scalars()
        return {bytes(blind) for blind in stands} == {session.seals.blind(*key) for key in item.keys}
    columns = [shape.table.c[f"{name}_blind"] for name in shape.blind]
    row = session.connection.execute(select(*columns).where(shape.table.c.id == item.id)).one()
    wanted = [session.seals.blind_parts(sort, getattr(item, name)) for name, sort in shape.blind.items()]
    return [bytes(blind) for blind in row] == wanted


def _rows(session: Session, shape: Shape[Any]) -> Rows[Any]:
    return ChildRows(session) if shape is CHILDREN else Rows(session, shape)
