"""``gateway keys`` and ``gateway contacts``, typed: rotated, revoked, brought under new keys; warned of in time."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.lock import held_lock
from gateway.bootstrap import open_home
from gateway.bootstrap.doctor.ending import ending
from gateway.commands.app import run
from keys.cards import folder_of
from keys.trusted import Trusted
from tests.commands.typed import DAY, FERNBRIDGE, LEAVERS, Keyboard

REASON = "a laptop was lost"


def receipts(keyboard: Keyboard) -> list[Path]:
    return sorted((keyboard.home / "drop" / FERNBRIDGE / "receipts").glob("*.json"))


def dropped_again(keyboard: Keyboard) -> None:
    """The same bytes: the receipt is given again."""
    folder = keyboard.home / "drop" / FERNBRIDGE
    (folder / "leavers.part").write_text(LEAVERS, encoding="utf-8")
    (folder / "leavers.part").rename(folder / "leavers.csv")
    typed = keyboard.type("run", "--once", "--today", DAY)
    assert typed.code == 0, typed.err


@pytest.fixture(scope="session")
def neighbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Marlowick's rehearsal home; it is copied before anything is changed in it."""
    home = tmp_path_factory.mktemp("neighbour") / "991"
    with contextlib.redirect_stderr(io.StringIO()):
        assert run(["init", "--rehearsal", "--la", "991", "--home", str(home)]) == 0
    return home


@pytest.fixture
def card(neighbour: Path, keyboard: Keyboard, tmp_path: Path) -> Path:
    """Its card, and its address in our config."""
    shutil.copy(neighbour / "keys" / "public.json", tmp_path / "991.json")
    inbox = neighbour / "peers" / "990" / "in"
    with (keyboard.home / "config.toml").open("a", encoding="utf-8") as config:
        config.write(f'\n[contacts.991]\nname = "Marlowick CME"\nchannel = "folder"\npath = "{inbox}"\nverified_on = {DAY}\n')
    return tmp_path / "991.json"


def test_every_key_is_rotated_and_all_that_was_before_opens_and_verifies(keyboard: Keyboard, tmp_path: Path) -> None:
    cases = keyboard.rows("cases")
    for purpose in ("vault", "packages", "checkpoints", "receipts", "fields", "index"):
        typed = keyboard.type("keys", "rotate", purpose)
        assert typed.code == 0, typed.err
    dropped_again(keyboard)
    [done] = keyboard.rows("keys", "reseal")
    assert done["rows"] > 0
    assert keyboard.rows("keys", "reseal")[0]["rows"] == 0
    assert keyboard.rows("cases") == cases
    [report] = keyboard.rows("verify")
    assert report["problems"] == []
    assert all(keyboard.type("verify", str(path)).code == 0 for path in receipts(keyboard))


def test_the_index_key_is_not_rotated_under_a_running_daemon(keyboard: Keyboard) -> None:
    with held_lock(keyboard.home / "daemon.lock"):
        assert keyboard.type("keys", "rotate", "index", "--json").error["code"] == "HOME-LOCKED"
        assert keyboard.type("keys", "rotate", "fields").code == 0


def test_doctor_says_what_a_rotation_left_and_who_finishes_it(keyboard: Keyboard) -> None:
    keyboard.type("keys", "rotate", "fields")
    said = [one for one in keyboard.type("doctor", "--json").rows if one["type"] == "gateway keys reseal"]
    assert [one["check"] for one in said] == ["store"]
    keyboard.type("keys", "reseal")
    assert [one for one in keyboard.type("doctor", "--json").rows if one["type"] == "gateway keys reseal"] == []


def test_receipts_under_a_revoked_key_do_not_verify_and_are_signed_anew_when_given_again(keyboard: Keyboard) -> None:
    assert keyboard.type("keys", "revoke", "receipts").code == 64
    assert keyboard.type("keys", "revoke", "fields", "--reason", REASON, "--json").error["code"] == "NOT-REVOCABLE"
    [made] = keyboard.rows("keys", "revoke", "receipts", "--reason", REASON)
    assert made["revoked"] is None
    old = {path: path.read_bytes() for path in receipts(keyboard)}
    for path in old:
        typed = keyboard.type("verify", str(path))
        assert typed.code == 65
        assert "KEY-REVOKED" in typed.out
    dropped_again(keyboard)
    fresh = [path for path in receipts(keyboard) if path not in old]
    names = {path.name.partition("-")[2] for path in fresh}
    assert names == {"received-signed-again-1.json", "processed-signed-again-1.json"}
    assert all(path.read_bytes() == content for path, content in old.items())
    assert all(keyboard.type("verify", str(path)).code == 0 for path in fresh)
    assert keyboard.rows("verify")[0]["problems"] == []
    assert REASON.encode() not in b"".join(p.read_bytes() for p in (keyboard.home / "ledger").rglob("*") if p.is_file())


