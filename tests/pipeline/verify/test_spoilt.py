"""What is spoilt so that it cannot even be read: named where it lies, and the rest is checked all the same."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.ledger.folder import LedgerFolder
from gateway.domain.ledger.tree import leaf_hash
from gateway.errors import TamperError
from gateway.pipeline.mirror import mirror
from gateway.pipeline.sequence import nodes_of, sequence
from gateway.pipeline.verify import HomeReport, Witness, verify_home
from gateway.pipeline.verify.entries import LONGEST_GAP
from gateway.pipeline.verify.files import LOOKS, check_files
from tests.pipeline.verify.world import NOW, World, sentences

TEXT = "CAST(x'ff00' AS TEXT)"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Three hundred entries in three batches, published."""
    world = World(tmp_path)
    for batch in range(3):
        world.append(*(f"C{batch}-{n}" for n in range(100)))
        sequence(world.ports, NOW)
        mirror(world.ports, world.files())
    return world


def spoil(world: World, statement: str, *values: Any) -> None:
    """As someone with the database file would."""
    with closing(sqlite3.connect(world.home / "gateway.sqlite")) as raw, raw:
        assert raw.execute(statement, values).rowcount > 0


def check(world: World, *witnessed: Witness | str) -> HomeReport:
    return verify_home(world.ports, NOW, witnessed=witnessed, files=world.files())


def said(world: World, *witnessed: Witness | str) -> str:
    return sentences(check(world, *witnessed).problems)


@pytest.mark.parametrize("column", ["id", "kind", "subject", "actor", "facts"])
def test_an_entry_that_is_no_text_any_more_is_named(world: World, column: str) -> None:
    spoil(world, f'UPDATE leaves SET {column} = {TEXT} WHERE "index" = 170')  # noqa: S608
    assert "ledger: entry 170 cannot be read any more" in said(world)


@pytest.mark.parametrize("facts", ["{", "[]", '"x"', "\x00", '{"a": "\\ud800"}'])
def test_an_entry_whose_facts_are_none_is_named(world: World, facts: str) -> None:
    spoil(world, 'UPDATE leaves SET facts = ? WHERE "index" = 33', facts)
    assert "ledger: entry 33 cannot be read any more" in said(world)


def test_an_entry_of_no_time_or_without_its_hash_is_named(world: World) -> None:
    spoil(world, 'UPDATE leaves SET at = 9223372036854775807 WHERE "index" = 5')
    spoil(world, 'UPDATE leaves SET hash = NULL WHERE "index" = 9')
    told = said(world)
    assert "entry 5 cannot be read any more" in told
    assert "entry 9 cannot be read any more" in told


def test_neighbours_that_are_wrong_in_the_same_way_are_one_sentence(world: World) -> None:
    spoil(world, f'UPDATE leaves SET facts = {TEXT} WHERE "index" BETWEEN 40 AND 49')  # noqa: S608
    spoil(world, 'DELETE FROM leaves WHERE "index" BETWEEN 60 AND 69')
    told = [line for line in check(world).problems if line.startswith("ledger: entry")]
    assert told == ["ledger: entry 40 cannot be read any more, and 9 more up to 49",
                    "ledger: entry 60 is missing, and 9 more up to 69"]


def test_what_stands_beyond_a_gap_is_checked_too(world: World) -> None:
    spoil(world, 'DELETE FROM leaves WHERE "index" = 20')
    spoil(world, 'UPDATE leaves SET actor = \'someone\' WHERE "index" = 250')
    spoil(world, 'UPDATE ledger_nodes SET hash = zeroblob(32) WHERE level = 1 AND "index" = 60')
    told = said(world)
    assert "entry 20 is missing" in told
    assert "entry 250 (" in told
    assert "node at level 1, index 60 differs from the entries below it (entries 120 to 121)" in told
    assert "level 2" not in told


