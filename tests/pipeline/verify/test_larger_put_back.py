"""A put-back store of several tiles: how much is the same, and where the copy cannot tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.domain.actor import GATEWAY
from gateway.pipeline.mirror import mirror
from gateway.pipeline.put_back import in_common
from gateway.pipeline.sequence import sequence
from gateway.pipeline.standing import RESTORED, published
from gateway.pipeline.verify import verify_home
from gateway.pipeline.verify.branches import SHOWN, Branch, _accepted
from tests.pipeline.verify.world import NOW, World, sentences


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.append(*(f"C{n}" for n in range(600)))
    sequence(world.ports, NOW)
    mirror(world.ports, world.files())
    return world


def test_a_store_that_has_everything_has_everything_in_common(world: World) -> None:
    done = published(world.notary, world.files())
    assert done is not None
    with world.store.reading() as tx:
        assert in_common(tx, world.files(), done) == 600


@pytest.mark.parametrize("content", [b"", bytes(31)])
def test_a_tile_that_is_cut_cannot_tell(world: World, content: bytes) -> None:
    done = published(world.notary, world.files())
    assert done is not None
    (world.home / "ledger" / "tile" / "0" / "001").write_bytes(content)
    with world.store.reading() as tx:
        assert in_common(tx, world.files(), done) is None


def test_a_restored_home_says_so_for_ever(world: World) -> None:
    with world.store.writing() as tx:
        tx.leaves.append(RESTORED, "b1", GATEWAY, NOW, {"made_at": "2026-11-15", "entries": 600})
    told = sentences(verify_home(world.ports, NOW).accepted)
    assert "home: restored by gateway" in told
    assert "from a backup of 2026-11-15 with 600 entries" in told
    assert "not numbered yet" in told


def test_many_parcels_that_were_left_are_told_in_short(world: World) -> None:
    parcels = tuple(b'{"kind": "parcel-received", "subject": "P%d"}' % n for n in range(SHOWN + 1))
    with world.store.writing() as tx:
        leaf = tx.leaves.append("put-back-accepted", "H1", GATEWAY, NOW, {"common": 0})
    done = published(world.notary, world.files())
    assert done is not None
    assert _accepted(Branch(leaf, done, parcels)).endswith("P19 …")
