"""Whom nobody expects anything from: refused when typed, held for a person when it lies in a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.typed import DAY, LEAVERS, Keyboard

NOT_IN_THE_REGISTER, MARLOWICK_GREEN = "9905555", "9912010"
URGENT = LEAVERS.replace("Destination school\n", "Destination school,Urgent\n").replace("Unknown\n", "Unknown,yes\n")


def _drop(keyboard: Keyboard, sender: str, content: str = LEAVERS) -> None:
    folder = keyboard.home / "drop" / sender
    folder.mkdir(exist_ok=True)
    (folder / "leavers.csv").write_text(content, encoding="utf-8")
    typed = keyboard.type("run", "--once", "--today", DAY)
    assert typed.code == 0, typed.err


@pytest.mark.parametrize("sender", [NOT_IN_THE_REGISTER, MARLOWICK_GREEN])
def test_a_number_that_is_no_school_of_ours_cannot_hand_in(keyboard: Keyboard, tmp_path: Path, sender: str) -> None:
    file = tmp_path / "leavers.csv"
    file.write_text(LEAVERS, encoding="utf-8")
    before = len(keyboard.rows("parcels"))
    typed = keyboard.type("take", str(file), "--from", sender, "--via", "egress", "--json")
    assert (typed.code, typed.error["code"]) == (64, "SENDER-NOT-KNOWN")
    assert sender in typed.error["message"] and f"[senders.{sender}]" in typed.error["hint"]
    assert len(keyboard.rows("parcels")) == before


def test_an_agency_or_a_sender_in_config_can(keyboard: Keyboard, tmp_path: Path) -> None:
    file = tmp_path / "leavers.csv"
    file.write_text(LEAVERS, encoding="utf-8")
    assert keyboard.type("take", str(file), "--from", "youth-justice", "--via", "agency").code == 0
    _config(keyboard, f'[senders.{NOT_IN_THE_REGISTER}]\nname = "A school that opened today"\n')
    assert keyboard.type("take", str(file), "--from", NOT_IN_THE_REGISTER, "--via", "egress").code == 0


@pytest.mark.parametrize("sender", [NOT_IN_THE_REGISTER, MARLOWICK_GREEN, "hello"])
def test_a_folder_that_somebody_made_is_kept_answered_and_waits_for_a_person(keyboard: Keyboard, sender: str) -> None:
    before = len(keyboard.rows("movements"))
    _drop(keyboard, sender)
    [parcel] = [p for p in keyboard.rows("parcels") if p["sender"] == sender]
    assert (parcel["state"], parcel["rows"]) == ("held", {"read": 0, "accepted": 0, "held": 0})
    [hold] = keyboard.rows("holds", "--what", "sender")
    assert hold["about"] == parcel["id"] and sender in hold["reason"]
    assert len(keyboard.rows("movements")) == before
    receipts = keyboard.home / "drop" / sender / "receipts"
    said = json.loads((receipts / f"{parcel['id']}-processed.json").read_text())
    assert [finding["code"] for finding in said["findings"]] == ["SENDER-NOT-KNOWN"]
    assert "waits for an officer" in (receipts / f"{parcel['id']}-processed.html").read_text()
    assert keyboard.rows("verify")[0]["ok"]


def test_a_person_who_knows_whose_it_is_has_it_read(keyboard: Keyboard) -> None:
    _drop(keyboard, NOT_IN_THE_REGISTER)
    [hold] = keyboard.rows("holds", "--what", "sender")
    assert "its sealed bytes" in keyboard.type("show", hold["id"]).out
    assert keyboard.type("holds", "release", hold["id"], "--reason", "a new school, told by telephone").code == 0
    assert keyboard.type("run", "--once").code == 0
    [parcel] = [p for p in keyboard.rows("parcels") if p["sender"] == NOT_IN_THE_REGISTER]
    assert (parcel["state"], parcel["verdict"], parcel["rows"]["read"]) == ("settled", "part-accepted", 2)
    assert (keyboard.home / "drop" / NOT_IN_THE_REGISTER / "receipts" / f"{parcel['id']}-processed-2.html").is_file()


def test_one_that_is_turned_away_is_not_read(keyboard: Keyboard) -> None:
    _drop(keyboard, "hello")
    [hold] = keyboard.rows("holds", "--what", "sender")
    assert keyboard.type("holds", "reject", hold["id"], "--reason", "nobody's").code == 0
    assert keyboard.type("run", "--once").code == 0
    [parcel] = [p for p in keyboard.rows("parcels") if p["sender"] == "hello"]
    assert (parcel["state"], parcel["rows"]["read"]) == ("settled", 0)


def test_once_config_knows_the_sender_it_is_read_by_itself(keyboard: Keyboard) -> None:
    _drop(keyboard, NOT_IN_THE_REGISTER)
    _config(keyboard, f'[senders.{NOT_IN_THE_REGISTER}]\nname = "A school that opened today"\n')
    assert keyboard.type("run", "--once").code == 0
    [parcel] = [p for p in keyboard.rows("parcels") if p["sender"] == NOT_IN_THE_REGISTER]
    assert (parcel["state"], parcel["rows"]["read"]) == ("settled", 2)
    assert keyboard.rows("holds", "--what", "sender") == []


def test_an_urgent_flag_in_a_strangers_file_does_not_wait(keyboard: Keyboard) -> None:
    _drop(keyboard, "hello", URGENT)
    assert len(keyboard.rows("holds", "--what", "urgent")) == 1


def test_a_kind_for_a_person_waits_as_such_once_the_sender_is_known(keyboard: Keyboard) -> None:
    _drop(keyboard, "hello", "CME enquiry form\nSurname of child,Ellery\nForename,Musa\nDate of birth,02/03/2018\nReason,moved\n")
    [parcel] = [p for p in keyboard.rows("parcels") if p["sender"] == "hello"]
    assert parcel["kind"] == "enquiry"
    [hold] = keyboard.rows("holds", "--what", "sender")
    assert keyboard.type("holds", "release", hold["id"], "--reason", "the youth team's").code == 0
    assert keyboard.type("run", "--once").code == 0
    assert [h["about"] for h in keyboard.rows("holds", "--what", "file")] == [parcel["id"]]


def test_doctor_names_what_is_nobodys(keyboard: Keyboard) -> None:
    for name in (NOT_IN_THE_REGISTER, "hello", "Fernbridge Primary"):
        (keyboard.home / "drop" / name).mkdir()
    (keyboard.home / "drop" / "leavers.csv").write_text(LEAVERS, encoding="utf-8")
    said = keyboard.type("doctor").out
    for words in ("drop/9905555 is not in the register", "drop/hello is no school's number",
                  "a folder in drop/ with no sender's name is nobody's", "a file in drop/ itself is nobody's"):
        assert words in said


def test_without_a_register_nobody_is_locked_out_and_doctor_says_so(keyboard: Keyboard) -> None:
    (keyboard.home / "register" / "schools.csv").unlink()
    _drop(keyboard, NOT_IN_THE_REGISTER)
    [parcel] = [p for p in keyboard.rows("parcels") if p["sender"] == NOT_IN_THE_REGISTER]
    assert parcel["rows"]["read"] == 2
    assert "is believed" in keyboard.type("doctor").out


def _config(keyboard: Keyboard, more: str) -> None:
    config = keyboard.home / "config.toml"
    config.write_text(config.read_text(encoding="utf-8") + "\n" + more, encoding="utf-8")


def test_doctor_goes_on_where_one_thing_is_broken(keyboard: Keyboard) -> None:
    (keyboard.home / "register" / "schools.csv").write_text("School\nFernbridge\n", encoding="utf-8")
    typed = keyboard.type("doctor", "--json")
    assert typed.code == 78
    found = {(row["check"], row["state"]) for row in typed.rows}
    assert ("register", "fault") in found and ("clock", "ok") in found
