"""Merkle trees of RFC 6962 (and 9162): hashes, growth and roots.

1. A leaf's hash is over byte 0 and the entry, a node's over byte 1 and both halves, so that no entry can pose as a node.
2. The left half of a tree is the largest power of two below its size; so complete subtrees never change, and each has an
   address: (level, index) covers entries ``index << level`` up to ``(index + 1) << level``.
3. A tree of any size is folded from at most 64 complete subtrees, its *frontier*: growing needs nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gateway.errors import TamperError

Node = tuple[int, int]            # (level, index)
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry's canonical bytes. RFC 6962 2.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two halves. RFC 6962 2.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def covering(start: int, stop: int) -> Iterator[Node]:
    """The complete subtrees that cover ``start`` to ``stop``, left to right. ``start`` is where a subtree may begin."""
    while start < stop:
        level = (stop - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


def frontier(size: int) -> list[Node]:
    """What must be known of a tree to let it grow."""
    return list(covering(0, size))


def folded(start: int, stop: int, nodes: Mapping[Node, bytes]) -> bytes:
    """The hash over ``start`` to ``stop``, from the complete subtrees that cover it; TamperError when one is not there."""
    total = b""
    for node in reversed(list(covering(start, stop))):
        found = nodes.get(node)
        if found is None:
            raise TamperError(f"ledger has no node at level {node[0]}, index {node[1]}; needed for entries {start} to {stop}",
                              code="LEDGER-NODE-MISSING", hint="The ledger was changed. Stop, keep a copy, run `gateway verify`.")
        total = node_hash(found, total) if total else found
    return total


def root_of(size: int, nodes: Mapping[Node, bytes]) -> bytes:
    """The root of a tree of ``size`` entries, from its frontier."""
    return folded(0, size, nodes) if size else EMPTY_ROOT


def grown(size: int, nodes: Mapping[Node, bytes], leaves: Sequence[bytes]) -> dict[Node, bytes]:
    """The complete subtrees that come into being when leaf hashes join a tree of ``size``; level 0, the leaves, included."""
    made: dict[Node, bytes] = {}
    stack = [nodes[node] for node in frontier(size)]
    for index, leaf in enumerate(leaves, start=size):
        made[0, index] = leaf
        stack.append(leaf)
        level, place = 0, index
        while place & 1:              # a right half is complete: its parent is too
            right, left = stack.pop(), stack.pop()
            level, place = level + 1, place >> 1
            made[level, place] = node_hash(left, right)
            stack.append(made[level, place])
    return made


def root_over(leaves: Iterable[bytes]) -> tuple[int, bytes]:
    """Size and root of a tree, from its leaf hashes alone, holding no more than the frontier."""
    stack: list[bytes] = []
    size = 0
    for size, leaf in enumerate(leaves, start=1):
        stack.append(leaf)
        for _ in range((size & -size).bit_length() - 1):
            right, left = stack.pop(), stack.pop()
            stack.append(node_hash(left, right))
    total = b""
    for part in reversed(stack):
        total = node_hash(part, total) if total else part
    return size, total or EMPTY_ROOT