def test_numbers_that_were_never_given_stop_nothing(world: World) -> None:
    spoil(world, 'UPDATE leaves SET "index" = -7 WHERE "index" = 299')
    assert "an entry is numbered -7" in said(world)
    spoil(world, 'UPDATE leaves SET "index" = ? WHERE "index" = 298', 3 * LONGEST_GAP)
    told = said(world)
    assert "entry 298 is missing, and 1701 more up to 1999" in told
    assert f"entry 2000 is missing, and the next is numbered {3 * LONGEST_GAP}" in told


def test_nodes_of_no_entry_are_counted(world: World) -> None:
    spoil(world, "INSERT INTO ledger_nodes VALUES (40, 7, zeroblob(32))")
    assert "nodes are stored, " in said(world)


def test_two_entries_exchanged_are_found_by_the_lowest_nodes_above_them(world: World) -> None:
    for before, after in ((10, -1), (200, 10), (-1, 200)):
        spoil(world, 'UPDATE leaves SET "index" = ? WHERE "index" = ?', after, before)
    told = said(world)
    assert "(entries 10 to 11)" in told and "(entries 200 to 201)" in told
    assert told.count("ledger: node ") == 2
    assert "ledger/tile/0/000 has another hash than the store for entry 10, and 1 more" in told


@pytest.mark.parametrize(("change", "words"), [
    ("note = CAST(x'ff' AS TEXT)", "cannot be read any more"),
    ("at = 9223372036854775807", "cannot be read any more"),
    ("at = at + 1", "is not the one that was signed"),
    ("size = size - 1", "is not the one that was signed"),
    ("size = 5000", "covers 5000 entries, the ledger has 300"),
    ("note = replace(note, '200', '201')", "does not verify"),
])
def test_a_stored_checkpoint_that_was_spoilt_is_named(world: World, change: str, words: str) -> None:
    spoil(world, f"UPDATE checkpoints SET {change} WHERE seq = 2")  # noqa: S608
    assert words in said(world)
    assert "stored checkpoint 2" in said(world)


def test_an_older_head_behind_a_newer_one_is_named(world: World) -> None:
    with world.store.reading() as tx:
        first = tx.leaves.checkpoints(0, 1)[0][1]
    assert first is not None
    spoil(world, "INSERT INTO checkpoints (size, root, at, note) SELECT size, root, at, note FROM checkpoints WHERE seq = 1")
    assert "the newest stored checkpoint covers fewer entries than the one before it" in said(world)
    spoil(world, "UPDATE checkpoints SET size = 5000 WHERE seq = 3")
    assert "the newest stored checkpoint covers fewer entries than the one before it" in said(world)


def test_a_forged_head_signed_with_our_key_is_not_the_root(world: World) -> None:
    with world.store.writing() as tx:
        tx.leaves.put_checkpoint(world.notary.checkpoint(301, bytes(32), NOW))
    spoil(world, "UPDATE checkpoints SET size = 300 WHERE seq = 4")
    assert "is not the one that was signed" in said(world)
    spoil(world, "DELETE FROM checkpoints WHERE seq = 4")
    forged = world.notary.checkpoint(250, bytes(32), NOW)
    spoil(world, "UPDATE checkpoints SET size = 250, root = zeroblob(32), note = ?, at = ? WHERE seq = 3", forged.note,
          int(NOW.timestamp()) * 1_000_000)
    assert "is not the root of the entries it covers; those up to 200 are as signed" in said(world)


def test_a_witness_that_is_no_checkpoint_of_ours_is_told(world: World) -> None:
    assert "a receipt does not verify" in said(world, Witness("nothing", "a receipt"))


def test_an_entry_that_waits_and_cannot_be_read_is_named(world: World) -> None:
    world.append("C9")
    spoil(world, 'UPDATE leaves SET facts = \'{\' WHERE "index" IS NULL')
    assert "an entry that waits for its number cannot be read" in said(world)


