"""What is changed behind the gateway's back is found, and the place is named."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.domain.parcels.parcel import ParcelState
from gateway.pipeline.sequence import sequence
from gateway.pipeline.verify import HomeReport, verify_home
from tests.pipeline.verify.world import NOW, World, sentences


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Forty entries, six of them parcels in every state."""
    world = World(tmp_path)
    states = (ParcelState.SETTLED, ParcelState.SETTLED, ParcelState.HELD, ParcelState.REFUSED, ParcelState.RECEIVED)
    for number, state in enumerate(states):
        world.parcel(b"return %d" % number, state=state, rows=(12, 10, 2) if state is ParcelState.SETTLED else (0, 0, 0))
        world.append(*(f"C{number}{n}" for n in range(6)))
        sequence(world.ports, NOW)
    return world


def check(world: World, **more: Any) -> HomeReport:
    return verify_home(world.ports, NOW + timedelta(seconds=90), **more)


def tamper(world: World, statement: str, *values: Any) -> None:
    """As someone with the database file would."""
    world.store.close()
    with sqlite3.connect(world.home / "gateway.sqlite") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement, values).rowcount > 0
    connection.close()
    world.reopen()


def test_a_sound_home_is_ok_and_its_account_balances(world: World) -> None:
    report = check(world)
    assert report.problems == []
    said = report.to_json()
    assert said["ok"] is True
    assert said["ledger"]["entries"] == 35
    assert said["ledger"]["checkpoint_age_s"] == 90
    with world.store.reading() as tx:
        head = tx.leaves.last_checkpoint()
    assert head is not None and said["ledger"]["root"] == head.root.hex()
    assert said["vault"] | {"bytes": 0} == {"blobs": 5, "bytes": 0, "bad": 0, "without_parcel": 0}
    assert said["balance"] == {"received": 5, "settled": 2, "held": 1, "refused": 1, "in_progress": 1,
                               "rows": {"read": 24, "accepted": 20, "held": 4}}


def test_an_empty_home_is_ok(tmp_path: Path) -> None:
    said = check(World(tmp_path)).to_json()
    assert said["ok"] is True
    assert said["ledger"]["checkpoint_age_s"] is None


def test_a_parcel_whose_entry_waits_for_its_number_is_in_the_account(world: World) -> None:
    world.parcel(b"just now", state=ParcelState.RECEIVED)
    report = check(world)
    assert report.problems == []
    assert report.to_json()["balance"]["in_progress"] == 2


@pytest.mark.parametrize(("statement", "named"), [
    ("UPDATE leaves SET facts = '{\"parcel\":\"C99\"}' WHERE \"index\" = 17", "entry 17 ("),
    ("UPDATE leaves SET actor = 'someone' WHERE \"index\" = 34", "entry 34 ("),
    ("UPDATE leaves SET hash = zeroblob(32) WHERE \"index\" = 3", "entry 3 ("),
    ("DELETE FROM leaves WHERE \"index\" = 20", "entry 20 is missing"),
    ("DELETE FROM leaves WHERE \"index\" >= 30", "covers 35 entries, the ledger has 30"),
    ("UPDATE ledger_nodes SET hash = zeroblob(32) WHERE level = 2 AND \"index\" = 1", "node at level 2, index 1 differs"),
    ("DELETE FROM ledger_nodes WHERE level = 1 AND \"index\" = 4", "node at level 1, index 4 is missing"),
    ("DELETE FROM checkpoints", "the newest checkpoint covers 0"),
    ("UPDATE checkpoints SET root = zeroblob(32)", "stored checkpoint 1, and 4 more up to 5, is not the one that was signed"),
    ("UPDATE checkpoints SET note = replace(note, 'time 2026', 'time 2025')",
     "stored checkpoint 1, and 4 more up to 5, does not verify"),
])
def test_a_ledger_changed_in_the_database_is_found_at_the_entry(world: World, statement: str, named: str) -> None:
    tamper(world, statement)
    report = check(world)
    assert not report.ok
    assert named in sentences(report.problems)
    assert len(report.problems) <= 3, report.problems


