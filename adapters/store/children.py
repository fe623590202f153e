"""Children and movements: repositories that also find rows by blinded evidence, without opening others."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, insert, select

from adapters.store.rows import Rows, in_parts
from adapters.store.session import Session
from adapters.store.tables.children import CHILD_KEYS, CHILDREN, MOVEMENTS
from gateway.domain.matching.child import Child, EvidenceKey
from gateway.domain.returns.movement import Movement

_ADD_KEY = insert(CHILD_KEYS)


class ChildRows(Rows[Child]):
    """Children, found by blinded evidence. A child's keys follow it at every write."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, CHILDREN)

    def add(self, *items: Child) -> None:
        """Insert children and their evidence."""
        super().add(*items)
        self._index(items)

    def add_new(self, item: Child) -> bool:
        """Insert a child unless its id exists."""
        added = super().add_new(item)
        if added:
            self._index((item,))
        return added

    def save(self, *items: Child) -> None:
        """Write children; evidence they no longer show is forgotten."""
        super().save(*items)
        for part in in_parts([child.id for child in items]):
            self._session.connection.execute(delete(CHILD_KEYS).where(CHILD_KEYS.c.child.in_(part)))
        self._index(items)

    def sharing(self, keys: Iterable[EvidenceKey]) -> dict[EvidenceKey, list[Child]]:
        """For each key the children who show it, oldest first; a key that nobody shows has an empty list."""
        seals = self._session.seals
        asked = {blind: key for key in keys for blind in seals.found_by(*key)}
        found: dict[EvidenceKey, list[Child]] = {key: [] for key in asked.values()}
        rotated = len(asked) > len(found)                   # in the midst of it a child may stand under both index keys
        opened: dict[str, Child] = {}                       # a child who shows several keys is opened once
        for part in in_parts(asked):
            statement = (select(CHILD_KEYS.c.blind, *CHILDREN.columns())
                         .join(CHILDREN.table, CHILDREN.table.c.id == CHILD_KEYS.c.child)
                         .where(CHILD_KEYS.c.blind.in_(part)).order_by(CHILDREN.table.c.id))
            for blind, *cells in self._session.connection.execute(statement):
                child = opened.get(cells[0]) or opened.setdefault(cells[0], self._load(cells))
                shown = found[asked[bytes(blind)]]
                if not rotated or all(child is not one for one in shown):
                    shown.append(child)
        return found

    def _index(self, items: Iterable[Child]) -> None:
        seals = self._session.seals
        self._session.many(_ADD_KEY, ("blind", "child"), [
            (seals.blind(*key), child.id) for child in items for key in set(child.keys)])


class MovementRows(Rows[Movement]):
    """Movements, found by the blinded key of the same movement sent again. The key is unique for ever."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, MOVEMENTS)

    def by_key(self, keys: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], Movement]:
        """The movement of each key that exists, superseded ones included."""
        seals = self._session.seals
        asked = {blind: key for key in keys for blind in seals.parts_found_by("movement", key)}
        column = MOVEMENTS.table.c.key_blind
        found: dict[tuple[str, ...], Movement] = {}
        for part in in_parts(asked):
            for blind, *cells in self._session.connection.execute(
                    select(column, *MOVEMENTS.columns()).where(column.in_(part))):
                found[asked[bytes(blind)]] = self._load(cells)
        return found
