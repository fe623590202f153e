"""Proofs over the tree of RFC 6962: that an entry is in it, and that it only ever grew.

1. Making a proof is two steps, so that the pure part knows no store: ``…_spans`` says what is needed, ``hashes_of`` folds it.
2. Verifying follows RFC 9162 2.1.3.2 and 2.1.4.2, knows nothing but its arguments, and raises; it never returns False.
3. A proof that is longer or shorter than the tree asks for is refused, whatever it hashes to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.domain.ledger.tree import Node, covering, folded, node_hash
from gateway.errors import TamperError

Span = tuple[int, int]            # entries from, up to


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The parts of a tree that prove one of its entries, nearest first. RFC 6962 2.1.1."""
    if not 0 <= index < size:
        raise _wrong(f"entry {index} is not in a tree of {size}")
    spans: list[Span] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _left(stop - start)
        if index < middle:
            spans.append((middle, stop))
            stop = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, size: int) -> list[Span]:
    """The parts of a tree that prove it to have grown from its first ``old`` entries. RFC 6962 2.1.2."""
    if not 0 < old <= size:
        raise _wrong(f"a tree of {size} did not grow from one of {old}")
    if old == size:
        return []
    spans: list[Span] = []
    start, stop, whole = 0, size, True
    while stop != old:
        middle = start + _left(stop - start)
        if old <= middle:
            spans.append((middle, stop))
            stop = middle
        else:
            spans.append((start, middle))
            start, whole = middle, False
    return ([] if whole else [(start, stop)]) + spans[::-1]


def nodes_for(spans: Sequence[Span]) -> list[Node]:
    """The complete subtrees that a proof is folded from."""
    return [node for span in spans for node in covering(*span)]


def hashes_of(spans: Sequence[Span], nodes: Mapping[Node, bytes]) -> list[bytes]:
    """The proof itself."""
    return [folded(start, stop, nodes) for start, stop in spans]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Return when the leaf hash is entry ``index`` of the tree with this size and root; TamperError otherwise."""
    if not 0 <= index < size:
        raise _wrong(f"entry {index} is not in a tree of {size}")
    place, last, total = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise _wrong(f"inclusion proof has {len(proof)} hashes, more than a tree of {size} asks for")
        if place & 1 or place == last:
            total = node_hash(step, total)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            total = node_hash(total, step)
        place, last = place >> 1, last >> 1
    if last != 0 or total != root:
        raise _wrong(f"inclusion proof of entry {index} leads to {total.hex()[:16]}…, the root is {root.hex()[:16]}…")


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Return when the tree of ``size`` begins with the very entries of the one of ``old``; TamperError otherwise."""
    if not 0 < old <= size:
        raise _wrong(f"a tree of {size} did not grow from one of {old}")
    if old == size:
        if proof or old_root != root:
            raise _wrong(f"two trees of {size} have roots {old_root.hex()[:16]}… and {root.hex()[:16]}…")
        return
    steps = list(proof) if old & (old - 1) else [old_root, *proof]   # a power of two is its own first hash
    if not steps:
        raise _wrong(f"consistency proof from {old} to {size} is empty")
    before, after = _both_roots(old, size, steps)
    if before != old_root or after != root:
        raise _wrong(f"consistency proof from {old} to {size} does not lead from {old_root.hex()[:16]}… to {root.hex()[:16]}…")


def _both_roots(old: int, size: int, steps: Sequence[bytes]) -> tuple[bytes, bytes]:
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise _wrong(f"consistency proof has {len(steps)} hashes, more than {old} to {size} asks for")
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise _wrong(f"consistency proof has {len(steps)} hashes, fewer than {old} to {size} asks for")
    return before, after


def _left(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _wrong(why: str) -> TamperError:
    return TamperError(why, code="PROOF-NOT-VERIFIED", hint="Do not rely on it. Ask for it again, and run `gateway verify`.")
