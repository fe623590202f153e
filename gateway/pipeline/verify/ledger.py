"""The ledger against itself and against what others have seen of it.

(1) Every entry is numbered once, without a gap, and hashes to what was stored when it was numbered.
(2) Every stored node is the hash of the entries below it, and there are no others.
(3) Every stored checkpoint is signed by our key and is the root of exactly the entries it covers; the newest covers all.
(4) Every checkpoint seen elsewhere (in ``ledger/``, in a receipt a school kept) is the root of the entries it covered:
    a ledger that was cut short, put back to an older state or rewritten does not pass.
(5) What is wrong is named where it lies: an entry by its number, a node by the lowest one that differs. What cannot be read
    stops nothing: the rest is checked all the same.
Entries that wait for a number are read too: what they tell is part of the account, though not yet provable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from gateway.domain.ledger.leaf import Checkpoint, Leaf
from gateway.domain.ledger.tree import EMPTY_ROOT, Node, frontier, grown, leaf_hash, root_of
from gateway.errors import TamperError
from gateway.pipeline.verify.entries import pages, strays_of
from gateway.pipeline.verify.heads import Mismatch, StoredHeads, Witness, mismatches, witnessed_heads
from gateway.pipeline.verify.walk import Walk
from gateway.ports import NoteChecker, Transaction


@dataclass(slots=True)
class LedgerCheck:
    """What was found; ``root`` is over the entries as they are now."""

    entries: int = 0
    root: bytes = EMPTY_ROOT
    checkpoint: Checkpoint | None = None
    problems: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)       # what is no problem, and is told
    mismatches: list[Mismatch] = field(default_factory=list)
    numbers: dict[bytes, int | None] = field(default_factory=dict)    # of entries that receipts are about; None: it waits for one


def check_ledger(tx: Transaction, checker: NoteChecker, seen: Callable[[Leaf], None],
                 witnessed: Sequence[Witness | str] = ()) -> LedgerCheck:
    """Check the whole ledger, handing each entry to ``seen``. ``witnessed``: signed checkpoints from elsewhere."""
    check = LedgerCheck()
    heads = witnessed_heads(checker, witnessed, check.problems)
    asked = {witness.entry[1] for witness, _ in heads if witness.entry}
    sizes = {head.size for _, head in heads}
    roots: dict[int, bytes] = {}
    known: dict[Node, bytes] = {}
    stored, walk = StoredHeads(tx, checker), Walk(tx, check.problems)
    for page in pages(tx):
        made = known | grown(check.entries, known, [entry.hashed for entry in page])
        walk.take(page, made, made.keys() - known.keys())
        before, check.entries = check.entries, check.entries + len(page)
        root_at = _roots_between(before, check.entries, made)
        stored.compare(check.entries, root_at)
        roots |= {size: root_at(size) for size in sizes if before < size <= check.entries}
        check.numbers |= {entry.hashed: entry.number for entry in page if entry.hashed in asked}
        known = {node: made[node] for node in frontier(check.entries)}
        for entry in page:
            if entry.leaf is not None:
                seen(entry.leaf)
    walk.finish()
    check.problems += strays_of(tx)
    check.root = root_of(check.entries, known)
    check.problems += stored.finish(check.entries, _roots_between(check.entries, check.entries, known))
    check.checkpoint, check.mismatches = stored.newest, mismatches(heads, roots)
    if stored.by_revoked:
        check.told.append(f"ledger: {len(stored.by_revoked)} stored checkpoints, the last of them {stored.by_revoked[-1]}, are "
                          "signed by a key that was revoked since; later ones cover the same entries")
    _compare_reach(check)
    _see_waiting(tx, seen, check, asked)
    return check


def _roots_between(before: int, upto: int, made: dict[Node, bytes]) -> Callable[[int], bytes]:
    """The root of the first so many entries, for sizes that the nodes at hand lead to; else nothing that is a root."""
    def root_at(size: int) -> bytes:
        return root_of(size, made) if size == 0 or before <= size <= upto else b""

    return root_at


def _compare_reach(check: LedgerCheck) -> None:
    covered = check.checkpoint.size if check.checkpoint else 0
    if covered < check.entries:
        check.problems.append(f"ledger: {check.entries} entries are numbered, the newest checkpoint covers {covered}: "
                              f"entries from {covered} on were never signed")


def _see_waiting(tx: Transaction, seen: Callable[[Leaf], None], check: LedgerCheck, asked: AbstractSet[bytes]) -> None:
    # Those without a number are the sequencer's to number; here they are only read. A running home has few of them.
    try:
        waiting = tx.leaves.unsequenced(1_000_000)
    except TamperError as error:
        check.problems.append(f"ledger: an entry that waits for its number cannot be read: {error.message}")
        return
    for leaf in waiting:
        seen(leaf)
        if asked and (hashed := leaf_hash(leaf.canonical())) in asked:
            check.numbers[hashed] = None
