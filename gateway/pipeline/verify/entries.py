"""Reading the ledger's entries so that nothing in the database can stop it.

1. Every number from 0 up is accounted for: an entry, an entry that cannot be read, or a place where one is missing.
2. A missing entry keeps its place, so that what follows is still checked against the nodes above it.
3. A gap longer than ``LONGEST_GAP`` ends the reading: a number like that was never given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.domain.ledger.leaf import Leaf
from gateway.domain.ledger.tree import leaf_hash
from gateway.errors import TamperError
from gateway.ports import Transaction

PAGE = 2_000
LONGEST_GAP = 100_000
NOT_THERE = bytes(32)             # stands for the hash of what is missing; nothing hashes to it
LOWEST = -(1 << 63)


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of the ledger. ``leaf`` is None where nothing can be read; ``problem`` says why it is not as it was numbered."""

    number: int
    hashed: bytes                 # of the entry as it is now
    leaf: Leaf | None = None
    problem: str = ""


def pages(tx: Transaction) -> Iterator[list[Entry]]:
    """Every entry by number, a page at a time. What is numbered below 0 is ``strays_of``'s."""
    start = 0
    while (following := tx.leaves.next_number(start)) is not None:
        if following - start > LONGEST_GAP:
            yield [_gap(start, f"is missing, and the next is numbered {following}")]
            return
        found = {entry.number: entry for entry in _read(tx, start, start + PAGE)}
        last = tx.leaves.next_number(start + PAGE) is None
        stop = max(found) + 1 if last else start + PAGE
        yield [found.get(number) or _gap(number, "is missing") for number in range(start, stop)]
        start = stop


def strays_of(tx: Transaction) -> list[str]:
    """An entry that was given a number which none has."""
    first = tx.leaves.next_number(LOWEST)
    return [f"ledger: an entry is numbered {first}, the first number is 0"] if first is not None and first < 0 else []


def _gap(number: int, said: str) -> Entry:
    return Entry(number, NOT_THERE, problem=said)


def _read(tx: Transaction, start: int, stop: int) -> list[Entry]:
    try:
        return [_judged(leaf, stored) for leaf, stored in tx.leaves.range(start, stop)]
    except (TamperError, ValueError):
        if stop - start > 1:      # one of them cannot be read: the others can
            middle = (start + stop) // 2
            return _read(tx, start, middle) + _read(tx, middle, stop)
        return [_gap(start, "cannot be read any more")]


def _judged(leaf: Leaf, stored: bytes) -> Entry:
    hashed = leaf_hash(leaf.canonical())
    said = "" if hashed == stored else f"({leaf.id}) hashes to {hashed.hex()[:16]}…, it was numbered as {stored.hex()[:16]}…"
    return Entry(leaf.index or 0, hashed, leaf, said)
