from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gateway.domain.referrals.contact import KeyStanding
from gateway.errors import ConfigError, TamperError, UsageError
from keys import ring, rotation
from keys.age_files import seal, unseal
from keys.cards import trust
from keys.private import Purpose, file_of, find_private
from keys.public import public_path, read_public
from keys.ring import KeyRing
from keys.trusted import Trusted

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
LATER = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
KIND = "cme-gateway-receipt/1"
CELL = ("children", "K01", "legal_surname")


class Place:
    """A home, its keys outside it, and the recovery identity elsewhere."""

    def __init__(self, root: Path, la: str = "990") -> None:
        self.home, self.private, self.recovery = root / la / "home", root / la / "private", root / la / "safe" / "recovery.txt"
        self.la = la

    def create(self, *, rehearsal: bool = False) -> KeyRing:
        return ring.create(self.home, private_dir=self.private, recovery_to=self.recovery, la=self.la, now=NOW,
                           rehearsal=rehearsal)

    def load(self) -> KeyRing:
        return ring.load(self.home, self.private)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_ring_made_is_the_ring_loaded(place: Place) -> None:
    made, loaded = place.create(), place.load()
    assert loaded.sealer().open(*CELL, made.sealer().seal(*CELL, b"x")) == b"x"
    assert loaded.blinder().blind("upn", "x") == made.blinder().blind("upn", "x")
    assert loaded.notary().verify(KIND, made.notary().sign(KIND, [("a", 1)])) == {"a": 1}
    assert loaded.vault_recipients == made.vault_recipients
    assert unseal(seal(b"x", loaded.vault_recipients), [made.vault_identity]) == b"x"


def test_the_recovery_identity_opens_the_vault_and_the_escrow(place: Place) -> None:
    made = place.create()
    identity = place.recovery.read_text().splitlines()[-1]
    assert unseal(seal(b"x", made.vault_recipients), [identity]) == b"x"
    held = json.loads(unseal((place.home / "keys" / "escrow.age").read_bytes(), [identity]))
    assert {key["purpose"] for key in held["keys"]} == {"vault", "packages", "fields", "index"}


def test_nothing_secret_lies_inside_the_home(place: Place) -> None:
    made = place.create()
    inside = b"".join(path.read_bytes() for path in place.home.rglob("*") if path.is_file())
    secrets = [key.secret for keys in made.private.values() for key in keys]
    assert not any(secret.encode() in inside for secret in secrets)
    assert b"AGE-SECRET-KEY" not in inside


def test_every_private_file_is_for_its_owner_alone(place: Place) -> None:
    place.create()
    modes = {path.stat().st_mode & 0o777 for path in [*place.private.iterdir(), place.recovery]}
    assert modes == {0o600}
    assert place.private.stat().st_mode & 0o777 == 0o700


def test_a_private_file_that_others_may_read_is_refused(place: Place) -> None:
    place.create()
    file_of(place.private, Purpose.FIELDS).chmod(0o640)
    with pytest.raises(ConfigError, match="mode 0640, expected 0600"):
        place.load()


def test_a_recovery_identity_inside_the_home_is_refused_but_in_a_rehearsal(place: Place) -> None:
    place.recovery = place.home / "keys" / "recovery.txt"
    with pytest.raises(UsageError):
        place.create()
    assert not public_path(place.home).exists()
    assert place.create(rehearsal=True).public.rehearsal


