"""Children and movements: repositories that also find rows by blinded evidence, without opening others."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

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
        asked = {seals.blind(*key): key for key in keys}
        shown: list[tuple[bytes, str]] = []
        for part in in_parts(asked):
            statement = select(CHILD_KEYS.c.blind, CHILD_KEYS.c.child).where(CHILD_KEYS.c.blind.in_(part))
            shown += [(bytes(blind), child) for blind, child in self._session.connection.execute(statement)]
        children = {child.id: child for child in self.where(id={child for _, child in shown})} if shown else {}
        found: dict[EvidenceKey, list[Child]] = {key: [] for key in asked.values()}
        for blind, child in sorted(shown, key=itemgetter(1)):
            found[asked[blind]].append(children[child])
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
        asked = {seals.blind_parts("movement", key): key for key in keys}
        column = MOVEMENTS.table.c.key_blind
        found: dict[tuple[str, ...], Movement] = {}
        for part in in_parts(asked):
            for blind, *cells in self._session.connection.execute(
                    select(column, *MOVEMENTS.columns()).where(column.in_(part))):
                found[asked[bytes(blind)]] = self._load(cells)
        return found
