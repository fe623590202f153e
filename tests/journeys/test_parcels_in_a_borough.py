"""Parcels, receipts, the ledger and the weekly basket, seen through the command line of a rehearsal borough."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.journeys.borough import FERNBRIDGE, QUILLMEAD, Borough, Pupil, leaver, leavers
from tests.samples.make_samples import workbook

MUSA = Pupil(11)
MONDAY = "2026-11-16"


@pytest.fixture
def borough(tmp_path: Path) -> Borough:
    return Borough.found(tmp_path / "990")


def _lost() -> bytes:
    return leavers(leaver(MUSA, "13/11/2026", "9(1)(i)", "Unknown"))


def test_the_same_bytes_in_the_same_week_are_one_parcel_and_next_week_another(borough: Borough) -> None:
    for day in (MONDAY, "2026-11-18", "2026-11-23"):
        borough.drop(FERNBRIDGE, "leavers.csv", _lost())
        borough.run(day)
    parcels = borough.objects("parcels")
    assert len(parcels) == 2
    assert {parcel["sha256"] for parcel in parcels} == {parcels[0]["sha256"]}
    assert len(borough.objects("cases")) == 1


def test_every_parcel_has_two_receipts_that_verify_offline_and_a_changed_one_does_not(borough: Borough) -> None:
    borough.drop(FERNBRIDGE, "leavers.csv", _lost())
    borough.run(MONDAY)
    [parcel] = borough.objects("parcels")
    assert parcel["state"] == "settled"
    assert [receipt["stage"] for receipt in parcel["receipts"]] == ["received", "processed"]
    assert all(isinstance(receipt["ledger_index"], int) for receipt in parcel["receipts"])
    receipts = sorted((borough.home / "drop" / FERNBRIDGE / "receipts").glob("*.json"))
    assert len(receipts) == 2
    for receipt in receipts:
        assert borough.gateway("verify", str(receipt)).returncode == 0, borough.last.stderr
    forged = receipts[0].parent / "forged.json"
    forged.write_text(receipts[0].read_text(encoding="utf-8").replace(parcel["sha256"], "0" * 64), encoding="utf-8")
    assert borough.gateway("verify", str(forged)).returncode != 0


def test_what_cannot_be_read_is_refused_with_signed_receipts_and_a_person_is_told(borough: Borough) -> None:
    with (borough.home / "config.toml").open("a", encoding="utf-8") as config:
        config.write("\n[receive]\nmax_bytes = 2000\nkeep_bytes = 5000\n")
    folder = borough.home / "drop" / FERNBRIDGE
    (folder / "leavers.csv").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.csv")
    borough.drop(FERNBRIDGE, "large.csv", b"UPN,Surname\n" * 300)
    borough.drop(FERNBRIDGE, "beyond.csv", b"UPN,Surname\n" * 600)
    borough.run(MONDAY)
    borough.run("2026-11-17")
    parcels = {parcel["name"]: parcel for parcel in borough.objects("parcels")}
    assert {name: parcel["state"] for name, parcel in parcels.items()} == dict.fromkeys(
        ("leavers.csv", "pipe.csv", "large.csv", "beyond.csv"), "refused")
    answers = {name: json.loads((borough.home / parcel["receipts"][1]["path"]).with_suffix(".json").read_text())
               for name, parcel in parcels.items()}
    assert {name: answer["findings"][0]["code"] for name, answer in answers.items()} == {
        "leavers.csv": "DROP-LINK", "pipe.csv": "DROP-PIPE", "large.csv": "FILE-TOO-LARGE", "beyond.csv": "DROP-TOO-LARGE"}
    assert all(answer["findings"][0]["hint"] for answer in answers.values())
    for parcel in parcels.values():
        for receipt in parcel["receipts"]:
            assert borough.gateway("verify", str(borough.home / receipt["path"])).returncode == 0, borough.last.stdout
    assert len(borough.holds("file")) == len(list((borough.home / "notices").iterdir())) == 4
    assert [path.name for path in folder.iterdir() if path.name not in (".taking", "receipts")] == ["beyond.csv"]
    [report] = borough.objects("verify")
    assert (report["ok"], report["balance"]["refused"], report["vault"]["blobs"]) == (True, 4, 4)


def test_a_file_kept_unread_is_read_when_larger_ones_are_allowed(borough: Borough) -> None:
    plain = (borough.home / "config.toml").read_text(encoding="utf-8")
    (borough.home / "config.toml").write_text(plain + "\n[receive]\nmax_bytes = 20\n", encoding="utf-8")
    borough.drop(FERNBRIDGE, "leavers.csv", _lost())
    borough.run(MONDAY)
    assert [parcel["state"] for parcel in borough.objects("parcels")] == ["refused"]
    (borough.home / "config.toml").write_text(plain, encoding="utf-8")
    borough.run(MONDAY)
    assert [parcel["state"] for parcel in borough.objects("parcels")] == ["settled"]
    assert len(borough.objects("cases")) == 1


def test_the_ledger_verifies_and_the_balance_adds_up(borough: Borough) -> None:
    borough.drop(FERNBRIDGE, "leavers.csv", _lost())
    borough.drop(QUILLMEAD, "broken.xlsx", b"PK\x03\x04 not a workbook")
    borough.run(MONDAY)
    [report] = borough.objects("verify")
    assert report["ok"] is True
    assert report["problems"] == []
    balance = report["balance"]
    assert balance["received"] == 2
    assert balance["received"] == balance["settled"] + balance["held"] + balance["refused"] + balance["in_progress"]


def test_another_schools_number_in_the_file_is_refused_and_answered(borough: Borough) -> None:
    content = b"School,Fernbridge Primary School\nDfE number,990/2001\n" + _lost().removeprefix(b"\xef\xbb\xbf")
    borough.drop(QUILLMEAD, "leavers.csv", content)
    borough.run(MONDAY)
    [parcel] = borough.objects("parcels")
    assert (parcel["state"], parcel["verdict"]) == ("refused", "refused")
    assert borough.objects("movements") == []
    assert len(list((borough.home / "drop" / QUILLMEAD / "receipts").glob("*processed*.html"))) == 1
    [hold] = borough.holds("file")
    [receipt] = (borough.home / "drop" / QUILLMEAD / "receipts").glob("*processed*.json")
    [finding] = json.loads(receipt.read_text(encoding="utf-8"))["findings"]
    assert finding["code"] in hold["reason"]
    assert finding["hint"]


def test_an_officer_hands_in_what_came_by_secure_mail(borough: Borough, tmp_path: Path) -> None:
    mail = tmp_path / "from the mail.csv"
    mail.write_bytes(_lost())
    assert borough.gateway("take", str(mail), "--from", FERNBRIDGE, "--via", "egress", "--today", MONDAY).returncode == 0
    borough.run(MONDAY)
    assert [parcel["channel"] for parcel in borough.objects("parcels")] == ["egress"]
    assert len(borough.cases()) == 1


def test_a_lost_pupil_is_an_instruction_to_the_school_only_after_an_enquiry_was_recorded(borough: Borough) -> None:
    borough.drop(FERNBRIDGE, "leavers.csv", _lost())
    borough.run(MONDAY)
    [case] = borough.cases()
    assert borough.gateway("s2s", "build").returncode == 0
    assert not any(row["state"] == "ready" for batch in borough.objects("s2s", "list") for row in batch["instructions"])
    done = borough.gateway("case", "enquiry", case["id"], "--evidence", "home visit, nobody at the address")
    assert done.returncode == 0, done.stderr
    borough.run("2026-11-17")
    assert borough.gateway("s2s", "build").returncode == 0, borough.last.stderr
    batch = borough.objects("s2s", "list")[-1]
    assert [row["school"] for row in batch["instructions"]] == [FERNBRIDGE]
    assert borough.gateway("s2s", "release").returncode == 0, borough.last.stderr
    borough.run("2026-11-17")
    pages = list((borough.home / "drop" / FERNBRIDGE / "receipts").glob("*instruction*.html"))
    assert len(pages) == 1
    assert "Ellery" not in pages[0].read_text(encoding="utf-8")
    assert borough.gateway("s2s", "confirm").returncode == 0, borough.last.stderr


def test_nothing_a_sender_wrote_stands_in_the_clear_in_the_home(borough: Borough) -> None:
    borough.drop(FERNBRIDGE, "Musa Ellery leaves.csv", _lost())
    aisha = leaver(Pupil(12, "Ellery", "Aisha"), "13/11/2026", "9(1)(i)", "Unknown", Urgent="Yes")
    part_time = [("Part-time timetable return",), ("Surname", "Forename", "DOB", "Hours in school", "Urgent"),
                 ("Ellery", "Musa", "02/03/2018", "12", "Yes")]
    borough.drop(FERNBRIDGE, "leavers.xlsx", workbook({"Aisha Ellery": [tuple(aisha), tuple(aisha.values())]}))
    borough.drop(FERNBRIDGE, "part-time.xlsx", workbook({"Musa Ellery": part_time}))
    borough.run(MONDAY)
    assert len(borough.holds("urgent")) == 2
    for path in borough.home.rglob("*"):
        if path.is_file() and "receipts" not in path.parts and "register" not in path.parts:
            content = path.read_bytes()
            assert b"Ellery" not in content, path.name
            assert MUSA.upn.encode() not in content, path.name


def test_the_clock_of_a_rehearsal_never_goes_back(borough: Borough) -> None:
    borough.run(MONDAY)
    assert borough.gateway("run", "--once", "--today", "2026-11-10").returncode == 64
    assert json.loads(borough.gateway("config", "show", "--json").stdout)