def test_a_rehearsal_may_keep_its_keys_in_the_homes_own_folder(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    made = ring.create(tmp_path, private_dir=keys, recovery_to=keys / "recovery.age-identity", la="990", now=NOW, rehearsal=True)
    assert made.public.origin == "990.rehearsal.cme-gateway"
    assert ring.load(tmp_path, keys).vault_identity == made.vault_identity


def test_making_keys_again_keeps_those_there_are(place: Place) -> None:
    assert place.create().vault_identity == place.create().vault_identity


def test_another_homes_key_folder_is_never_overwritten(place: Place, tmp_path: Path) -> None:
    place.create()
    other = Place(tmp_path, "991")
    other.private = place.private
    with pytest.raises(UsageError):
        other.create()


def test_an_existing_recovery_identity_is_never_overwritten(place: Place) -> None:
    place.recovery.parent.mkdir(parents=True)
    place.recovery.write_text("another home's")
    with pytest.raises(UsageError):
        place.create()
    assert place.recovery.read_text() == "another home's"


def test_another_homes_private_keys_are_noticed(place: Place, tmp_path: Path) -> None:
    place.create()
    other = Place(tmp_path, "991")
    other.create()
    with pytest.raises(ConfigError, match="this home was made with"):
        ring.load(place.home, other.private)


@pytest.mark.parametrize("content", ["", "{}", '{"keys": []}', '{"keys": [{"id": 1}]}'])
def test_a_broken_private_file_is_explained(place: Place, content: str) -> None:
    place.create()
    file_of(place.private, Purpose.VAULT).write_text(content)
    with pytest.raises(ConfigError):
        place.load()


def test_a_missing_private_file_is_explained(place: Place) -> None:
    place.create()
    file_of(place.private, Purpose.INDEX).unlink()
    with pytest.raises(ConfigError, match="are not at"):
        place.load()


def test_no_secret_shows_in_a_repr(place: Place) -> None:
    made = place.create()
    shown = repr(made) + repr(made.notary()) + repr(made.sealer())
    assert not any(key.secret in shown for keys in made.private.values() for key in keys)


def test_keys_come_from_systemd_when_no_folder_is_set(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.create()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(place.private))
    for path in place.private.iterdir():
        path.chmod(0o440)   # how systemd's access list shows
    assert find_private(None) == place.private
    assert ring.load(place.home, find_private(None)).public.la == "990"
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    with pytest.raises(ConfigError):
        find_private(None)
    with pytest.raises(ConfigError, match="mode 0440"):
        place.load()


@pytest.mark.parametrize("purpose", Purpose)
def test_after_a_rotation_old_things_open_and_new_ones_use_the_new_key(place: Place, purpose: Purpose) -> None:
    old = place.create()
    blob, cell, note = seal(b"x", old.vault_recipients), old.sealer().seal(*CELL, b"x"), old.notary().sign(KIND, [("a", 1)])
    head = old.notary().checkpoint(1, bytes(32), NOW).note
    package = seal(b"x", [old.card().recipient])
    fresh = rotation.rotate(place.home, private_dir=place.private, purpose=purpose, now=LATER)
    assert unseal(blob, [k.secret for k in fresh.private[Purpose.VAULT]]) == b"x"
    assert unseal(package, fresh.package_identities) == b"x"
    assert fresh.sealer().open(*CELL, cell) == b"x"
    assert fresh.notary().verify(KIND, note) == {"a": 1}
    assert read_public(place.home).checker().open_checkpoint(head).size == 1
    changed = {p for p in Purpose if fresh.public.newest(p).id != old.public.newest(p).id}
    assert changed == {purpose}
    assert not fresh.sealer().is_newest(cell) or purpose is not Purpose.FIELDS
    assert old.blinder().blind("upn", "x") in fresh.blinder().blinds("upn", "x")


def test_a_rotation_that_broke_off_leaves_the_old_key_in_use(place: Place) -> None:
    old = place.create()
    before = public_path(place.home).read_bytes()
    kept = {purpose: file_of(place.private, purpose).read_bytes() for purpose in Purpose}
    rotation.rotate(place.home, private_dir=place.private, purpose=Purpose.FIELDS, now=LATER)
    public_path(place.home).write_bytes(before)   # the crash came before public.json
    assert kept[Purpose.FIELDS] != file_of(place.private, Purpose.FIELDS).read_bytes()
    assert old.sealer().open(*CELL, place.load().sealer().seal(*CELL, b"x")) == b"x"


def test_with_the_recovery_identity_a_home_without_keys_lives_again(place: Place, tmp_path: Path) -> None:
    old = place.create()
    blob, cell, note = seal(b"x", old.vault_recipients), old.sealer().seal(*CELL, b"x"), old.notary().sign(KIND, [("a", 1)])
    new_folder = tmp_path / "new-machine"
    saved = rotation.recover(place.home, private_dir=new_folder, recovery_identity=place.recovery, now=LATER)
    assert unseal(blob, [saved.vault_identity]) == b"x"
    assert saved.sealer().open(*CELL, cell) == b"x"
    assert saved.blinder().blind("upn", "x") == old.blinder().blind("upn", "x")
    assert saved.notary().verify(KIND, note) == {"a": 1}
    with pytest.raises(TamperError):
        old.notary().verify(KIND, saved.notary().sign(KIND, [("a", 1)]))


def test_a_stranger_recovers_nothing(place: Place, tmp_path: Path) -> None:
    place.create()
    other = Place(tmp_path, "991")
    other.create()
    with pytest.raises(TamperError):
        rotation.recover(place.home, private_dir=tmp_path / "x", recovery_identity=other.recovery, now=LATER)


def test_two_authorities_exchange_cards(place: Place, tmp_path: Path) -> None:
    ours, theirs = place.create(), Place(tmp_path, "991").create()
    assert ours.cards("991", TODAY).standing is KeyStanding.NONE
    trust(place.home, Trusted.from_json(theirs.card().to_json()), TODAY)
    card = ours.cards("991", TODAY).usable
    assert card is not None
    assert card == theirs.card()
    assert unseal(seal(b"x", [card.recipient]), [theirs.package_identity]) == b"x"
    note = theirs.notary().sign("cme-gateway-package/1", [("to", "990")])
    assert ours.notary().verify("cme-gateway-package/1", note, keys=[card.signs_with]) == {"to": "990"}
    assert card.valid_on(date(2026, 9, 1))
    assert not card.valid_on(date(2026, 8, 31))
    assert card.valid_on(card.valid_until)
    assert not card.valid_on(date(2029, 1, 1))


@pytest.mark.parametrize("change", [{"la": "992"}, {"recipient": "age1x"}, {"rehearsal": True}, {"la": "../990"}, {"signs": "x"},
                                    {"valid_until": "soon"}, {"fingerprint": ""}])
def test_a_card_changed_on_the_way_is_refused(place: Place, change: dict[str, object]) -> None:
    values = json.loads(place.create().card().to_json()) | change
    with pytest.raises(ConfigError):
        Trusted.from_json(json.dumps(values).encode())


def test_a_card_under_anothers_name_or_from_a_rehearsal_is_refused(place: Place, tmp_path: Path) -> None:
    ours = place.create()
    path = trust(place.home, Place(tmp_path, "991").create().card(), TODAY)
    path.rename(path.with_name("992.json"))
    with pytest.raises(ConfigError):
        ours.cards("992", TODAY)
    path.unlink(missing_ok=True)
    path.with_name("992.json").unlink()
    trust(place.home, Place(tmp_path, "993").create(rehearsal=True).card(), TODAY)
    with pytest.raises(ConfigError, match="rehearsal card of 993"):
        ours.cards("993", TODAY)
    assert ours.cards("../../etc", TODAY).card is None