def test_a_waiting_entry_that_a_receipt_is_about_is_found(world: World) -> None:
    [leaf] = world.append("C9")
    witness = Witness(world.notary.checkpoint(500, bytes(32), NOW).note, "a receipt", (300, leaf_hash(leaf.canonical())))
    assert "its own entry is in this ledger all the same, and waits for its number" in said(world, witness)


def test_a_parcels_row_that_cannot_be_read_is_named_and_the_others_are_checked(world: World) -> None:
    parcels = [world.parcel(b"return %d" % n) for n in range(5)]
    spoil(world, "UPDATE parcels SET state = 'elsewhere' WHERE id = ?", parcels[1].id)
    spoil(world, "UPDATE parcels SET name = x'00' WHERE id = ?", parcels[3].id)
    spoil(world, "UPDATE parcels SET size = 9 WHERE id = ?", parcels[4].id)
    told = said(world)
    for number, words in ((1, "cannot be read any more"), (3, "cannot be read any more"), (4, "has SHA-256")):
        assert f"parcel {parcels[number].id} {words}" in told
    assert "balance: 5 parcels were received, their states add up to 4" in told
    assert parcels[0].id not in told and parcels[2].id not in told


def test_nodes_that_are_asked_for_and_gone_are_named(world: World) -> None:
    spoil(world, "DELETE FROM ledger_nodes WHERE level = 8")
    with world.store.reading() as tx, pytest.raises(TamperError) as caught:
        nodes_of(tx, [(8, 0)])
    assert caught.value.code == "LEDGER-NODE-MISSING"


# ── the copy in files ─────────────────────────────────────────────────────────────────────────────────────────────────────────

def files_said(world: World) -> str:
    with world.store.reading() as tx:
        return sentences(check_files(tx, world.notary, world.files()))


def test_a_copy_that_is_as_the_store_has_it_says_nothing(world: World) -> None:
    assert files_said(world) == ""
    world.append("C9")
    sequence(world.ports, NOW)
    assert files_said(world) == ""              # the store is ahead


def test_a_checkpoint_that_is_no_note_or_no_text_is_told(world: World) -> None:
    for content in (b"nothing", b"\xff\xfe"):
        (world.home / "ledger" / "checkpoint").write_bytes(content)
        assert "ledger/checkpoint does not verify" in files_said(world)


def test_tiles_and_bundles_that_are_gone_short_or_changed_are_told(world: World) -> None:
    folder = world.home / "ledger" / "tile"
    (folder / "0" / "000").unlink()
    (folder / "1" / "000.p" / "1").write_bytes(bytes(32))
    (folder / "entries" / "001.p" / "44").write_bytes(b"")
    told = files_said(world)
    assert "ledger/tile/0/000 has 0 bytes, expected 8192" in told
    assert "ledger/tile/1/000.p/1 has another hash than the store for entry 0 to 255" in told
    assert "ledger/tile/entries/001.p/44 does not hold the entries 256 to 299" in told


def test_where_the_store_itself_lacks_what_a_tile_holds_the_store_is_named(world: World) -> None:
    spoil(world, "DELETE FROM ledger_nodes WHERE level = 8")
    assert files_said(world) == ""
    assert "node at level 8, index 0 is missing" in said(world)


class Moving(LedgerFolder):
    """A copy that a daemon publishes anew at every look."""

    def __init__(self, world: World) -> None:
        super().__init__(world.home / "ledger")
        self.world, self.looks = world, 0

    def checkpoint(self) -> str | None:
        self.looks += 1
        return self.world.notary.checkpoint(300, bytes(32), NOW.replace(microsecond=self.looks)).note


def test_a_copy_that_is_published_anew_at_every_look_is_looked_at_another_day(world: World) -> None:
    (world.home / "ledger" / "tile" / "0" / "000").unlink()
    moving = Moving(world)
    with world.store.reading() as tx:
        assert check_files(tx, world.notary, moving) == []
    assert moving.looks >= 2 * LOOKS