def test_a_checkpoints_key_is_revoked_with_the_home_to_itself_and_the_ledger_goes_on(keyboard: Keyboard) -> None:
    with held_lock(keyboard.home / "daemon.lock"):
        assert keyboard.type("keys", "revoke", "checkpoints", "--reason", REASON, "--json").error["code"] == "HOME-LOCKED"
    before = (keyboard.home / "ledger" / "checkpoint").read_text(encoding="utf-8")
    assert keyboard.type("keys", "revoke", "checkpoints", "--reason", REASON).code == 0
    assert (keyboard.home / "ledger" / "checkpoint").read_text(encoding="utf-8") != before
    [report] = keyboard.rows("verify")
    assert report["problems"] == []
    assert "signed by a key that was revoked since" in "\n".join(report["accepted"])
    dropped_again(keyboard)
    assert keyboard.rows("verify")[0]["problems"] == []
    fresh = [path for path in receipts(keyboard) if "signed-again" in path.name]     # their evidence rested on it
    assert len(fresh) == 2
    assert all(keyboard.type("verify", str(path)).code == 0 for path in fresh)


def test_a_card_is_trusted_revoked_and_never_trusted_again(keyboard: Keyboard, card: Path) -> None:
    [trusted] = keyboard.rows("contacts", "trust", "991", str(card))
    [shown] = keyboard.rows("contacts")
    assert shown["lacks"] == []
    [made] = keyboard.rows("contacts", "revoke", "991", "--reason", REASON)
    assert made["fingerprints"] == [trusted["fingerprint"]]
    [shown] = keyboard.rows("contacts")
    assert shown["lacks"] == ["a trusted key (its key card was revoked)"]
    assert keyboard.type("contacts", "revoke", "991", "--reason", REASON, "--json").error["code"] == "NO-KEY-CARD"
    assert keyboard.type("contacts", "trust", "991", str(card), "--json").error["code"] == "KEY-REVOKED"
    kinds = re.findall(rb'"kind":"(contact-[a-z]+)"', _ledger(keyboard))
    assert kinds == [b"contact-trusted", b"contact-revoked"]


def _ledger(keyboard: Keyboard) -> bytes:
    """Every entry, as the bundles hold them."""
    keyboard.type("run", "--once", "--today", DAY)
    bundles = sorted((keyboard.home / "ledger" / "tile" / "entries").rglob("*"))
    return b"".join(path.read_bytes() for path in bundles if path.is_file())


def test_doctor_names_a_card_that_was_spoilt(keyboard: Keyboard, card: Path) -> None:
    keyboard.type("contacts", "trust", "991", str(card))
    (folder_of(keyboard.home) / "991.json").write_text("{}")
    faults = [one for one in keyboard.type("doctor", "--json").rows if one["state"] == "fault"]
    assert any("not a key card" in one["says"] for one in faults)


@pytest.mark.parametrize(("days", "state"), [(61, None), (60, "note"), (31, "note"), (30, "note"), (8, "note"), (7, "fault"),
                                             (0, "fault")])
def test_doctor_warns_of_a_card_sixty_thirty_and_seven_days_before_its_end(neighbour: Path, days: int, state: str | None) -> None:
    with open_home(neighbour) as home:
        card = home.keys.card()
    live = Trusted(card.la, card.recipient, card.signs, card.valid_from, card.valid_until)
    found = list(ending("contacts", "991 Marlowick: its key card", live, card.valid_until - timedelta(days=days), "trust it"))
    assert [one.state.value for one in found] == ([state] if state else [])
    if days in (60, 30, 7):
        words = {60: "within two months", 30: "within a month", 7: "in 7 days"}[days]
        assert words in found[0].says
    assert list(ending("contacts", "x", card, card.valid_until, "trust it")) == []      # a rehearsal's never ends
