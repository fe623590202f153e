"""The sequencer: numbers ledger entries, grows the tree, signs checkpoints. One runs at a time.

1. Entries were appended in the transactions of what they tell; here they get their numbers, in that order, in batches.
2. One transaction holds a batch's numbers, its new nodes and its checkpoint: there is no number without a signed root.
3. Nothing that was numbered is looked at again: growing needs the frontier, at most 64 hashes.
4. Leaf hashes stand with the entries; nodes are kept from level 1 up. Nodes never change, so a proof may use any size since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.ledger.leaf import Checkpoint, Leaf
from gateway.domain.ledger.proofs import Span, consistency_spans, hashes_of, inclusion_spans, nodes_for
from gateway.domain.ledger.tree import Node, frontier, grown, leaf_hash, root_of
from gateway.errors import RetryableError, TamperError
from gateway.ports import Ports, Transaction

NEAR = 16       # entries between two that are wanted, below which they are read in one go
BATCH = 1_000   # a batch of entries costs about as much as ten single ones


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry stands in the ledger: its number, the hashes beside its path, the signed root they lead to."""

    leaf: Leaf
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint


def sequence(ports: Ports, now: datetime, *, limit: int = BATCH) -> int:
    """Number everything that waits, a transaction for each ``limit`` entries; how many were numbered."""
    numbered = 0
    while batch := _batch(ports, now, limit):
        numbered += batch
        if batch < limit:
            break
    return numbered


def _batch(ports: Ports, now: datetime, limit: int) -> int:
    with ports.store.reading() as tx:   # most calls find nothing, and need not become the writer to learn it
        if not tx.leaves.unsequenced(1):
            return 0
    with ports.store.writing() as tx:
        waiting = tx.leaves.unsequenced(limit)
        if not waiting:
            return 0
        size = tx.leaves.size()
        hashes = [leaf_hash(leaf.canonical()) for leaf in waiting]
        known = nodes_of(tx, frontier(size))
        made = grown(size, known, hashes)
        after = size + len(waiting)
        tx.leaves.number([(leaf, size + n, hashed) for n, (leaf, hashed) in enumerate(zip(waiting, hashes, strict=True))])
        tx.leaves.put_nodes({node: hashed for node, hashed in made.items() if node[0]})
        tx.leaves.put_checkpoint(ports.notary.checkpoint(after, root_of(after, known | made), now))
    return len(waiting)


def proof_of(tx: Transaction, leaf: Leaf, checkpoint: Checkpoint | None = None) -> Proof:
    """The proof that an entry is under a checkpoint, the newest unless given. RetryableError while it has no number yet."""
    return proofs_of(tx, [leaf], checkpoint)[0]


def proofs_of(tx: Transaction, leaves: Sequence[Leaf], checkpoint: Checkpoint | None = None) -> list[Proof]:
    """The proofs of several entries; what they share of the tree is read once."""
    checkpoint = checkpoint or tx.leaves.last_checkpoint()
    spans: list[list[Span]] = []
    for leaf in leaves:
        if leaf.index is None or checkpoint is None or leaf.index >= checkpoint.size:
            raise RetryableError(f"ledger entry {leaf.id} has no number yet, 1 expected", code="NOT-NUMBERED",
                                 hint="The sequencer numbers it within moments; this is tried again by itself.")
        spans.append(inclusion_spans(leaf.index, checkpoint.size))
    nodes = nodes_of(tx, sorted({node for each in spans for node in nodes_for(each)}))
    return [Proof(leaf, leaf.index or 0, tuple(hashes_of(each, nodes)), checkpoint)
            for leaf, each in zip(leaves, spans, strict=True) if checkpoint]


def growth_of(tx: Transaction, old: int, size: int) -> list[bytes]:
    """The proof that the ledger of ``size`` entries begins with the one of ``old``: what a witness asks for."""
    return _hashes(tx, consistency_spans(old, size))


def nodes_of(tx: Transaction, wanted: Sequence[Node]) -> dict[Node, bytes]:
    """Stored hashes of complete subtrees, leaves included; TamperError when one is missing."""
    found = tx.leaves.nodes([node for node in wanted if node[0]])
    for start, stop in _runs([index for level, index in wanted if level == 0]):
        found |= {(0, leaf.index or 0): hashed for leaf, hashed in tx.leaves.range(start, stop)}
    for node in wanted:
        if node not in found:
            raise TamperError(f"ledger has no node at level {node[0]}, index {node[1]}, 1 expected", code="LEDGER-NODE-MISSING",
                              hint="The ledger was changed. Stop, keep a copy, run `gateway verify`.")
    return found


def _runs(indexes: Sequence[int]) -> list[Span]:
    """Few spans that hold all the indexes: reading some entries too many is cheaper than asking again."""
    runs: list[Span] = []
    for index in sorted(indexes):
        if runs and index - runs[-1][1] < NEAR:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def _hashes(tx: Transaction, spans: Sequence[Span]) -> list[bytes]:
    return hashes_of(spans, nodes_of(tx, nodes_for(spans)))
