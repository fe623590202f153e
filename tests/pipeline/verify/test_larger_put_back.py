"""A put-back store of several tiles: how much is the same, and where the copy cannot tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.domain.actor import GATEWAY
from gateway.pipeline.mirror import mirror
from gateway.pipeline.put_back import accept, in_common
from gateway.pipeline.sequence import sequence
from gateway.pipeline.standing import RESTORED, facts_of, published
from gateway.pipeline.verify import verify_home
from gateway.pipeline.verify.branches import SHOWN, Branch, _accepted
from tests.pipeline.verify.test_put_back import OLGA
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


def test_so_has_a_small_one(tmp_path: Path) -> None:
    small = World(tmp_path)
    small.append("C1", "C2")
    sequence(small.ports, NOW)
    mirror(small.ports, small.files())
    done = published(small.notary, small.files())
    assert done is not None
    with small.store.reading() as tx:
        assert in_common(tx, small.files(), done) == 2


def test_a_history_of_several_tiles_that_was_left_is_proven_from_what_is_kept(world: World) -> None:
    copy = World(world.home.parent / "older", keys_of=world)
    copy.append("C0")
    sequence(copy.ports, NOW)
    leaf = accept(copy.ports, world.files(), OLGA, "the newest is lost", NOW)
    assert facts_of(leaf)["by"] == "olga"
    mirror(copy.ports, world.files())
    [told] = verify_home(copy.ports, NOW, files=world.files()).accepted
    assert "not kept" not in told


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
