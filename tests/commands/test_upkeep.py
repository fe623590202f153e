from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.bootstrap import open_home
from gateway.bootstrap.plant import plant_of
from tests.commands.typed import FERNBRIDGE, REGISTER, Keyboard


def test_config_show_tells_every_value_its_origin_and_the_folders(keyboard: Keyboard) -> None:
    [shown] = keyboard.rows("config", "show")
    assert shown["clocks"]["held_row_days"] == 3
    assert shown["origins"]["clocks.held_row_days"] == "default"
    assert shown["origins"]["authority.la"] == "config.toml"
    drop = {"path": str(keyboard.home / "drop" / FERNBRIDGE), "sender": FERNBRIDGE, "channel": "drop"}
    assert any(drop.items() <= folder.items() for folder in shown["folders"])


def test_config_show_hides_where_secrets_are(keyboard: Keyboard) -> None:
    with (keyboard.home / "config.toml").open("a", encoding="utf-8") as config:
        config.write('\n[mail]\nhost = "localhost"\npassword_from = "file:smtp-password"\n')
    for words in (["config", "show"], ["config", "show", "--json"]):
        assert "smtp-password" not in keyboard.type(*words).out
    assert keyboard.type("config", "check").code == 78


def test_doctor_finds_a_fresh_home_well_and_says_what_would_be_better(keyboard: Keyboard) -> None:
    found = keyboard.rows("doctor")
    assert {"folder", "schools", "register", "plaintext", "disk", "sandbox", "keys", "store", "vault", "clock", "contacts"} <= {
        one["check"] for one in found
    }
    assert [one for one in found if one["state"] == "fault"] == []
    assert any("terms.csv" in one["type"] for one in found)


def test_doctor_names_what_is_broken_and_what_to_type(keyboard: Keyboard) -> None:
    shutil.rmtree(keyboard.home / "drop" / FERNBRIDGE)
    (keyboard.home / "keys" / "private" / "cme-gateway-vault.json").chmod(0o644)
    typed = keyboard.type("doctor", "--json")
    assert typed.code == 78
    faults = {one["check"]: one for one in typed.rows if one["state"] == "fault"}
    assert f"mkdir -p {keyboard.home}/drop/{FERNBRIDGE}" in faults["schools"]["type"]
    assert "chmod 600" in faults["keys"]["type"]


def test_doctor_leaves_nothing_behind(keyboard: Keyboard) -> None:
    def files() -> set[Path]:
        return {p for p in keyboard.home.rglob("*") if p.is_file() and not p.name.startswith("gateway.sqlite")}

    before = files()
    keyboard.rows("doctor")
    assert files() - before <= {keyboard.home / "daemon.lock"}


def test_a_backup_is_restored_with_the_recovery_identity_and_verifies(keyboard: Keyboard, tmp_path: Path) -> None:
    backup, new = tmp_path / "b.age", tmp_path / "restored"
    assert keyboard.type("backup", str(backup)).code == 0
    assert b"Ellery" not in backup.read_bytes()
    identity = keyboard.home / "keys" / "recovery.age-identity"
    cases = keyboard.rows("cases")
    shutil.move(identity, tmp_path / "recovery")
    shutil.rmtree(keyboard.home)
    restored = Keyboard(new, keyboard.capsys)
    typed = restored.type("restore", str(backup), "--identity", str(tmp_path / "recovery"))
    assert typed.code == 0, typed.err
    assert restored.rows("cases") == cases
    [report] = restored.rows("verify")
    assert report["ok"]
    assert (
        restored.type("restore", str(backup), "--identity", str(tmp_path / "recovery"), "--json").error["code"] == "HOME-EXISTS"
    )


def test_a_backup_that_was_changed_is_refused_and_leaves_no_home(keyboard: Keyboard, tmp_path: Path) -> None:
    backup, new = tmp_path / "b.age", tmp_path / "restored"
    assert keyboard.type("backup", str(backup)).code == 0
    content = bytearray(backup.read_bytes())
    content[-100] ^= 1
    backup.write_bytes(content)
    restored = Keyboard(new, keyboard.capsys)
    typed = restored.type("restore", str(backup), "--identity", str(keyboard.home / "keys" / "recovery.age-identity"))
    assert typed.code == 65 and "does not open as a backup" in typed.err
    assert not new.exists()
    assert list(tmp_path.glob(".restore-*")) == []


def test_a_backup_is_never_overwritten(keyboard: Keyboard, tmp_path: Path) -> None:
    (tmp_path / "b.age").write_bytes(b"another")
    assert keyboard.type("backup", str(tmp_path / "b.age"), "--json").error["code"] == "BACKUP-EXISTS"
    assert (tmp_path / "b.age").read_bytes() == b"another"


