"""An older store put back, as an operator meets it: what refuses, what still answers, and what accepting it does."""

from __future__ import annotations

import contextlib
import io
import shutil
from pathlib import Path

import pytest

from adapters.lock import held_lock
from gateway.commands.app import run
from tests.commands.typed import FERNBRIDGE, LEAVERS, Keyboard

LATER = "2026-11-17"
REASON = "the disk failed, this copy is the newest there is"


def drop(home: Path, name: str, surname: str) -> Path:
    folder = home / "drop" / FERNBRIDGE
    (folder / f"{name}.part").write_text(LEAVERS.replace("Ellery", surname), encoding="utf-8")
    return (folder / f"{name}.part").rename(folder / f"{name}.csv")


def copy_store(home: Path, to: Path) -> None:
    to.mkdir()
    for path in home.glob("gateway.sqlite*"):
        shutil.copy(path, to)


def put_store_back(home: Path, copy: Path) -> None:
    for path in home.glob("gateway.sqlite*"):
        path.unlink()
    for path in copy.iterdir():
        shutil.copy(path, home)


@pytest.fixture(scope="session")
def yesterday(carried: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home in it: one more return was taken and acknowledged, then yesterday's store was put back."""
    root = tmp_path_factory.mktemp("put-back")
    home = root / "990"
    shutil.copytree(carried, home)
    copy_store(home, root / "yesterday")
    shutil.copytree(home / "ledger", root / "yesterdays-ledger")
    drop(home, "more", "Thistlewood")
    with contextlib.redirect_stderr(io.StringIO()) as said:
        assert run(["run", "--once", "--today", LATER, "--home", str(home)]) == 0, said.getvalue()
    shutil.copytree(home / "drop" / FERNBRIDGE / "receipts", root / "kept-by-the-school")
    put_store_back(home, root / "yesterday")
    return root


@pytest.fixture
def put_back(yesterday: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Keyboard:
    """A copy of it all."""
    shutil.copytree(yesterday, tmp_path, dirs_exist_ok=True)
    return Keyboard(tmp_path / "990", capsys)


def lost_receipts(keyboard: Keyboard, kept: Path) -> list[str]:
    known = {parcel["id"] for parcel in keyboard.rows("parcels")}
    return [word for path in sorted(kept.glob("*.json")) if path.name.split("-")[0] not in known
            for word in ("--witnessed", str(path))]


def test_the_daemon_refuses_to_start_and_the_senders_file_stays(put_back: Keyboard) -> None:
    file = drop(put_back.home, "next", "Quillfeather")
    typed = put_back.type("run", "--once", "--today", LATER, "--json")
    assert typed.code == 70
    assert typed.error["code"] == "LEDGER-PUT-BACK"
    assert "gateway ledger accept" in typed.error["hint"]
    assert file.exists()
    assert put_back.type("run", "--once").code == 70       # and does not wear off


@pytest.mark.parametrize("words", [
    ["take", "FILE", "--from", FERNBRIDGE, "--via", "egress"], ["keys", "rotate", "receipts"],
    ["case", "note", "C01", "--evidence", "rang"],
    ["s2s", "build"], ["cases"],
], ids=["take", "keys rotate", "case note", "s2s build", "reading records, which is written down"])
def test_every_command_that_writes_refuses(put_back: Keyboard, tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "leavers.csv").write_text(LEAVERS, encoding="utf-8")
    typed = put_back.type(*(str(tmp_path / "leavers.csv") if word == "FILE" else word for word in words), "--json")
    assert (typed.code, typed.error["code"]) == (70, "LEDGER-PUT-BACK"), typed.err


def test_what_only_reads_answers_and_a_backup_can_be_made(put_back: Keyboard, tmp_path: Path) -> None:
    assert put_back.rows("parcels")
    assert put_back.type("referrals").code == 0
    assert put_back.type("backup", str(tmp_path / "b.age")).code == 0
    typed = put_back.type("ledger", "--json")
    assert typed.code == 70
    assert typed.rows[0]["code"] == "LEDGER-PUT-BACK"


def test_doctor_says_what_is_wrong_and_what_to_type(put_back: Keyboard) -> None:
    typed = put_back.type("doctor", "--json")
    assert typed.code == 78
    [said] = [one for one in typed.rows if one["check"] == "ledger" and one["state"] == "fault"]
    assert "gateway ledger accept" in said["type"]


def test_accepted_with_a_reason_the_gateway_goes_on_and_verify_says_so_for_ever(put_back: Keyboard, tmp_path: Path) -> None:
    assert put_back.type("ledger", "accept").code == 64
    [made] = put_back.rows("ledger", "accept", "--reason", REASON)
    assert made["published"] > made["store"] == made["common"]
    assert put_back.type("ledger").code == 0
    assert put_back.type("ledger", "accept", "--reason", "again", "--json").error["code"] == "NOT-PUT-BACK"
    drop(put_back.home, "next", "Quillfeather")
    typed = put_back.type("run", "--once", "--today", LATER)
    assert typed.code == 0, typed.err
    [report] = put_back.rows("verify")
    assert report["problems"] == []
    [told] = report["accepted"]
    assert f"accepted by {made['by']} on {made['at']}" in told
    [hold] = [hold for hold in put_back.rows("holds", "--all") if hold["what"] == "put-back"]
    assert hold["state"] == "released"
    lost = lost_receipts(put_back, tmp_path / "kept-by-the-school")
    [report] = put_back.rows("verify", *lost)
    assert len(report["accepted"]) == 1 + len(lost) // 2
    assert sum("is not in this ledger: what it acknowledged is not here" in said for said in report["accepted"]) == len(lost) // 4
    assert sum("is not in this ledger: what it tells of was not done" in said for said in report["accepted"]) == len(lost) // 4


def test_when_the_ledger_folder_was_put_back_too_only_a_kept_receipt_shows_it(put_back: Keyboard, tmp_path: Path) -> None:
    shutil.rmtree(put_back.home / "ledger")
    shutil.copytree(tmp_path / "yesterdays-ledger", put_back.home / "ledger")
    assert put_back.rows("verify")[0]["ok"] is True
    lost = lost_receipts(put_back, tmp_path / "kept-by-the-school")
    typed = put_back.type("verify", *lost, "--json")
    assert typed.code == 70
    assert len(typed.rows[0]["problems"]) == len(lost) // 2
    assert all("is not in this ledger" in problem for problem in typed.rows[0]["problems"])


def test_a_witness_may_be_a_checkpoint_and_one_that_is_nothing_is_named(keyboard: Keyboard, tmp_path: Path) -> None:
    note = keyboard.home / "ledger" / "checkpoint"
    assert keyboard.type("verify", "--witnessed", str(note)).code == 0
    assert keyboard.type("verify", "--witnessed", str(tmp_path / "nothing")).code == 64
    assert keyboard.type("verify", "--witnessed", str(tmp_path)).code == 64        # a folder without a receipt
    (tmp_path / "noise").write_bytes(b"\xff\x00")
    typed = keyboard.type("verify", "--witnessed", str(tmp_path / "noise"), "--json")
    assert typed.code == 70
    assert "checkpoint 1 of those brought along does not verify" in typed.rows[0]["problems"][0]
    receipt = next((keyboard.home / "drop" / FERNBRIDGE / "receipts").glob("*.json"))
    (tmp_path / "forged").write_text(receipt.read_text(encoding="utf-8").replace(FERNBRIDGE, "9902002"), encoding="utf-8")
    typed = keyboard.type("verify", "--witnessed", str(tmp_path / "forged"), "--json")
    assert "receipt 1 of those brought along does not verify" in typed.rows[0]["problems"][0]


def test_nobody_accepts_while_the_daemon_runs(put_back: Keyboard) -> None:
    with held_lock(put_back.home / "daemon.lock"):
        typed = put_back.type("ledger", "accept", "--reason", REASON, "--json")
    assert typed.error["code"] == "HOME-LOCKED"
