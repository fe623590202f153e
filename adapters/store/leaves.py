"""The ledger's entries, its tree nodes and checkpoints.

1. An entry is appended in the transaction of what it tells; it is numbered later, in the order of appending.
2. A number is given once, without gaps; a numbered entry never changes.
3. Nodes and checkpoints are only added. The same node again is success; another hash in its place, a smaller tree, or
   another root for the same size is a TamperError.
4. A row that was spoilt so that it cannot be read is a TamperError that names it; whoever checks reads on around it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, tuple_, update

from adapters.store.columns import canonical, micros, moment
from adapters.store.rows import in_parts
from adapters.store.session import Session
from adapters.store.tables.ledger import CHECKPOINTS, LEAVES, NODES
from gateway.domain.actor import Actor
from gateway.domain.ledger.leaf import Checkpoint, Leaf
from gateway.errors import ConflictError, TamperError, UsageError
from gateway.ports import Ids

_ENTRY = (LEAVES.c.id, LEAVES.c.kind, LEAVES.c.subject, LEAVES.c.at, LEAVES.c.actor, LEAVES.c.facts, LEAVES.c.index)
_HEAD = (CHECKPOINTS.c.size, CHECKPOINTS.c.root, CHECKPOINTS.c.at, CHECKPOINTS.c.note)
_NUMBER = (update(LEAVES).where(LEAVES.c.id == bindparam("_id"), LEAVES.c.index.is_(None))
           .values(index=bindparam("_index"), hash=bindparam("_hash")))


class LeafRows:
    """The ledger within one transaction. Implements ``ports.Leaves``."""

    def __init__(self, session: Session, ids: Ids) -> None:
        self._session = session
        self._connection = session.connection
        self._ids = ids

    def append(self, kind: str, subject: str, actor: Actor, at: datetime, facts: Mapping[str, Any]) -> Leaf:
        """Add an entry to this transaction. What is returned equals what will be read, to the byte."""
        id, text = self._ids.new("L"), canonical(facts)
        row = {"id": id, "kind": kind, "subject": subject, "at": micros(at), "actor": actor.user, "facts": text}
        self._connection.execute(insert(LEAVES), row)
        return _leaf((id, kind, subject, micros(at), actor.user, text, None))

    def get(self, id: str) -> Leaf:
        """The entry of an id; UsageError when there is none."""
        row = self._connection.execute(select(*_ENTRY).where(LEAVES.c.id == id)).one_or_none()
        if row is None:
            raise UsageError(f"no ledger entry has the id {id!r}", code="NO-SUCH-LEAF", hint="Copy the id from the receipt.")
        return _leaf(row)

    def unsequenced(self, limit: int) -> list[Leaf]:
        """Entries without a number, in the order of appending."""
        statement = select(*_ENTRY).where(LEAVES.c.index.is_(None)).order_by(LEAVES.c.seq).limit(limit)
        return [_leaf(row) for row in self._connection.execute(statement)]

    def number(self, leaves: Sequence[tuple[Leaf, int, bytes]]) -> None:
        """Give entries the next numbers; ConflictError when they are not the next, or an entry has one."""
        if not leaves:
            return
        size = self.size()
        if [index for _, index, _ in leaves] != list(range(size, size + len(leaves))):
            raise ConflictError(f"the ledger has {size} numbered entries, and number {leaves[0][1]} was to be given next",
                                code="LEDGER-NUMBER", hint="Another sequencer was faster; this one starts again.")
        changed = self._connection.execute(_NUMBER, [
            {"_id": leaf.id, "_index": index, "_hash": hash} for leaf, index, hash in leaves]).rowcount
        if changed != len(leaves):
            raise ConflictError(f"{changed} of {len(leaves)} entries were without a number", code="LEDGER-NUMBER",
                                hint="Another sequencer was faster; this one starts again.")

    def range(self, start: int, stop: int) -> list[tuple[Leaf, bytes]]:
        """Numbered entries from ``start`` up to, not including, ``stop``, with the hashes stored when they were numbered."""
        statement = (select(*_ENTRY, LEAVES.c.hash).where(LEAVES.c.index >= start, LEAVES.c.index < stop)
                     .order_by(LEAVES.c.index))
        return [(_leaf(row[:-1]), _hash_of(row[-1], row[-2])) for row in self._connection.execute(statement)]

    def size(self) -> int:
        """How many entries are numbered."""
        last = self._connection.execute(select(func.max(LEAVES.c.index))).scalar_one()
        return 0 if last is None else int(last) + 1

    def next_number(self, start: int) -> int | None:
        """The lowest number not below ``start`` that an entry has; None when there is none."""
        found = self._connection.execute(select(func.min(LEAVES.c.index)).where(LEAVES.c.index >= start)).scalar_one()
        return None if found is None else int(found)

    def nodes(self, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        """The stored hashes at (level, index); what is not stored is left out."""
        place = tuple_(NODES.c.level, NODES.c.index)
        found: dict[tuple[int, int], bytes] = {}
        for part in in_parts(wanted, 1_000):
            for level, index, hash in self._connection.execute(
                    select(NODES.c.level, NODES.c.index, NODES.c.hash).where(place.in_(part))):
                found[level, index] = bytes(hash)
        return found

    def put_nodes(self, nodes: Mapping[tuple[int, int], bytes]) -> None:
        """Store hashes of complete subtrees, which never change."""
        if not nodes:
            return
        rows = [{"level": level, "index": index, "hash": hash} for (level, index), hash in nodes.items()]
        added = self._connection.execute(self._session.dialect.insert_new(NODES), rows).rowcount
        if added != len(rows) and self.nodes(list(nodes)) != dict(nodes):
            raise TamperError(f"{len(rows)} tree nodes were given, and one stands in the ledger with another hash",
                              code="LEDGER-NODE", hint="The ledger was changed. Stop, keep a copy, and run `gateway verify`.")

    def count_nodes(self) -> int:
        """How many nodes are stored, at whatever place."""
        return int(self._connection.execute(select(func.count()).select_from(NODES)).scalar_one())

    def put_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a signed tree head; the tree never shrinks and never has two roots of one size."""
        last = self.last_checkpoint()
        if last and (checkpoint.size < last.size or (checkpoint.size == last.size and checkpoint.root != last.root)):
            raise TamperError(f"a checkpoint of size {checkpoint.size} was to follow one of size {last.size} with another root",
                              code="LEDGER-FORK", hint="The ledger was changed. Stop, keep a copy, and run `gateway verify`.")
        self._connection.execute(insert(CHECKPOINTS), {
            "size": checkpoint.size, "root": checkpoint.root, "at": micros(checkpoint.at), "note": checkpoint.note})

    def last_checkpoint(self) -> Checkpoint | None:
        """The newest signed tree head."""
        row = self._connection.execute(select(*_HEAD).order_by(CHECKPOINTS.c.seq.desc()).limit(1)).one_or_none()
        return None if row is None else _checkpoint(row)

    def checkpoints(self, after: int, limit: int) -> list[tuple[int, Checkpoint | None]]:
        """Tree heads in the order they were kept, by their place in it, from the one after ``after``; None: it cannot be read."""
        later = select(CHECKPOINTS.c.seq, *_HEAD).where(CHECKPOINTS.c.seq > after).order_by(CHECKPOINTS.c.seq).limit(limit)
        try:
            return [(seq, _checkpoint(head)) for seq, *head in self._connection.execute(later)]
        except TamperError:
            places = later.with_only_columns(CHECKPOINTS.c.seq, maintain_column_froms=True)
            return [(seq, self._readable(seq)) for (seq,) in self._connection.execute(places).all()]

    def _readable(self, seq: int) -> Checkpoint | None:
        try:
            return _checkpoint(self._connection.execute(select(*_HEAD).where(CHECKPOINTS.c.seq == seq)).one())
        except TamperError:
            return None


def _checkpoint(row: Sequence[Any]) -> Checkpoint:
    try:
        return Checkpoint(size=row[0], root=bytes(row[1]), at=moment(row[2]), note=row[3])
    except OverflowError as error:
        raise _spoilt(f"checkpoint of {row[0]} entries") from error


def _leaf(row: Sequence[Any]) -> Leaf:
    id, kind, subject, at, actor, text, index = row
    try:
        facts, when = json.loads(text), moment(at)
    except (ValueError, OverflowError) as error:
        raise _spoilt(f"ledger entry {index}") from error
    if not isinstance(facts, dict):
        raise _spoilt(f"ledger entry {index}")
    return Leaf(id=id, kind=kind, subject=subject, at=when, actor=actor, facts=facts, index=index)


def _hash_of(stored: Any, index: Any) -> bytes:
    if stored is None:
        raise _spoilt(f"hash of ledger entry {index}")
    return bytes(stored)


def _spoilt(what: str) -> TamperError:
    return TamperError(f"{what} cannot be read, 1 was kept", code="LEDGER-UNREADABLE",
                       hint="The ledger was changed. Stop, keep a copy, and run `gateway verify`.")