def test_old_plaintext_goes_with_a_trace_and_what_waits_stays(keyboard: Keyboard) -> None:
    old = (datetime(2026, 11, 16, tzinfo=UTC) - timedelta(days=40)).timestamp()
    book = keyboard.home / "drop" / FERNBRIDGE / "receipts" / "P1-return.xlsx"
    waiting = keyboard.home / "handover" / "ehe" / "H1.html"
    waiting.parent.mkdir(parents=True)
    for path in (book, waiting):
        path.write_bytes(b"plain")
        os.utime(path, (old, old))
    dry = {Path(row["path"]): row["removed"] for row in keyboard.rows("retention", "--dry-run")}
    assert dry == {book: False, waiting: False}
    gone = {Path(row["path"]): row["removed"] for row in keyboard.rows("retention")}
    assert gone == {book: True, waiting: False}
    assert not book.exists()
    assert waiting.exists()
    [report] = keyboard.rows("verify")
    assert report["ok"]


def test_a_rotated_key_still_proves_old_receipts(keyboard: Keyboard) -> None:
    receipt = next((keyboard.home / "drop" / FERNBRIDGE / "receipts").glob("*processed.json"))
    assert keyboard.type("keys", "rotate", "receipts").code == 0
    assert keyboard.type("verify", str(receipt)).code == 0
    assert sum(key["purpose"] == "receipts" for key in keyboard.rows("keys")) == 2
    assert keyboard.type("keys", "rotate", "feelings").code == 64


def test_our_card_is_exported_with_its_fingerprint(keyboard: Keyboard) -> None:
    typed = keyboard.type("keys", "export")
    card = json.loads(typed.out)
    assert card["la"] == "990"
    assert card["fingerprint"] in typed.err


def test_a_receipt_is_proven_without_a_home(keyboard: Keyboard, tmp_path: Path) -> None:
    receipt = next((keyboard.home / "drop" / FERNBRIDGE / "receipts").glob("*received.json"))
    key = shutil.copy(keyboard.home / "keys" / "public.json", tmp_path)
    nowhere = Keyboard(tmp_path / "nowhere", keyboard.capsys)
    assert nowhere.type("verify", str(receipt), "--key", str(key)).code == 0
    assert nowhere.type("verify", str(receipt)).code == 64
    forged = tmp_path / "forged.json"
    forged.write_text(receipt.read_text().replace(FERNBRIDGE, "9902002"))
    assert nowhere.type("verify", str(forged), "--key", str(key)).code == 65


def test_migrate_has_nothing_to_do_on_a_new_home(keyboard: Keyboard) -> None:
    [told] = keyboard.rows("migrate")
    assert told["changed"] is False


def test_the_daemon_of_a_live_home_expires_old_plaintext_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keyboard = Keyboard(tmp_path / "990", capsys)
    people = ["--contact", "A <a@b.example>", "--deputy", "D <d@b.example>", "--safeguarding-phone", "01632 960100"]
    assert keyboard.type("init", "--la", "990", "--name", "Thornhaven", "--schools", REGISTER, *people).code == 0
    book = keyboard.home / "drop" / FERNBRIDGE / "receipts" / "P1-return.xlsx"
    book.write_bytes(b"plain")
    os.utime(book, (0, 0))
    with open_home(keyboard.home) as home:
        assert "retention" in {kind for kind, _, _ in plant_of(home).due_by_calendar(home.clock.now())}
        with home.store.writing() as tx:
            tx.jobs.enqueue("retention", "retention:tonight", home.clock.now())
    assert keyboard.type("run", "--once").code == 0
    assert not book.exists()


def test_a_backup_goes_into_a_folder_that_is_there_or_nowhere(keyboard: Keyboard, tmp_path: Path) -> None:
    typed = keyboard.type("backup", str(tmp_path / "unmounted" / "b.age"), "--json")
    assert (typed.code, typed.error["code"]) == (64, "BACKUP-NO-FOLDER")
    assert not (tmp_path / "unmounted").exists()


def test_a_file_that_is_no_backup_is_refused(keyboard: Keyboard, tmp_path: Path) -> None:
    (tmp_path / "b.age").write_text("no backup", encoding="utf-8")
    new = Keyboard(tmp_path / "restored", keyboard.capsys)
    identity = str(keyboard.home / "keys" / "recovery.age-identity")
    typed = new.type("restore", str(tmp_path / "b.age"), "--identity", identity, "--json")
    assert (typed.code, typed.error["code"]) == (65, "NOT-A-BACKUP")
    assert not new.home.exists()


def test_with_json_a_card_is_one_object_on_one_line(keyboard: Keyboard) -> None:
    [card] = keyboard.rows("keys", "export")
    assert card["la"] == "990"
