"""Every bit of a 1,000-entry ledger flipped; entries deleted, swapped, cut off, appended; its copy in files spoilt.

    entries facts 0-63          bits 0 to 63 of what the column holds, in every entry that has them
    nodes 3 0-255               of every node of a level
    checkpoint 10 note 0-511    of one stored checkpoint
    numbers 0-63                an entry given another number, by each bit; with the low ones it changes places with another
    rows                        deleted, cut off, appended, one by one
    files 0 8                   every byte of the copy in files, of eight parts the first: a bit of each
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from gateway.domain.ledger.tiles import tiles_of
from gateway.pipeline.verify.files import check_files
from tests.evidence.ledger import (
    ENTRIES,
    HEADS,
    LEAVES,
    Book,
    flip_entries,
    flip_head,
    flip_nodes,
    flipped,
    new_book,
    nodes_named,
)

LENGTHS = {"id": 28, "kind": 17, "subject": 28, "actor": 7, "facts": 146, "at": 8, "hash": 32}      # bytes, of the longest
HEAD_LENGTHS = {"size": 8, "root": 32, "at": 8, "note": 300}
LEVELS = range(1, ENTRIES.bit_length())
STEP = 64                        # bits in a trial


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """All of them, or one of each sort."""
    if full:
        return [*(f"entries {column} {bits}" for column in LEAVES for bits in _steps(8 * LENGTHS[column])),
                *(f"nodes {level} {bits}" for level in LEVELS for bits in _steps(256)),
                *(f"checkpoint {seq} {column} {bits}" for seq in (1, 5, 10) for column in HEADS
                  for bits in _steps(8 * HEAD_LENGTHS[column])),
                *(f"numbers {bits}" for bits in ("0-0", "1-1", "2-2", "3-31", "32-63")),
                "rows", *(f"files {part} 16" for part in range(16))]
    bit, later = chance.randrange(64), chance.randrange(3, 64)
    return [f"entries {chance.choice(list(LEAVES))} {bit}-{bit}", f"nodes {chance.choice(LEVELS)} {bit}-{bit}",
            f"checkpoint 10 note {bit}-{bit}", f"numbers {later}-{later}", f"files {bit * 16} 1024"]


def attempt(trial: str, folder: Path) -> Book:
    """One trial; what was not found stands in ``wrong``."""
    book = new_book(folder)
    assert book.check().problems == []
    sort, *words = trial.split()
    SORTS[sort](book, *words)
    after = book.check()
    if after.problems or after.mismatches:
        book.wrong.append(f"{trial}: the ledger was not put back: {after.problems[:2]}")
    return book


def halves(count: int) -> Iterator[list[int]]:
    """Every second place, then the others: so that those left alone must not be accused."""
    yield list(range(0, count, 2))
    yield list(range(1, count, 2))


def entries(book: Book, column: str, bits: str) -> None:
    """Bits of a column."""
    for bit in _bits(bits):
        for numbers in halves(ENTRIES):
            flip_entries(book, column, bit, numbers)


def nodes(book: Book, level: str, bits: str) -> None:
    """Bits of the nodes of a level."""
    for bit in _bits(bits):
        for indexes in halves(ENTRIES >> int(level)):
            if indexes:
                flip_nodes(book, int(level), bit, indexes)


def checkpoint(book: Book, seq: str, column: str, bits: str) -> None:
    """Bits of a stored checkpoint, one at a time."""
    with book.spoiler() as raw:
        [cell] = HEADS[column].read(raw, "seq = ?", int(seq)).values()
    for bit in _bits(bits):
        if bit < 8 * len(cell):
            flip_head(book, int(seq), column, bit)


def numbers(book: Book, bits: str) -> None:
    """Entries under other numbers. A number that is taken is exchanged with the entry that has it."""
    for bit in _bits(bits):
        for number in range(0, ENTRIES, 1 if bit < 3 else 37):
            _renumber(book, number, bit)


def rows(book: Book) -> None:
    """Whole entries: each deleted, each place to cut off at, one appended."""
    with book.spoiler() as raw:
        names = [row[1] for row in raw.execute("PRAGMA table_info(leaves)")]
        insert = f"INSERT INTO leaves ({','.join(map(_quoted, names))}) VALUES ({','.join('?' * len(names))})"  # noqa: S608
        for number in range(ENTRIES):
            for question in ('"index" = ?', '"index" >= ?'):
                gone = raw.execute(f"SELECT * FROM leaves WHERE {question}", (number,)).fetchall()  # noqa: S608
                raw.execute(f"DELETE FROM leaves WHERE {question}", (number,))  # noqa: S608
                at_end = number == ENTRIES - 1 or len(gone) > 1
                _expect_said(book, f"deleted where {question} {number}",
                             f"the ledger has {number}" if at_end else f"ledger: entry {number} is missing")
                raw.executemany(insert, gone)
        last = dict(zip(names, raw.execute('SELECT * FROM leaves WHERE "index" = ?', (ENTRIES - 1,)).fetchone(), strict=True))
        raw.execute(insert, tuple((last | {"seq": 99_999, "id": "L-forged", "index": ENTRIES}).values()))
        _expect_said(book, "an entry appended", f"entries from {ENTRIES} on were never signed", misfit=False)
        raw.execute("DELETE FROM leaves WHERE id = 'L-forged'")


def files(book: Book, part: str, parts: str) -> None:
    """A bit of every byte of every tile and bundle, of all files at once; each must be named."""
    folder = book.world.home / "ledger"
    names = [name for tile in tiles_of(ENTRIES) for name in ([tile.name, tile.bundle_name] if tile.row == 0 else [tile.name])]
    before = {name: (folder / name).read_bytes() for name in names}
    longest = max(map(len, before.values()))
    for place in range(int(part), longest, int(parts)):
        spoilt = {name: flipped(content, 8 * place + place % 8) for name, content in before.items() if place < len(content)}
        for name, content in spoilt.items():
            (folder / name).write_bytes(content)
        with book.world.store.reading() as tx:
            found = check_files(tx, book.world.notary, book.world.files())
        book.tries += len(spoilt)
        missed = [name for name in spoilt if not any(said.startswith(f"ledger/{name} ") for said in found)]
        if missed or len(found) != len(spoilt):
            book.wrong.append(f"byte {place} of the files: {missed} not named, {len(found)} sentences for {len(spoilt)} files")
        for name in spoilt:
            (folder / name).write_bytes(before[name])


def _renumber(book: Book, number: int, bit: int) -> None:
    value = number ^ (1 << bit) if bit < 63 else number - (1 << 63)
    with book.spoiler() as raw:
        if 0 <= value < ENTRIES:
            _exchange(raw, number, value)
            found, book.tries = nodes_named(book.check().problems), book.tries + 1
            if found != {(1, number >> 1), (1, value >> 1)}:
                book.wrong.append(f"entries {number} and {value} exchanged: located at {sorted(found)}")
            _exchange(raw, number, value)
            return
        update = 'UPDATE leaves SET "index" = ? WHERE "index" = ?'
        raw.execute(update, (value, number))
        last = number == ENTRIES - 1 and value < 0
        _expect_said(book, f"entry {number} numbered {value}", "the ledger has 999" if last else f"entry {number} is missing")
        raw.execute(update, (number, value))


def _exchange(raw: sqlite3.Connection, one: int, other: int) -> None:
    for before, after in ((one, -1), (other, one), (-1, other)):
        raw.execute('UPDATE leaves SET "index" = ? WHERE "index" = ?', (after, before))


def _expect_said(book: Book, what: str, words: str, *, misfit: bool = True) -> None:
    check = book.check()
    book.tries += 1
    if not any(words in said for said in check.problems):
        book.wrong.append(f"{what}: not located in {check.problems[:3]}")
    if misfit and not check.mismatches:
        book.wrong.append(f"{what}: the checkpoint outside still fits")


def _quoted(name: str) -> str:
    return f'"{name}"'


def _steps(bits: int) -> list[str]:
    return [f"{first}-{first + STEP - 1}" for first in range(0, bits, STEP)]


def _bits(text: str) -> range:
    first, last = text.split("-")
    return range(int(first), int(last) + 1)


SORTS: dict[str, Callable[..., None]] = {
    "entries": entries, "nodes": nodes, "checkpoint": checkpoint, "numbers": numbers, "rows": rows, "files": files}
