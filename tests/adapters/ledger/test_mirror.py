"""The ledger's copy, checked the way a stranger would: from the files alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.ledger.folder import LedgerFolder
from gateway.domain.ledger.tiles import MOST, Tile, bundle, tiles_of, unbundle
from gateway.domain.ledger.tree import leaf_hash, node_hash, root_over
from gateway.errors import DiskError, OperatorError, SyncFailedError, TamperError
from gateway.pipeline.mirror import mirror
from gateway.pipeline.sequence import sequence
from gateway.pipeline.standing import published
from tests.pipeline.verify.world import NOW, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def files(world: World) -> LedgerFolder:
    (world.home / "ledger").mkdir()
    return LedgerFolder(world.home / "ledger")


def names(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def entries_of(root: Path, size: int) -> list[bytes]:
    """Every entry, from the bundles."""
    entries: list[bytes] = []
    for tile in tiles_of(size):
        if tile.row == 0:
            rest = (root / tile.bundle_name).read_bytes()
            while rest:
                length = int.from_bytes(rest[:2], "big")
                entries.append(rest[2:2 + length])
                rest = rest[2 + length:]
    return entries


@pytest.mark.parametrize("steps", [[1], [255, 1], [256], [257, 3, 300], [600, 0, 5]])
def test_the_files_alone_give_the_signed_root(world: World, files: LedgerFolder, steps: list[int]) -> None:
    for step in steps:
        world.append(*(f"C{n}" for n in range(step)))
        sequence(world.ports, NOW)
        assert mirror(world.ports, files) == step
        assert mirror(world.ports, files) == 0
        head = published(world.notary, files)
        assert head is not None
        root = world.home / "ledger"
        assert root_over(map(leaf_hash, entries_of(root, head.size))) == (head.size, head.root)
        assert {name for tile in tiles_of(head.size) for name in ([tile.name] + [tile.bundle_name] * (tile.row == 0))} \
            == names(root) - {"checkpoint"}
        for tile in tiles_of(head.size):
            assert len((root / tile.name).read_bytes()) == 32 * tile.width


def test_a_row_above_holds_the_roots_of_the_tiles_below(world: World, files: LedgerFolder) -> None:
    world.append(*(f"C{n}" for n in range(520)))
    sequence(world.ports, NOW)
    mirror(world.ports, files)
    for index in range(2):
        row = (world.home / "ledger" / Tile(0, index, 256).name).read_bytes()
        hashes = [row[n:n + 32] for n in range(0, len(row), 32)]
        while len(hashes) > 1:
            hashes = [node_hash(hashes[n], hashes[n + 1]) for n in range(0, len(hashes), 2)]
        above = (world.home / "ledger" / Tile(1, 0, 2).name).read_bytes()
        assert above[32 * index:32 * index + 32] == hashes[0]


def test_a_lost_folder_is_written_again(world: World, files: LedgerFolder) -> None:
    world.append(*(f"C{n}" for n in range(300)))
    sequence(world.ports, NOW)
    mirror(world.ports, files)
    other = world.home / "again"
    other.mkdir()
    mirror(world.ports, LedgerFolder(other))
    assert {n: hashlib.sha256((other / n).read_bytes()).digest() for n in names(other)} \
        == {n: hashlib.sha256((world.home / "ledger" / n).read_bytes()).digest() for n in names(world.home / "ledger")}


def test_what_a_run_that_died_left_half_written_is_taken_away(world: World, files: LedgerFolder) -> None:
    world.append("C1", "C2")
    sequence(world.ports, NOW)
    mirror(world.ports, files)
    (world.home / "ledger" / "tile/0/000.p/.1.new").write_bytes(b"half")
    (world.home / "ledger" / "tile/0/000.p/.3.new").write_bytes(b"half")
    world.append("C3")
    sequence(world.ports, NOW)
    mirror(world.ports, files)
    assert names(world.home / "ledger") == {"checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"}


def test_what_was_not_written_leaves_nothing_behind(world: World, files: LedgerFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: int) -> None:
        raise OSError(5, "Input/output error")

    world.append("C1")
    sequence(world.ports, NOW)
    with monkeypatch.context() as patch, pytest.raises(SyncFailedError):
        patch.setattr("adapters.ledger.folder.os.fsync", fails)
        mirror(world.ports, files)
    assert names(world.home / "ledger") == set()


def test_a_store_put_back_to_an_older_state_is_noticed(world: World, files: LedgerFolder) -> None:
    world.append("C1")
    sequence(world.ports, NOW)
    older = world.notary.checkpoint(2, bytes(32), NOW)
    files.publish(older.note)
    with pytest.raises(TamperError, match="with 2 entries"):
        mirror(world.ports, files)


def test_a_checkpoint_that_is_not_ours_is_refused(world: World, files: LedgerFolder) -> None:
    files.publish("990.cme-gateway\n1\nAAAA\n\n— x y\n")
    with pytest.raises(TamperError):
        mirror(world.ports, files)


def test_nothing_is_published_before_there_is_a_checkpoint(world: World, files: LedgerFolder) -> None:
    world.append("C1")
    assert mirror(world.ports, files) == 0
    assert names(world.home / "ledger") == set()


def test_a_folder_that_cannot_be_written_is_the_operators(world: World, tmp_path: Path) -> None:
    world.append("C1")
    sequence(world.ports, NOW)
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(DiskError):
        mirror(world.ports, LedgerFolder(in_the_way))


def test_a_folder_that_cannot_be_read_or_moved_is_the_operators(world: World, files: LedgerFolder, tmp_path: Path) -> None:
    (world.home / "ledger" / "checkpoint").mkdir()
    note = world.notary.checkpoint(1, bytes(32), NOW).note
    for act in (files.checkpoint, lambda: files.get("checkpoint"), lambda: files.publish(note)):
        with pytest.raises(DiskError):
            act()
    (world.home / "ledger" / "put-back").write_text("a file in the way")
    with pytest.raises(DiskError):
        files.set_apart("1-00")
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(DiskError):
        LedgerFolder(in_the_way).put("tile/0/000", b"")


def test_what_is_outgrown_goes_and_what_was_never_there_is_not_missed(world: World, files: LedgerFolder) -> None:
    files.put("tile/0/000.p/1", bytes(32))
    files.publish(world.notary.checkpoint(1, bytes(32), NOW).note)
    (world.home / "ledger" / "tile" / "0" / "001.p").write_text("no folder")
    for name in ("tile/0/000", "tile/0/001", "tile/0/001"):
        files.put(name, bytes(8192))
    files.publish(world.notary.checkpoint(512, bytes(32), NOW).note)
    assert names(world.home / "ledger") == {"checkpoint", "tile/0/000", "tile/0/001"}


@pytest.mark.parametrize("content", [b"\x00", b"\x00\x05abc", b"\x00\x01a\x00"])
def test_a_bundle_that_was_cut_is_none(content: bytes) -> None:
    with pytest.raises(TamperError):
        unbundle(content)
    assert unbundle(bundle([b"a", b"", b"bc"])) == [b"a", b"", b"bc"]


@pytest.mark.parametrize(("tile", "name"), [
    (Tile(0, 0, 256), "tile/0/000"), (Tile(0, 0, 3), "tile/0/000.p/3"), (Tile(1, 67, 256), "tile/1/067"),
    (Tile(0, 1234067, 256), "tile/0/x001/x234/067"), (Tile(2, 1000, 7), "tile/2/x001/000.p/7")])
def test_names_are_those_of_the_specification(tile: Tile, name: str) -> None:
    assert tile.name == name


@given(st.integers(0, 70_000), st.integers(0, 70_000))
def test_growing_writes_exactly_the_tiles_that_are_new(one: int, other: int) -> None:
    before, after = sorted((one, other))
    assert set(tiles_of(after, before)) == set(tiles_of(after)) - set(tiles_of(before))


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    assert bundle([b"x" * MOST, b""])[:2] == b"\xff\xff"
    with pytest.raises(OperatorError):
        bundle([b"x" * (MOST + 1)])
