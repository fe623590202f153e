from __future__ import annotations

import subprocess
import sys

import pytest

from gateway.config.people import current_user
from tests.commands.typed import DAY, FERNBRIDGE, LEAVERS, Keyboard

KEYS = {
    "parcels": "id sha256 name sender channel kind state verdict received_at settled_at receipts",
    "cases": "id state category opened_at closed_at closing upn legal_surname legal_forename dob last_school destination clocks "
    "risk_factors responsible_la restricted parcel",
    "movements": "id movement upn legal_surname legal_forename dob school date destination_type destination_laestab matched_with "
    "superseded_by restricted parcel",
    "holds": "id what reason since clears_with",
}


@pytest.mark.parametrize("command", sorted(KEYS))
def test_a_list_has_the_keys_that_others_script_against(keyboard: Keyboard, command: str) -> None:
    rows = keyboard.rows(command)
    assert rows
    for row in rows:
        assert set(KEYS[command].split()) <= set(row)


@pytest.mark.parametrize("command", ["match", "handovers", "referrals", "contacts"])
def test_an_empty_list_is_no_line_and_for_people_a_sentence(keyboard: Keyboard, command: str) -> None:
    assert keyboard.rows(command) == []
    typed = keyboard.type(command)
    assert typed.out == ""
    assert typed.err


def test_a_parcel_lists_both_receipts_with_their_place_in_the_ledger(keyboard: Keyboard) -> None:
    [parcel] = keyboard.rows("parcels")
    assert (parcel["sender"], parcel["state"], parcel["verdict"]) == (FERNBRIDGE, "settled", "part-accepted")
    assert [receipt["stage"] for receipt in parcel["receipts"]] == ["received", "processed"]
    for receipt in parcel["receipts"]:
        assert isinstance(receipt["ledger_index"], int)
        assert (keyboard.home / receipt["path"]).is_file()


def test_filters_keep_what_was_asked_for(keyboard: Keyboard) -> None:
    assert len(keyboard.rows("parcels", "--state", "settled", "--sender", FERNBRIDGE)) == 1
    assert keyboard.rows("parcels", "--state", "refused") == []
    assert keyboard.type("parcels", "--state", "lost").code == 64
    assert len(keyboard.rows("cases", "--open", "--school", FERNBRIDGE)) == 1
    assert keyboard.rows("cases", "--state", "closed") == []
    assert keyboard.rows("movements", "--school", "9904001") == []
    assert keyboard.rows("holds", "--what", "urgent") == []


@pytest.mark.parametrize("asked", [
    ("cases", "--state", "opne"), ("cases", "--school", "9909999"), ("movements", "--school", "99"),
    ("parcels", "--state", "done"), ("parcels", "--sender", "nobody"), ("handovers", "--team", "x"),
    ("referrals", "--state", "gone"),
])
def test_a_word_that_no_list_knows_is_an_error_and_not_good_news(keyboard: Keyboard, asked: tuple[str, ...]) -> None:
    typed = keyboard.type(*asked, "--json")
    assert (typed.code, typed.error["code"], typed.out) == (64, "USAGE", "")


def test_a_near_miss_is_named(keyboard: Keyboard) -> None:
    assert "did you mean 'refused'?" in keyboard.type("parcels", "--state", "refuse").err