def test_a_whole_ledger_made_anew_does_not_pass_a_checkpoint_that_a_school_kept(world: World, tmp_path: Path) -> None:
    with world.store.reading() as tx:
        kept = tx.leaves.last_checkpoint()
    assert kept is not None
    forged = World(tmp_path / "again", keys_of=world)
    forged.append(*(f"C{n}" for n in range(50)))
    sequence(forged.ports, NOW)
    assert check(forged).ok
    report = check(forged, witnessed=[kept.note])
    assert "checkpoint seen elsewhere" in sentences(report.problems)


def test_an_older_state_put_back_does_not_pass_a_checkpoint_seen_since(world: World, tmp_path: Path) -> None:
    world.store.close()
    older = (world.home / "gateway.sqlite").read_bytes()
    world.reopen()
    world.append("C1")
    sequence(world.ports, NOW)
    with world.store.reading() as tx:
        seen = tx.leaves.last_checkpoint()
    assert seen is not None
    world.store.close()
    for path in world.home.glob("gateway.sqlite-*"):
        path.unlink()
    (world.home / "gateway.sqlite").write_bytes(older)
    world.reopen()
    assert check(world).ok
    assert "covers 36 entries, the ledger has 35" in sentences(check(world, witnessed=[seen.note]).problems)


def test_a_parcels_row_that_vanished_is_named(world: World) -> None:
    lost = world.parcel(b"lost")
    tamper(world, "DELETE FROM parcels WHERE id = ?", lost.id)
    assert f"parcel {lost.id} is in the ledger, its row is missing" in sentences(check(world).problems)


def test_a_parcels_hash_that_was_changed_is_named(world: World) -> None:
    parcel = world.parcel(b"as received")
    tamper(world, "UPDATE parcels SET sha256 = ? WHERE id = ?", "0" * 64, parcel.id)
    assert f"store: parcel {parcel.id} has SHA-256 0000000000000000…" in sentences(check(world).problems)


def test_a_row_that_no_entry_tells_of_upsets_the_balance(world: World) -> None:
    tamper(world, "UPDATE leaves SET kind = 'case-opened' WHERE kind = 'parcel-received' AND \"index\" = 0")
    assert "the store has 5 parcels, the ledger tells of 4" in sentences(check(world).problems)


def test_rows_that_do_not_add_up_are_named(world: World) -> None:
    parcel = world.parcel(b"x", rows=(5, 5, 0))
    tamper(world, "UPDATE parcels SET rows_held = 1 WHERE id = ?", parcel.id)
    assert f"parcel {parcel.id} has 5 rows read, 5 accepted and 1 held" in sentences(check(world).problems)


def test_a_blob_that_is_missing_or_changed_or_another_is_named(world: World) -> None:
    missing, cut, other = (world.parcel(content) for content in (b"missing", b"cut off", b"other"))
    world.vault.path_of(missing.blob).unlink()
    path = world.vault.path_of(cut.blob)
    path.write_bytes(path.read_bytes()[:-3])
    world.vault.path_of(other.blob).write_bytes(world.vault.path_of(world.parcel(b"another").blob).read_bytes())
    report = check(world)
    said = sentences(report.problems)
    assert f"blob {missing.blob} of parcel {missing.id} is missing" in said
    assert f"blob {cut.blob} of parcel {cut.id} does not open" in said
    assert f"blob {other.blob} of parcel {other.id} holds 7 bytes" in said
    assert report.to_json()["vault"]["bad"] == 3


def test_without_reading_data_only_missing_blobs_are_found(world: World) -> None:
    missing, cut = world.parcel(b"missing"), world.parcel(b"cut off")
    world.vault.path_of(missing.blob).unlink()
    path = world.vault.path_of(cut.blob)
    path.write_bytes(path.read_bytes()[:-3])
    report = check(world, read_data=False)
    assert len(report.problems) == 1


def test_other_blobs_are_opened_too_and_those_without_a_parcel_are_counted(world: World) -> None:
    for key in ("package/R01", "parcel/P9"):
        blob = world.vault.begin()
        blob.write(b"x")
        blob.publish(key)
    assert check(world).ok
    assert check(world).to_json()["vault"]["without_parcel"] == 1
    world.vault.path_of("package/R01").write_bytes(b"not age")
    assert "blob package/R01 does not open" in sentences(check(world).problems)


def test_what_the_store_itself_found_is_reported(world: World) -> None:
    report = check(world, also=["store: page 3 is damaged"])
    assert report.to_json()["problems"] == ["store: page 3 is damaged"]
