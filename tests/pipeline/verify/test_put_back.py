"""A store older than what was published of it: nothing is written to it until a named person accepts it; nothing is hidden."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.ledger.folder import APART, LedgerFolder
from gateway.domain.actor import GATEWAY, Actor, Role
from gateway.domain.cases.waiting import HoldState
from gateway.domain.ledger.leaf import Checkpoint
from gateway.domain.parcels.parcel import Parcel
from gateway.errors import NotAllowedError, TamperError, UsageError
from gateway.pipeline.mirror import PUBLISHED, mirror
from gateway.pipeline.put_back import accept, in_common
from gateway.pipeline.sequence import sequence
from gateway.pipeline.standing import prove_standing, published
from gateway.pipeline.verify import HomeReport, Witness, verify_home
from tests.pipeline.verify.world import NOW, World, sentences

OLGA = Actor("olga", "Olga Reed", frozenset({Role.OPERATOR}))
REASON = "the disk of the newest store is lost"


def carried(world: World, files: LedgerFolder) -> None:
    """What the sequencer and the mirror do."""
    sequence(world.ports, world.clock.now())
    mirror(world.ports, files)


def prove(world: World, files: LedgerFolder) -> None:
    prove_standing(world.store, world.notary, files)


def checked(world: World, files: LedgerFolder | None = None, *witnessed: Witness | str) -> HomeReport:
    note = files.checkpoint() if files else None
    own = [Witness(note, "checkpoint published in ledger/")] if note else []
    return verify_home(world.ports, NOW + timedelta(hours=1), witnessed=[*own, *witnessed], files=files)


def newest(world: World) -> Checkpoint:
    with world.store.reading() as tx:
        head = tx.leaves.last_checkpoint()
    assert head is not None
    return head


class PutBack:
    """Forty entries were published, the store of thirty of them was put back; the last parcel was received in between."""

    def __init__(self, root: Path) -> None:
        self.world = World(root)
        self.files = self.world.files()
        self.kept = self.world.parcel(b"before")
        self.world.append(*(f"C{n}" for n in range(29)))
        carried(self.world, self.files)
        self.copy = self.world.copied()
        self.lost: Parcel = self.world.parcel(b"after")
        self.world.append(*(f"D{n}" for n in range(4)))
        carried(self.world, self.files)
        self.between = newest(self.world)
        self.world.append(*(f"E{n}" for n in range(5)))
        carried(self.world, self.files)
        self.last = newest(self.world)
        self.world.put_back(self.copy)

    def accept(self) -> None:
        """As an operator does, and as the daemon goes on."""
        accept(self.world.ports, self.files, OLGA, REASON, NOW)
        carried(self.world, self.files)


@pytest.fixture
def put_back(tmp_path: Path) -> PutBack:
    return PutBack(tmp_path)


def test_a_store_that_goes_on_from_what_was_published_may_be_written_to(tmp_path: Path) -> None:
    world = World(tmp_path)
    files = world.files()
    prove(world, files)
    for count in (1, 300, 5):
        world.append(*(f"C{n}" for n in range(count)))
        sequence(world.ports, NOW)
        prove(world, files)         # the store is ahead
        mirror(world.ports, files)
        prove(world, files)


def test_an_older_store_may_not_be_written_to(put_back: PutBack) -> None:
    with pytest.raises(TamperError, match=r"with 40 entries and root .* the store has 30") as caught:
        prove(put_back.world, put_back.files)
    assert caught.value.code == "LEDGER-PUT-BACK"
    assert "gateway ledger accept" in caught.value.hint


def test_an_older_store_that_grew_beyond_what_was_published_is_another_and_may_not_either(put_back: PutBack) -> None:
    put_back.world.append(*(f"X{n}" for n in range(70)))
    sequence(put_back.world.ports, NOW)
    with pytest.raises(TamperError, match="the store begins with root"):
        prove(put_back.world, put_back.files)
    with pytest.raises(TamperError):
        mirror(put_back.world.ports, put_back.files)
    with put_back.world.store.reading() as tx:
        assert in_common(tx, put_back.files, put_back.last) == 30


def test_another_homes_checkpoint_is_not_taken_for_ours(put_back: PutBack, tmp_path: Path) -> None:
    other = World(tmp_path / "other")
    put_back.files.publish(other.notary.checkpoint(0, bytes(32), NOW).note)
    with pytest.raises(TamperError) as caught:
        prove(put_back.world, put_back.files)
    assert caught.value.code == "NOTE-NOT-VERIFIED"


def test_accepting_needs_an_operator_a_reason_and_something_to_accept(put_back: PutBack, tmp_path: Path) -> None:
    ports, files = put_back.world.ports, put_back.files
    with pytest.raises(NotAllowedError):
        accept(ports, files, replace(OLGA, roles=frozenset({Role.OFFICER, Role.MANAGER})), REASON, NOW)
    with pytest.raises(UsageError, match="--reason is empty"):
        accept(ports, files, OLGA, "  ", NOW)
    with pytest.raises(UsageError, match="nothing was put back"):
        accept(ports, LedgerFolder(tmp_path), OLGA, REASON, NOW)
    put_back.accept()
    with pytest.raises(UsageError, match="goes on from the 31"):
        accept(ports, files, OLGA, REASON, NOW)


def test_what_was_accepted_is_an_entry_with_the_old_checkpoint_and_the_reason_is_sealed(put_back: PutBack) -> None:
    leaf = accept(put_back.world.ports, put_back.files, OLGA, REASON, NOW)
    assert accept(put_back.world.ports, put_back.files, OLGA, "said again", NOW) == leaf
    assert (leaf.kind, leaf.actor) == ("put-back-accepted", "olga")
    assert leaf.facts["checkpoint"] == put_back.last.note
    assert (leaf.facts["published"], leaf.facts["store"], leaf.facts["common"]) == (40, 30, 30)
    assert REASON not in leaf.canonical().decode()
    with put_back.world.store.reading() as tx:
        [hold] = tx.holds.where(what="put-back")
    assert (hold.id, hold.state, hold.cleared_by, hold.cleared_reason) == (leaf.subject, HoldState.RELEASED, "olga", REASON)


def test_after_it_was_accepted_the_ledger_goes_on_and_what_was_published_is_kept(put_back: PutBack) -> None:
    world, files = put_back.world, put_back.files
    put_back.accept()
    prove(world, files)
    world.append("F1", "F2")
    carried(world, files)
    assert published(world.notary, files) == newest(world)
    assert newest(world).size == 33
    kept = files.apart(f"40-{put_back.last.root.hex()[:16]}")
    assert published(world.notary, kept) == put_back.last


def test_verify_tells_by_whom_and_when_it_was_accepted_and_which_parcels_are_lost(put_back: PutBack) -> None:
    put_back.accept()
    report = checked(put_back.world, put_back.files)
    assert report.problems == []
    assert report.to_json()["ok"] is True
    [told] = report.accepted
    assert "accepted by olga on 2026-11-16T09:00:00+00:00 (entry 30)" in told
    assert f"received in the part that was left: {put_back.lost.id}" in told
    assert put_back.kept.id not in told


def test_before_it_is_accepted_verify_names_it_as_a_problem(put_back: PutBack) -> None:
    report = checked(put_back.world, put_back.files)
    assert "covers 40 entries, the ledger has 30" in sentences(report.problems)
    assert report.accepted == ()


def test_checkpoints_of_the_part_that_was_left_are_explained_and_told(put_back: PutBack) -> None:
    put_back.accept()
    put_back.world.append(*(f"F{n}" for n in range(20)))
    carried(put_back.world, put_back.files)
    for head in (put_back.between, put_back.last):
        report = checked(put_back.world, put_back.files, head.note)
        assert report.problems == []
        assert f"covers {head.size} entries of the history that was left, as accepted by olga" in sentences(report.accepted)


def test_a_receipt_of_the_part_that_was_left_says_that_its_parcel_is_not_here(put_back: PutBack) -> None:
    put_back.accept()
    lost = Witness(put_back.last.note, "checkpoint in the received receipt of parcel P9", (30, b"its hash"))
    said = sentences(checked(put_back.world, put_back.files, lost).accepted)
    assert "of parcel P9" in said
    assert "entry 30 is not in this ledger" in said
    with put_back.world.store.reading() as tx:
        [(_, hashed)] = tx.leaves.range(7, 8)
    kept = Witness(put_back.last.note, "a receipt", (7, hashed))
    said = sentences(checked(put_back.world, put_back.files, kept).accepted)
    assert "its own entry is in this ledger all the same, as number 7" in said


def test_a_checkpoint_of_neither_history_stays_a_problem(put_back: PutBack) -> None:
    put_back.accept()
    for size in (38, 31, 500):
        forged = put_back.world.notary.checkpoint(size, bytes(32), NOW)
        assert len(checked(put_back.world, put_back.files, forged.note).problems) == 1


def test_when_what_was_published_is_gone_only_its_last_checkpoint_is_explained(put_back: PutBack) -> None:
    put_back.accept()
    shutil.rmtree(put_back.world.home / "ledger" / APART)
    report = checked(put_back.world, put_back.files, put_back.last.note)
    assert report.problems == []
    assert "its entries are not kept" in sentences(report.accepted)
    assert len(checked(put_back.world, put_back.files, put_back.between.note).problems) == 1


@pytest.mark.parametrize("spoil", [
    lambda content: content[:-1], lambda content: content[:9] + b"x" + content[10:], lambda content: b"",
], ids=["cut", "changed", "emptied"])
def test_what_is_kept_and_was_changed_is_found(put_back: PutBack, spoil: Callable[[bytes], bytes]) -> None:
    put_back.accept()
    [bundle] = (put_back.world.home / "ledger" / APART).glob("*/tile/entries/000.p/*")
    bundle.write_bytes(spoil(bundle.read_bytes()))
    assert "is not what was published" in sentences(checked(put_back.world, put_back.files).problems)


def test_without_the_tiles_it_is_accepted_all_the_same_and_how_much_is_lost_is_not_known(put_back: PutBack) -> None:
    shutil.rmtree(put_back.world.home / "ledger" / "tile")
    leaf = accept(put_back.world.ports, put_back.files, OLGA, REASON, NOW)
    assert leaf.facts["common"] is None


def test_an_acceptance_that_was_forged_in_the_settings_alone_is_none(put_back: PutBack) -> None:
    for id in ("L-nobody", put_back.world.append("C1")[0].id):
        with put_back.world.store.writing() as tx:
            tx.settings.put(f"put-back:40:{put_back.last.root.hex()}", id)
        with pytest.raises(TamperError):
            prove(put_back.world, put_back.files)


def test_an_acceptance_whose_checkpoint_was_changed_is_found(put_back: PutBack) -> None:
    with put_back.world.store.writing() as tx:
        tx.leaves.append("put-back-accepted", "H1", GATEWAY, NOW, {"checkpoint": put_back.last.note.replace("40", "41")})
    assert "the checkpoint in entry None does not verify" in sentences(checked(put_back.world).problems)


def test_a_crash_between_accepting_and_publishing_is_mended_by_the_next_run(put_back: PutBack) -> None:
    world, files = put_back.world, put_back.files
    accept(world.ports, files, OLGA, REASON, NOW)      # and the machine stops
    prove(world, files)
    mirror(world.ports, files)                         # the sequencer had not run: the old head is published anew
    assert published(world.notary, files) == newest(world)
    carried(world, files)
    assert checked(world, files).problems == []


def test_a_crash_while_the_old_copy_is_set_apart_loses_nothing_of_it(put_back: PutBack) -> None:
    world, files = put_back.world, put_back.files
    accept(world.ports, files, OLGA, REASON, NOW)
    name = f"40-{put_back.last.root.hex()[:16]}"
    there = world.home / "ledger" / APART / name
    there.mkdir(parents=True)
    (world.home / "ledger" / "tile").rename(there / "tile")      # the checkpoint was not moved yet
    carried(world, files)
    assert checked(world, files).problems == []
    assert published(world.notary, files.apart(name)) == put_back.last


def test_the_same_copy_put_back_twice_is_set_apart_twice(put_back: PutBack) -> None:
    world, files = put_back.world, put_back.files
    before = world.home / "before"
    shutil.copytree(world.home / "ledger", before)
    put_back.accept()
    shutil.rmtree(world.home / "ledger" / "tile")
    shutil.copytree(before, world.home / "ledger", dirs_exist_ok=True)
    prove(world, files)
    mirror(world.ports, files)
    assert len(list((world.home / "ledger" / APART).iterdir())) == 2
    assert published(world.notary, files) == newest(world)


def test_an_acceptance_is_of_one_put_back_and_not_of_the_next(put_back: PutBack) -> None:
    world, files = put_back.world, put_back.files
    put_back.accept()
    world.append("F1")
    carried(world, files)
    world.put_back(put_back.copy)
    with pytest.raises(TamperError, match="with 32 entries"):
        prove(world, files)


def test_a_store_without_a_checkpoint_beside_a_published_one_is_put_back_too(put_back: PutBack, tmp_path: Path) -> None:
    bare = World(tmp_path / "bare", keys_of=put_back.world)
    accept(bare.ports, put_back.files, OLGA, REASON, NOW)
    assert mirror(bare.ports, put_back.files) == 0
    assert put_back.files.checkpoint() is None


def test_a_copy_that_was_lost_is_written_again_and_the_ledger_says_so(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.append("C1", "C2")
    carried(world, world.files())
    with world.store.reading() as tx:
        assert tx.settings.get(PUBLISHED) == "yes"
    shutil.rmtree(world.home / "ledger")
    carried(world, world.files())
    carried(world, world.files())
    report = checked(world, world.files())
    assert report.problems == []
    assert "ledger/ was lost, and written again from the store with 2 entries" in sentences(report.accepted)


def test_a_head_signed_anew_is_published_though_nothing_was_added(tmp_path: Path) -> None:
    world = World(tmp_path)
    files = world.files()
    world.append("C1")
    carried(world, files)
    with world.store.writing() as tx:
        again = world.notary.checkpoint(1, newest(world).root, NOW + timedelta(days=1))
        tx.leaves.put_checkpoint(again)
    assert mirror(world.ports, files) == 0
    assert files.checkpoint() == again.note