def test_an_id_is_never_cut_in_a_file_or_on_a_narrow_terminal(keyboard: Keyboard) -> None:
    [parcel] = [row["id"] for row in keyboard.rows("parcels")]
    assert parcel in keyboard.type("parcels").out
    assert all(parcel in line for line in keyboard.type("parcels").out.splitlines()[1:] if line.startswith("P"))
    typed = ["script", "-qec", f"stty cols 60; {sys.executable} -m gateway parcels --home {keyboard.home}", "/dev/null"]
    narrow = subprocess.run(typed, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout
    assert parcel in narrow


def test_a_table_names_what_json_numbers(keyboard: Keyboard) -> None:
    typed = keyboard.type("cases")
    assert "Ellery" in typed.out
    assert "\x1b[" not in typed.out
    assert "gateway case ID" in typed.err


def test_show_tells_the_story_of_whatever_the_id_names(keyboard: Keyboard) -> None:
    [parcel] = keyboard.rows("parcels")
    [case] = keyboard.rows("cases")
    [hold] = keyboard.rows("holds")
    movement = keyboard.rows("movements")[0]
    [told] = keyboard.rows("show", parcel["id"])
    assert {m["id"] for m in told["movements"]} == {m["id"] for m in keyboard.rows("movements")}
    assert [c["id"] for c in told["cases"]] == [case["id"]]
    for one in (case, hold, movement):
        assert keyboard.rows("show", one["id"])[0]["id"] == one["id"]
    assert keyboard.type("show", parcel["id"]).out.startswith("id ")


def test_reading_a_childs_record_is_written_down(keyboard: Keyboard) -> None:
    [case] = keyboard.rows("cases")
    keyboard.rows("case", case["id"])
    assert any(entry["what"] == "read case" for entry in keyboard.rows("access", case["id"]))


def test_an_officer_works_on_a_case_until_it_closes_on_evidence(keyboard: Keyboard) -> None:
    [case] = keyboard.rows("cases")
    id = case["id"]
    assert keyboard.type("case", "note", id, "--evidence", "mother rang").code == 0
    assert keyboard.type("case", "enquiry", id, "--evidence", "home visit: no answer", "--on", "2026-11-16").code == 0
    assert keyboard.type("case", "assign", id, "--to", "bob").code == 64
    assert keyboard.type("case", "assign", id, "--to", current_user()).code == 0
    assert keyboard.type("case", "close", id, "--evidence", "sent to S2S", "--json").error["code"] == "NO-EVIDENCE"
    said = "on-roll: office of Ropewalk School, 2026-11-16, started there"
    assert keyboard.type("case", "close", id, "--evidence", said).code == 0
    assert keyboard.rows("case", id)[0]["state"] == "closed"
    assert keyboard.type("case", "reopen", id, "--evidence", "left again").code == 0
    [told] = keyboard.rows("case", id)
    assert told["owner"] == current_user()
    assert {"note", "enquiry", "assigned", "closed", "reopened"} <= {event["what"] for event in told["events"]}


def test_a_hold_is_cleared_with_a_reason(keyboard: Keyboard) -> None:
    [hold] = keyboard.rows("holds")
    assert keyboard.type("holds", "reject", hold["id"]).code == 64
    assert keyboard.type("holds", "reject", hold["id"], "--reason", "sent in error").code == 0
    assert keyboard.rows("holds") == []
    assert [row["state"] for row in keyboard.rows("holds", "--all")] == ["rejected"]


def test_a_receipt_names_the_school_and_which_of_its_files_of_the_day(keyboard: Keyboard) -> None:
    folder = keyboard.home / "drop" / FERNBRIDGE
    (folder / "second.csv").write_text(LEAVERS.replace("Ellery", "Thistlewood"), encoding="utf-8")
    assert keyboard.type("run", "--once", "--today", DAY).code == 0
    (folder / "next day.csv").write_text(LEAVERS.replace("Ellery", "Greenwood"), encoding="utf-8")
    assert keyboard.type("run", "--once", "--today", "2026-11-17").code == 0
    said = []
    for parcel in keyboard.rows("parcels"):
        for stage in ("received", "processed"):
            page = (folder / "receipts" / f"{parcel['id']}-{stage}.html").read_text(encoding="utf-8")
            assert "Fernbridge Primary School" in page
            assert keyboard.type("verify", str(folder / "receipts" / f"{parcel['id']}-{stage}.html")).code == 0
            said.append(page.partition("<dd>your file ")[2].partition(" 2026<")[0])
    assert said == ["no. 1 of 16 November"] * 2 + ["no. 2 of 16 November"] * 2 + ["no. 1 of 17 November"] * 2


def test_a_leaver_with_a_case_shows_its_case(keyboard: Keyboard) -> None:
    [case] = [row for row in keyboard.rows("cases") if row["state"] == "open"]
    assert case["id"] in {row["case"] for row in keyboard.rows("movements")}
    assert case["id"] in keyboard.type("movements").out
