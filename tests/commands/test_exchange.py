"""refer, referrals, answer, contacts and s2s, as typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from keys.private import Purpose
from keys.public import read_public
from tests.commands.typed import DAY, FERNBRIDGE, Keyboard


def _case(keyboard: Keyboard) -> str:
    [case] = keyboard.rows("cases")
    return str(case["id"])


def test_a_dry_run_shows_exactly_what_would_leave_and_writes_nothing(keyboard: Keyboard) -> None:
    done = keyboard.type("refer", _case(keyboard), "--to", "991", "--dry-run", "--json")
    assert done.code == 0, done.err
    [shown] = done.rows
    assert shown["fields"]["child"]["legal_surname"] == "Ellery"
    assert shown["held_because"] == [
        "no contact is known for authority 991",
        f"addressed to 991 on one source alone ({next(iter(shown['derivations']))}: 991), 2 expected",
    ]
    assert keyboard.rows("referrals") == []
    assert keyboard.rows("holds") == [h for h in keyboard.rows("holds") if h["what"] != "release"]


def test_a_referral_is_drafted_once_and_waits_for_its_release(keyboard: Keyboard) -> None:
    case = _case(keyboard)
    for _ in range(2):
        assert keyboard.type("refer", case, "--to", "991").code == 0
    [referral] = keyboard.rows("referrals")
    assert {"id", "kind", "direction", "authority", "state", "case", "sent_at", "answered_at", "answer"} <= set(referral)
    assert (referral["kind"], referral["direction"], referral["state"]) == ("referral", "out", "drafted")
    [hold] = [h for h in keyboard.rows("holds") if h["what"] == "release"]
    tried = keyboard.type("holds", "release", hold["id"], "--reason", "checked")
    assert tried.code == 80 and "not sent: no contact is known for authority 991" in tried.out
    assert [r["state"] for r in keyboard.rows("referrals", "--case", case)] == ["held"]
    [guard] = [h for h in keyboard.rows("holds") if h["what"] == "guard"]
    assert guard["clears_with"] in tried.out
    refused = keyboard.type("holds", "release", guard["id"], "--reason", "please", "--json")
    assert (refused.code, refused.error["code"]) == (77, "GUARD-NO-CONTACT")


@pytest.mark.parametrize(("words", "code"), [
    (("refer", "NOPE", "--to", "991"), 64), (("answer", "NOPE", "accepted"), 64), (("answer", "NOPE", "perhaps"), 64),
    (("s2s", "release"), 64), (("s2s", "confirm"), 64), (("s2s", "add", "NOPE", "--to", "9922020"), 64),
    (("contacts", "trust", "991", "/nowhere"), 64), (("s2s", "import", "/nowhere.xml"), 64),
])
def test_what_is_not_there_is_said_and_is_no_fault_of_ours(keyboard: Keyboard, words: tuple[str, ...], code: int) -> None:
    assert keyboard.type(*words).code == code


def test_an_authority_that_does_not_exist_is_not_referred_to(keyboard: Keyboard) -> None:
    case = _case(keyboard)
    assert keyboard.type("refer", case, "--to", "99").code == 64
    assert keyboard.type("refer", case, "--to", "999").code == 64


def test_a_card_is_trusted_under_its_own_code_and_its_own_fingerprint_only(keyboard: Keyboard, tmp_path: Path) -> None:
    ours = tmp_path / "card.json"
    assert keyboard.type("keys", "export", "--to", str(ours)).code == 0
    assert keyboard.type("contacts", "trust", "991", str(ours)).code == 64
    assert keyboard.type("contacts", "trust", "990", str(ours)).code == 64
    assert read_public(keyboard.home).newest(Purpose.PACKAGES).text is not None


def test_the_week_from_an_enquiry_to_a_confirmed_batch(keyboard: Keyboard) -> None:
    case = _case(keyboard)
    assert keyboard.type("case", "enquiry", case, "--evidence", "home visit, nobody there").code == 0
    assert keyboard.type("s2s", "build").code == 0
    assert keyboard.type("s2s", "release").code == 0
    assert keyboard.type("run", "--once", "--today", DAY).code == 0
    pages = list((keyboard.home / "drop" / FERNBRIDGE / "receipts").glob("instruction-*.html"))
    assert len(pages) == 1 and "Ellery" not in pages[0].read_text(encoding="utf-8")
    assert (keyboard.home / "s2s" / "to-upload" / "2026-W47" / "checklist.html").exists()
    [batch] = keyboard.rows("s2s", "list")
    assert {"batch", "state", "files", "instructions", "released_by", "confirmed_at"} <= set(batch)
    [instruction] = batch["instructions"]
    assert (instruction["school"], instruction["case"], instruction["state"]) == (FERNBRIDGE, case, "sent")
    done = keyboard.type("s2s", "confirm", "--instruction", instruction["id"], "--evidence", "the school rang")
    assert done.code == 0, done.err
    assert keyboard.type("s2s", "confirm").code == 0
    [batch] = keyboard.rows("s2s")
    assert (batch["state"], batch["instructions"][0]["state"]) == ("confirmed", "confirmed")
    assert list((keyboard.home / "s2s" / "to-upload" / "2026-W47").iterdir()) == []


def test_a_trusted_card_without_an_address_is_listed_and_told_what_is_next(keyboard: Keyboard, tmp_path: Path) -> None:
    other, card = Keyboard(tmp_path / "991", keyboard.capsys), tmp_path / "marlowick.json"
    assert other.type("init", "--rehearsal", "--la", "991").code == 0
    assert other.type("keys", "export", "--to", str(card)).code == 0
    typed = keyboard.type("contacts", "trust", "991", str(card))
    assert typed.code == 0 and "next: write [contacts.991]" in typed.err
    [row] = keyboard.rows("contacts")
    assert (row["la"], row["lacks"]) == ("991", ["[contacts.991] in config.toml"])


def test_a_rehearsals_contact_that_leads_nowhere_is_told_which_folder_to_write(keyboard: Keyboard) -> None:
    with (keyboard.home / "config.toml").open("a", encoding="utf-8") as config:
        config.write('\n[contacts.991]\nname = "Marlowick CME"\nchannel = "folder"\npath = "/nowhere/in"\n')
    typed = keyboard.type("config", "check", "--json")
    assert typed.code == 78 and "peers/990/in" in typed.error["hint"]
