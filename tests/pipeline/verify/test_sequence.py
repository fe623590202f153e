from __future__ import annotations

from pathlib import Path

import pytest

from gateway.domain.ledger.proofs import verify_consistency, verify_inclusion
from gateway.domain.ledger.tree import leaf_hash, root_over
from gateway.errors import RetryableError
from gateway.pipeline.sequence import growth_of, proof_of, sequence
from tests.pipeline.verify.world import NOW, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_entries_are_numbered_in_the_order_they_were_appended(world: World) -> None:
    ids = [leaf.id for leaf in world.append(*(f"C{n}" for n in range(25)))]
    assert sequence(world.ports, NOW, limit=10) == 25
    assert sequence(world.ports, NOW) == 0
    with world.store.reading() as tx:
        assert [leaf.id for leaf, _ in tx.leaves.range(0, 100)] == ids
        assert tx.leaves.size() == 25


def test_every_batch_ends_in_a_signed_root_of_all_entries_so_far(world: World) -> None:
    for count in (1, 2, 5, 1, 8):
        world.append(*(f"C{n}" for n in range(count)))
        sequence(world.ports, NOW)
        with world.store.reading() as tx:
            head = tx.leaves.last_checkpoint()
            assert head is not None
            assert root_over(leaf_hash(leaf.canonical()) for leaf, _ in tx.leaves.range(0, head.size)) == (head.size, head.root)
            assert world.notary.open_checkpoint(head.note) == head


def test_every_entry_can_be_proven_under_every_later_checkpoint(world: World) -> None:
    heads = []
    for _ in range(4):
        world.append("C1", "C2", "C3")
        sequence(world.ports, NOW)
        with world.store.reading() as tx:
            heads.append(tx.leaves.last_checkpoint())
    with world.store.reading() as tx:
        for leaf, hashed in tx.leaves.range(0, 12):
            for head in heads:
                if head is not None and leaf.index is not None and leaf.index < head.size:
                    proof = proof_of(tx, leaf, head)
                    verify_inclusion(hashed, proof.index, head.size, proof.hashes, head.root)
        first, last = heads[0], heads[-1]
        assert first is not None and last is not None
        verify_consistency(first.size, last.size, first.root, last.root, growth_of(tx, first.size, last.size))


def test_an_entry_without_a_number_is_tried_again_later(world: World) -> None:
    (leaf,) = world.append("C1")
    with world.store.reading() as tx, pytest.raises(RetryableError):
        proof_of(tx, leaf)
    sequence(world.ports, NOW)
    with world.store.reading() as tx:
        assert proof_of(tx, tx.leaves.get(leaf.id)).index == 0


def test_nothing_to_number_signs_nothing(world: World) -> None:
    assert sequence(world.ports, NOW) == 0
    with world.store.reading() as tx:
        assert tx.leaves.last_checkpoint() is None
