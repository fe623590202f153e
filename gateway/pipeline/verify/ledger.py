"""The ledger against itself and against what others have seen of it.

(1) Every entry is numbered once, without a gap, and hashes to what was stored when it was numbered.
(2) Every stored node is the hash of the entries below it.
(3) The newest checkpoint is signed by our key and is the root of exactly these entries.
(4) Every checkpoint seen elsewhere (in ``ledger/``, in a receipt a school kept) is the root of the entries it covered:
    a ledger that was cut short, put back to an older state or rewritten does not pass.
Entries that wait for a number are read too: what they tell is part of the account, though not yet provable.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from gateway.domain.ledger.leaf import Checkpoint, Leaf
from gateway.domain.ledger.tree import EMPTY_ROOT, Node, frontier, grown, leaf_hash, root_of
from gateway.errors import TamperError
from gateway.ports import NoteChecker, Transaction

PAGE = 2_000


@dataclass(slots=True)
class LedgerCheck:
    """What was found; ``root`` is over the entries as they are now."""

    entries: int = 0
    root: bytes = EMPTY_ROOT
    checkpoint: Checkpoint | None = None
    problems: list[str] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)    # entries that are not what they were when they were numbered


def check_ledger(tx: Transaction, checker: NoteChecker, seen: Callable[[Leaf], None],
                 witnessed: Sequence[str] = ()) -> LedgerCheck:
    """Check the whole ledger, handing each entry to ``seen``. ``witnessed``: signed checkpoints from elsewhere."""
    check = LedgerCheck()
    heads = _heads(tx, checker, witnessed, check)
    wanted = {head.size for _, head in heads}
    roots: dict[int, bytes] = {0: EMPTY_ROOT}
    known: dict[Node, bytes] = {}
    for page in _pages(tx, check):
        made = known | grown(check.entries, known, _rehash(page, check, seen))
        _compare_nodes(tx, made.keys() - known.keys(), made, check)
        before, check.entries = check.entries, check.entries + len(page)
        roots |= {size: root_of(size, made) for size in wanted if before < size <= check.entries}
        known = {node: made[node] for node in frontier(check.entries)}
    check.root = root_of(check.entries, known)
    _compare_roots(heads, roots, check)
    # Those without a number are the sequencer's to number; here they are only read. A running home has few of them.
    for leaf in tx.leaves.unsequenced(1_000_000):
        seen(leaf)
    return check


def _heads(tx: Transaction, checker: NoteChecker, witnessed: Sequence[str], check: LedgerCheck) -> list[tuple[str, Checkpoint]]:
    heads = []
    stored = check.checkpoint = tx.leaves.last_checkpoint()
    notes = [("newest checkpoint", stored.note)] if stored else []
    for what, note in [*notes, *(("checkpoint seen elsewhere", note) for note in witnessed)]:
        try:
            heads.append((what, checker.open_checkpoint(note)))
        except TamperError as error:
            check.problems.append(f"ledger: {what} does not verify: {error.message}")
    signed = [(head.size, head.root) for what, head in heads if what == "newest checkpoint"]
    if stored and signed and signed != [(stored.size, stored.root)]:
        check.problems.append("ledger: stored checkpoint is not the one that was signed: "
                              f"{stored.size} with {stored.root.hex()[:16]}…, {signed[0][0]} with {signed[0][1].hex()[:16]}…")
    return heads


def _pages(tx: Transaction, check: LedgerCheck) -> Iterator[list[tuple[Leaf, bytes]]]:
    size = tx.leaves.size()
    for start in range(0, size, PAGE):
        page = tx.leaves.range(start, min(start + PAGE, size))
        gaps = set(range(start, min(start + PAGE, size))) - {leaf.index for leaf, _ in page}
        if gaps:
            check.problems.append(f"ledger: entry {min(gaps)} is missing, and {len(gaps) - 1} more up to {max(gaps)}; "
                                  "what follows cannot be checked against its nodes")
            check.changed.extend(range(min(gaps), size))
        yield page


def _rehash(page: Sequence[tuple[Leaf, bytes]], check: LedgerCheck, seen: Callable[[Leaf], None]) -> list[bytes]:
    hashes = []
    for leaf, stored in page:
        hashed = leaf_hash(leaf.canonical())
        if hashed != stored:
            check.changed.append(leaf.index or 0)
            check.problems.append(f"ledger: entry {leaf.index} ({leaf.id}) hashes to {hashed.hex()[:16]}…, "
                                  f"it was numbered as {stored.hex()[:16]}…")
        seen(leaf)
        hashes.append(hashed)
    return hashes


def _compare_nodes(tx: Transaction, new: set[Node], made: dict[Node, bytes], check: LedgerCheck) -> None:
    wanted = sorted(node for node in new if node[0])
    stored = tx.leaves.nodes(wanted)
    for level, index in wanted:
        place = bisect_left(check.changed, index << level)
        if place < len(check.changed) and check.changed[place] < (index + 1) << level:
            continue   # the entry below it is named already
        if stored.get((level, index)) != made[level, index]:
            what = "differs from the entries below it" if (level, index) in stored else "is missing"
            check.problems.append(f"ledger: node at level {level}, index {index} {what}")


def _compare_roots(heads: Sequence[tuple[str, Checkpoint]], roots: dict[int, bytes], check: LedgerCheck) -> None:
    for what, head in heads:
        root = roots.get(head.size)
        said = f"{what} of {head.at.isoformat()}"
        if root is None:
            check.problems.append(f"ledger: {said} covers {head.size} entries, the ledger has {check.entries}")
        elif root != head.root:
            check.problems.append(f"ledger: the first {head.size} entries have root {root.hex()[:16]}…, {said} says "
                                  f"{head.root.hex()[:16]}…")
    covered = check.checkpoint.size if check.checkpoint else 0
    if covered < check.entries:
        check.problems.append(f"ledger: {check.entries} entries are numbered, the newest checkpoint covers {covered}")
