"""Revoking, and what becomes of retired secrets."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.errors import TamperError, UsageError
from keys.age_files import seal, unseal
from keys.cards import OVERLAP
from keys.private import Purpose
from keys.public import read_public
from keys.rotation import REVOCABLE, check_revocable, forget, recover, revoke_retired, rotate
from tests.keys.test_ring import KIND, LATER, NOW, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.create()
    return place


def held(place: Place, purpose: Purpose) -> list[str]:
    return [key.id for key in place.load().private[purpose]]


def test_a_retired_receipts_secret_lasts_for_the_overlap_and_is_then_destroyed(place: Place) -> None:
    [first] = held(place, Purpose.RECEIPTS)
    rotate(place.home, private_dir=place.private, purpose=Purpose.RECEIPTS, now=LATER)
    assert first in held(place, Purpose.RECEIPTS)
    end = LATER + OVERLAP
    assert forget(place.home, private_dir=place.private, now=end - timedelta(seconds=1)) == []
    assert forget(place.home, private_dir=place.private, now=end) == [first]
    assert forget(place.home, private_dir=place.private, now=end) == []
    assert first not in held(place, Purpose.RECEIPTS)
    assert first in {key.id for key in read_public(place.home).of(Purpose.RECEIPTS)}


def test_the_next_rotation_destroys_secrets_past_their_overlap_too(place: Place) -> None:
    [first] = held(place, Purpose.RECEIPTS)
    for now in (LATER, LATER + OVERLAP):
        rotate(place.home, private_dir=place.private, purpose=Purpose.RECEIPTS, now=now)
    assert first not in held(place, Purpose.RECEIPTS)
    assert len(held(place, Purpose.RECEIPTS)) == 2


def test_a_retired_checkpoints_secret_is_destroyed_at_once(place: Place) -> None:
    rotate(place.home, private_dir=place.private, purpose=Purpose.CHECKPOINTS, now=LATER)
    assert len(held(place, Purpose.CHECKPOINTS)) == 1


def test_what_a_revoked_key_signed_does_not_verify_and_is_told_as_revoked(place: Place) -> None:
    old = place.load().notary()
    note, head = old.sign(KIND, [("a", 1)]), old.checkpoint(1, bytes(32), NOW).note
    for purpose in (Purpose.RECEIPTS, Purpose.CHECKPOINTS):
        rotate(place.home, private_dir=place.private, purpose=purpose, now=LATER)
        fresh = revoke_retired(place.home, private_dir=place.private, purpose=purpose, now=LATER)
        assert len(fresh.private[purpose]) == 1
    for checker in (place.load().notary(), read_public(place.home).checker()):
        with pytest.raises(TamperError) as caught:
            checker.verify(KIND, note)
        assert caught.value.code == "KEY-REVOKED"
        with pytest.raises(TamperError) as caught:
            checker.open_checkpoint(head)
        assert caught.value.code == "KEY-REVOKED"
        assert checker.verify(KIND, place.load().notary().sign(KIND, [("a", 2)])) == {"a": 2}


def test_a_revoked_packages_key_opens_nothing_more(place: Place) -> None:
    sealed = seal(b"x", [place.load().card().recipient])
    rotate(place.home, private_dir=place.private, purpose=Purpose.PACKAGES, now=LATER)
    assert unseal(sealed, place.load().package_identities) == b"x"
    revoke_retired(place.home, private_dir=place.private, purpose=Purpose.PACKAGES, now=LATER)
    with pytest.raises(TamperError):
        unseal(sealed, place.load().package_identities)
    rotate(place.home, private_dir=place.private, purpose=Purpose.PACKAGES, now=LATER)
    assert len(place.load().package_identities) == 2


def test_the_key_in_use_is_never_revoked_and_what_was_revoked_keeps_its_day(place: Place) -> None:
    assert revoke_retired(place.home, private_dir=place.private, purpose=Purpose.RECEIPTS, now=LATER).public.newest(
        Purpose.RECEIPTS).revoked is None
    for now in (LATER, LATER + timedelta(days=1)):
        rotate(place.home, private_dir=place.private, purpose=Purpose.RECEIPTS, now=now)
        revoke_retired(place.home, private_dir=place.private, purpose=Purpose.RECEIPTS, now=now)
    assert [key.revoked for key in read_public(place.home).of(Purpose.RECEIPTS)] == [LATER, LATER + timedelta(days=1), None]


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose not in REVOCABLE])
def test_a_key_that_only_this_home_uses_is_not_revoked(purpose: Purpose) -> None:
    with pytest.raises(UsageError) as caught:
        check_revocable(purpose)
    assert "gateway keys reseal" in caught.value.hint


@pytest.mark.parametrize("content", [b"", b"{}", b'{"keys": [{"purpose": "hats"}]}', b'{"keys": [1]}'])
def test_an_escrow_that_holds_no_keys_is_explained(place: Place, tmp_path: Path, content: bytes) -> None:
    recovery = read_public(place.home).recovery
    (place.home / "keys" / "escrow.age").write_bytes(seal(content, [recovery]))
    with pytest.raises(TamperError) as caught:
        recover(place.home, private_dir=tmp_path / "new", recovery_identity=place.recovery, now=LATER)
    assert caught.value.code == "BAD-ESCROW"


def test_every_key_we_ever_had_is_known_as_ours(place: Place) -> None:
    first = place.load().card()
    for purpose in (Purpose.RECEIPTS, Purpose.PACKAGES):
        rotate(place.home, private_dir=place.private, purpose=purpose, now=LATER)
    ring = place.load()
    assert any(card.shares_a_key_with(first) for card in ring.own_cards())
    assert {card.recipient for card in ring.own_cards()} >= {first.recipient, ring.card().recipient}
