"""A ledger of 1,000 entries on disk, spoilt behind the gateway's back, and what is found of it from one checkpoint kept outside.

1. The checkpoint outside was taken when all entries were signed; the spoiler has the database, not the key.
2. Bits are flipped in what the columns hold, byte for byte as SQLite keeps it, not in what a program would write.
3. Several places are spoilt at once and others not, and what is located must be exactly those: 500 flips cost one check.
4. Afterwards the database is put back as it was.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from gateway.domain.actor import GATEWAY
from gateway.domain.ledger.leaf import Checkpoint
from gateway.pipeline.mirror import mirror
from gateway.pipeline.sequence import sequence
from gateway.pipeline.verify import Witness
from gateway.pipeline.verify.ledger import LedgerCheck, check_ledger
from tests.pipeline.verify.world import World

ENTRIES, BATCH = 1_000, 100
KINDS = ("parcel-received", "parcel-settled", "case-opened", "referral-released", "package-sent")
_ENTRY = re.compile(r"ledger: entry (\d+) ")
_NODE = re.compile(r"ledger: node at level (\d+), index (\d+) ")
_MORE = re.compile(r", and \d+ more up to (\d+)$")

Place = tuple[int, ...]
Located = Callable[[Sequence[str]], set[Place]]


@dataclass(frozen=True)
class Column:
    """A column of a table, as bytes: how its cells are read as such, and written."""

    table: str
    name: str
    kind: str                     # TEXT, BLOB or INTEGER (64 bits, two's complement)
    key: str = '"index"'

    def read(self, raw: sqlite3.Connection, where: str, *values: object) -> dict[int, bytes]:
        """The cells by key."""
        rows = raw.execute(f"SELECT {self.key}, {self._blob} FROM {self.table} WHERE {where}", values).fetchall()  # noqa: S608
        return {key: cell.to_bytes(8, "big", signed=True) if self.kind == "INTEGER" else bytes(cell) for key, cell in rows}

    def write(self, raw: sqlite3.Connection, cells: dict[int, bytes], where: str = "1") -> list[int]:
        """Write cells; the keys that took theirs. A value that is unique and taken is refused by the database itself."""
        taken = []
        value = "CAST(? AS TEXT)" if self.kind == "TEXT" else "?"
        statement = f"UPDATE {self.table} SET {self.name} = {value} WHERE {self.key} = ? AND {where}"  # noqa: S608
        raw.execute("BEGIN")
        for key, cell in cells.items():
            with suppress(sqlite3.IntegrityError):
                raw.execute(statement, (int.from_bytes(cell, "big", signed=True) if self.kind == "INTEGER" else cell, key))
                taken.append(key)
        raw.execute("COMMIT")
        return taken

    @property
    def _blob(self) -> str:
        return self.name if self.kind == "INTEGER" else f"CAST({self.name} AS BLOB)"


LEAVES = {name: Column("leaves", name, kind) for name, kind in (
    ("id", "TEXT"), ("kind", "TEXT"), ("subject", "TEXT"), ("actor", "TEXT"), ("facts", "TEXT"), ("at", "INTEGER"),
    ("hash", "BLOB"))}
NODES = Column("ledger_nodes", "hash", "BLOB")
HEADS = {name: Column("checkpoints", name, kind, "seq") for name, kind in (
    ("size", "INTEGER"), ("root", "BLOB"), ("at", "INTEGER"), ("note", "TEXT"))}


@dataclass
class Book:
    """The ledger, its store, and the checkpoint outside."""

    world: World
    outside: Checkpoint
    wrong: list[str] = field(default_factory=list)
    tries: int = 0

    def check(self) -> LedgerCheck:
        """What ``gateway verify`` does with the ledger."""
        with self.world.store.reading() as tx:
            return check_ledger(tx, self.world.notary, lambda leaf: None, [Witness(self.outside.note)])

    @contextmanager
    def spoiler(self) -> Iterator[sqlite3.Connection]:
        """The database as a stranger holds it."""
        with closing(sqlite3.connect(self.world.home / "gateway.sqlite", isolation_level=None)) as raw:
            raw.execute("PRAGMA synchronous = OFF")
            yield raw

    def expect(self, what: str, expected: Iterable[Place], located: Located, *, misfit: bool = True) -> None:
        """Exactly these places are named; and, unless ``misfit`` is False, the checkpoint outside does not fit any more."""
        check, wanted = self.check(), set(expected)
        self.tries += len(wanted)
        found = located(check.problems)
        if found != wanted:
            missed, accused = sorted(wanted - found)[:5], sorted(found - wanted)[:5]
            self.wrong.append(f"{what}: not located {missed}, accused wrongly {accused}")
        if misfit and not check.mismatches:
            self.wrong.append(f"{what}: the checkpoint outside still fits")


def new_book(root: Path, entries: int = ENTRIES) -> Book:
    """A thousand entries in batches, each batch signed, all of it published."""
    world = World(root)
    for first in range(0, entries, BATCH):
        with world.store.writing() as tx:
            for number in range(first, min(first + BATCH, entries)):
                facts = {"sha256": f"{number:064x}", "size": number * 37, "rows": {"read": number, "held": 0}, "again": False}
                tx.leaves.append(KINDS[number % len(KINDS)], world.ids.new("P"), GATEWAY, world.clock.now(), facts)
        world.later(60)
        sequence(world.ports, world.clock.now())
        mirror(world.ports, world.files())
    with world.store.reading() as tx:
        head = tx.leaves.last_checkpoint()
    assert head is not None
    return Book(world, head)


def copied(book: Book, root: Path) -> Book:
    """The same ledger in another place: it is made once and spoilt by many."""
    book.world.store.close()
    shutil.copytree(book.world.home, root / "home")
    book.world.reopen()
    return Book(World(root, keys_of=book.world), book.outside)


def flip_entries(book: Book, column: str, bit: int, numbers: Sequence[int]) -> None:
    """Flip one bit of a column in each of these entries, check, and put them back."""
    marks = ",".join("?" * len(numbers))
    with book.spoiler() as raw:
        before = LEAVES[column].read(raw, f'"index" IN ({marks})', *numbers)
        changed = LEAVES[column].write(raw, {key: flipped(cell, bit) for key, cell in before.items() if bit < 8 * len(cell)})
        if changed:
            book.expect(f"{column}, bit {bit}", [(key,) for key in changed], entries_named, misfit=column != "hash")
        LEAVES[column].write(raw, before)


def flip_nodes(book: Book, level: int, bit: int, indexes: Sequence[int]) -> None:
    """Flip one bit in each of these nodes of a level."""
    with book.spoiler() as raw:
        before = {index: cell for index, cell in NODES.read(raw, "level = ?", level).items() if index in indexes}
        NODES.write(raw, {index: flipped(cell, bit) for index, cell in before.items()}, f"level = {level}")
        book.expect(f"nodes of level {level}, bit {bit}", [(level, index) for index in before], nodes_named, misfit=False)
        NODES.write(raw, before, f"level = {level}")


def flip_head(book: Book, seq: int, column: str, bit: int) -> None:
    """Flip one bit of a stored checkpoint."""
    with book.spoiler() as raw:
        before = HEADS[column].read(raw, "seq = ?", seq)
        HEADS[column].write(raw, {seq: flipped(before[seq], bit)})
        check = book.check()
        newest = seq == ENTRIES // BATCH
        name = "the newest stored checkpoint " if newest else f"stored checkpoint {seq} "
        book.tries += 1
        if not any(said.startswith(f"ledger: {name}") for said in check.problems):
            book.wrong.append(f"checkpoint {seq}, {column}, bit {bit}: not located in {check.problems}")
        HEADS[column].write(raw, before)


def entries_named(problems: Sequence[str]) -> set[Place]:
    """The numbers of the entries that are told of, runs told in one sentence included."""
    return {(number,) for said in problems for number in _run(said)}


def nodes_named(problems: Sequence[str]) -> set[Place]:
    """Level and index of the nodes that are told of."""
    return {(int(level), int(index)) for said in problems for level, index in _NODE.findall(said)}


def flipped(content: bytes, bit: int) -> bytes:
    """The same bytes but for one bit, counted from the first byte's lowest."""
    place = bit // 8
    return content[:place] + bytes([content[place] ^ (1 << bit % 8)]) + content[place + 1:]


def _run(said: str) -> range:
    """The entries of a sentence: ``entry 20 is missing, and 9 more up to 29``."""
    found, more = _ENTRY.match(said), _MORE.search(said)
    return range(int(found[1]), int(more[1] if more else found[1]) + 1) if found else range(0)
