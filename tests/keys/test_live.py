"""Keys rotated while a process runs: taken up at the next look, by every part of it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from gateway.errors import TamperError
from keys.age_files import seal, unseal
from keys.live import LiveFiles, LiveNotary, LiveRing
from keys.private import Purpose, file_of
from keys.public import public_path
from keys.rotation import rotate
from tests.keys.test_ring import CELL, KIND, LATER, NOW, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.create()
    return place


@pytest.fixture
def live(place: Place) -> LiveRing:
    return LiveRing(place.home, place.private)


def rotated(place: Place, purpose: Purpose) -> None:
    rotate(place.home, private_dir=place.private, purpose=purpose, now=LATER)


def test_nothing_is_made_twice_while_nothing_changes(live: LiveRing) -> None:
    assert live.ring is live.ring
    assert live.cells() is live.cells()
    assert live.files() is live.files()
    assert live.notary() is live.notary()


def test_cells_sealed_and_blinded_by_another_process_under_new_keys_are_read(place: Place, live: LiveRing) -> None:
    old_cell, old_blind = live.cells()[0].seal(*CELL, b"x"), live.cells()[1].blind("upn", "x")
    for purpose in (Purpose.FIELDS, Purpose.INDEX):
        rotated(place, purpose)
    other = place.load()
    sealer, blinder = live.cells()
    assert sealer.open(*CELL, other.sealer().seal(*CELL, b"y")) == b"y"
    assert sealer.open(*CELL, old_cell) == b"x"
    assert blinder.blinds("upn", "x") == [other.blinder().blind("upn", "x"), old_blind]


def test_a_cell_younger_than_the_ring_in_hand_is_opened_and_one_of_no_key_is_refused(place: Place, live: LiveRing) -> None:
    sealer, _ = live.cells()                   # as a transaction took it, just before somebody rotated
    rotated(place, Purpose.FIELDS)
    assert sealer.open(*CELL, place.load().sealer().seal(*CELL, b"y")) == b"y"
    stranger = Place(place.home.parents[1] / "other", "991").create().sealer()
    with pytest.raises(TamperError) as caught:
        sealer.open(*CELL, stranger.seal(*CELL, b"z"))
    assert caught.value.code == "FIELD-KEY-UNKNOWN"


def test_files_are_sealed_and_opened_with_the_keys_by_now(place: Place, live: LiveRing) -> None:
    files, before = LiveFiles(live), place.load()
    rotated(place, Purpose.VAULT)
    fresh, plain = place.load(), io.BytesIO()
    for recipients in (before.vault_recipients, fresh.vault_recipients):
        files.open(io.BytesIO(seal(b"x", recipients)), plain)
    assert plain.getvalue() == b"xx"
    sealed = io.BytesIO()
    stream = files.sealing(sealed)
    stream.write(b"new")
    stream.finish()
    assert unseal(sealed.getvalue(), [fresh.vault_identity]) == b"new"


def test_notes_are_signed_and_verified_with_the_keys_by_now(place: Place, live: LiveRing) -> None:
    notary = LiveNotary(live)
    old_note, old_head = notary.sign(KIND, [("a", 1)]), notary.checkpoint(1, bytes(32), NOW)
    for purpose in (Purpose.RECEIPTS, Purpose.CHECKPOINTS):
        rotated(place, purpose)
    fresh = place.load().notary()
    assert notary.verify(KIND, fresh.sign(KIND, [("a", 2)])) == {"a": 2}
    assert notary.verify(KIND, old_note) == {"a": 1}
    assert notary.open_checkpoint(fresh.checkpoint(2, bytes(32), NOW).note).size == 2
    assert notary.open_checkpoint(old_head.note) == old_head
    assert notary.public_keys() == fresh.public_keys()
    assert fresh.open_checkpoint(notary.checkpoint(3, bytes(32), NOW).note).size == 3


def test_packages_bear_the_retired_signature_too_and_receipts_do_not(place: Place, live: LiveRing) -> None:
    before = place.load().card().signs_with
    rotated(place, Purpose.RECEIPTS)
    now = place.load().card().signs_with
    note = LiveNotary(live, lambda: LATER).sign("cme-gateway-manifest/1", [("to", "991")])
    stranger = Place(place.home.parents[1] / "other", "991").create().notary()
    for key in (before, now):
        assert stranger.verify("cme-gateway-manifest/1", note, keys=[key]) == {"to": "991"}
    assert LiveNotary(live).sign(KIND, [("a", 1)]).count("\n— ") == 1


def test_keys_that_do_not_come_along_leave_the_ring_in_use_and_are_asked_for_again(
    place: Place, live: LiveRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring, kept = live.ring, file_of(place.private, Purpose.VAULT).read_bytes()
    rotated(place, Purpose.VAULT)
    whole = file_of(place.private, Purpose.VAULT).read_bytes()
    file_of(place.private, Purpose.VAULT).write_bytes(kept)        # as systemd copied them when the unit started
    assert live.ring is ring
    file_of(place.private, Purpose.VAULT).write_bytes(whole)
    assert live.ring is ring                                       # not at every look
    monkeypatch.setattr("keys.live.time.monotonic", lambda: 1e12)
    assert live.ring.vault_identity == place.load().vault_identity


def test_a_home_that_is_gone_leaves_the_ring_in_use(place: Place, live: LiveRing) -> None:
    ring = live.ring
    public_path(place.home).unlink()
    assert live.ring is ring
