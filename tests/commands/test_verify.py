"""``gateway verify``, typed: a home, a home that was put back, a receipt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands.typed import FERNBRIDGE, LEAVERS, Keyboard

LATER = "2026-11-17"


def carry_more(keyboard: Keyboard) -> None:
    folder = keyboard.home / "drop" / FERNBRIDGE
    (folder / "more.part").write_text(LEAVERS.replace("Ellery", "Thistlewood"), encoding="utf-8")
    (folder / "more.part").rename(folder / "more.csv")
    typed = keyboard.type("run", "--once", "--today", LATER)
    assert typed.code == 0, typed.err


def test_a_home_verifies_and_its_ledger_stands_in_files_too(keyboard: Keyboard) -> None:
    [report] = keyboard.rows("verify")
    assert report["ok"] is True
    note = (keyboard.home / "ledger" / "checkpoint").read_text(encoding="utf-8").splitlines()
    assert int(note[1]) == report["ledger"]["entries"]
    assert (keyboard.home / "ledger" / "tile" / "entries").is_dir()


def test_an_older_store_put_back_is_found(keyboard: Keyboard, tmp_path: Path) -> None:
    older = tmp_path / "older.sqlite"
    shutil.copy(keyboard.home / "gateway.sqlite", older)
    carry_more(keyboard)
    for path in keyboard.home.glob("gateway.sqlite*"):
        path.unlink()
    shutil.copy(older, keyboard.home / "gateway.sqlite")
    typed = keyboard.type("verify", "--json")
    assert typed.code == 70
    assert "checkpoint published in ledger/" in "\n".join(typed.rows[0]["problems"])


def test_a_restored_home_carries_on_and_verifies(keyboard: Keyboard, tmp_path: Path) -> None:
    carry_more(keyboard)
    backup = tmp_path / "b.age"
    assert keyboard.type("backup", str(backup)).code == 0
    restored = Keyboard(tmp_path / "restored", keyboard.capsys)
    identity = str(keyboard.home / "keys" / "recovery.age-identity")
    assert restored.type("restore", str(backup), "--identity", identity).code == 0
    typed = restored.type("run", "--once", "--today", LATER)
    assert typed.code == 0, typed.err
    [report] = restored.rows("verify")
    assert report["problems"] == []
    assert (restored.home / "ledger" / "checkpoint").is_file()


@pytest.mark.parametrize("suffix", ["html", "json"])
def test_a_receipt_verifies_offline_until_it_is_changed(keyboard: Keyboard, tmp_path: Path, suffix: str) -> None:
    [receipt] = (keyboard.home / "drop" / FERNBRIDGE / "receipts").glob(f"*-processed.{suffix}")
    public = tmp_path / "public.json"
    shutil.copy(keyboard.home / "keys" / "public.json", public)
    elsewhere = Keyboard(tmp_path / "nowhere", keyboard.capsys)
    assert elsewhere.type("verify", str(receipt), "--key", str(public)).code == 0
    changed = tmp_path / f"changed.{suffix}"
    changed.write_text(receipt.read_text(encoding="utf-8").replace("part-accepted", "accepted"), encoding="utf-8")
    assert elsewhere.type("verify", str(changed), "--key", str(public)).code == 65


def test_a_receipt_is_told_in_words(keyboard: Keyboard) -> None:
    receipt = next((keyboard.home / "drop" / FERNBRIDGE / "receipts").glob("*-processed.json"))
    said = keyboard.type("verify", str(receipt)).out
    assert "rehearsal     yes" in said
    assert "1 accepted" in said and "1 held" in said
    assert not set("{}'") & set(said)
