"""An officer's day as typed: what waits says what can be done, what is pasted does no harm, nothing is a dead end."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.config.people import current_user
from tests.commands.typed import DAY, FERNBRIDGE, LEAVERS, Keyboard

HEADINGS = "UPN,Legal surname,Legal forename,Date of birth,Home postcode,New postcode,New address,Off roll date,Ground\n"
TUESDAY = "2026-11-17"
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _whole_when_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_RECEIVE__SETTLE_SECONDS", "0.3")


def _case(keyboard: Keyboard) -> str:
    return str(keyboard.rows("cases")[0]["id"])


def _hold(keyboard: Keyboard, what: str) -> dict[str, str]:
    [hold] = [hold for hold in keyboard.rows("holds") if hold["what"] == what]
    return hold


def _drop(keyboard: Keyboard, name: str, content: bytes, day: str) -> None:
    part = keyboard.home / "drop" / FERNBRIDGE / f"{name}.part"
    part.write_bytes(content)
    part.rename(part.with_name(name))
    assert keyboard.type("run", "--once", "--today", day).code in (0, 80)


def _state(keyboard: Keyboard) -> list[object]:
    lists = (("cases",), ("movements",), ("referrals",), ("holds", "--all"), ("match", "--all"))
    return [keyboard.rows(*words) for words in lists]


def test_every_clears_with_can_be_pasted_whole_and_changes_nothing(keyboard: Keyboard) -> None:
    assert keyboard.type("refer", _case(keyboard), "--to", "991").code == 0
    _drop(keyboard, "letter.pdf", PDF, DAY)
    holds = keyboard.rows("holds")
    assert {hold["what"] for hold in holds} >= {"rows", "release", "file"}
    before = _state(keyboard)
    for hold in holds:
        words = shlex.split(hold["clears_with"], comments=True)
        assert words[0] == "gateway" and not set(hold["clears_with"]) & set("|<>…()[]*;&$`")
        told = keyboard.type(*words[1:])
        assert told.code == 0, told.err
        assert "what you can do" in told.out and f"gateway holds release {hold['id']}" in told.out
    assert _state(keyboard) == before


def test_a_list_says_about_whom_and_from_whom_without_a_second_command(keyboard: Keyboard) -> None:
    assert keyboard.type("refer", _case(keyboard), "--to", "991").code == 0
    listed = keyboard.type("holds").out
    assert "Ellery, Musa" in listed and FERNBRIDGE in listed
    rows, release = _hold(keyboard, "rows"), _hold(keyboard, "release")
    assert (rows["sender"], release["legal_surname"], release["authority"]) == (FERNBRIDGE, "Ellery", "991")
    told = keyboard.type("show", rows["id"]).out
    assert "31/02" not in told and "Date of birth" in told and "leavers.csv" in told


def test_an_urgent_flag_stands_first(keyboard: Keyboard) -> None:
    urgent = ("Legal surname,Legal forename,Date of birth,Off roll date,Ground for deletion,Urgent\n"
              "Okonkwo,Orla,2/3/2017,13/11/2026,i,Yes\n")
    _drop(keyboard, "urgent.csv", urgent.encode(), DAY)
    assert keyboard.rows("holds")[0]["what"] == "urgent"
    hold = _hold(keyboard, "urgent")
    assert "Okonkwo" in keyboard.type("show", hold["id"]).out
    assert keyboard.type("holds", "release", hold["id"], "--reason", "rang the school").code == 0


def test_the_reason_is_asked_for_on_a_terminal_and_elsewhere_named(keyboard: Keyboard) -> None:
    hold = _hold(keyboard, "rows")
    refused = keyboard.type("holds", "reject", hold["id"], "--json")
    assert (refused.code, refused.error["code"]) == (64, "NO-REASON")
    done = _on_a_terminal(["holds", "reject", hold["id"]], keyboard.home, "sent in error\n")
    assert done == 0
    assert [row["state"] for row in keyboard.rows("holds", "--all")] == ["rejected"]


def test_a_child_told_of_on_a_terminal_has_a_case_and_nothing_of_it_stands_in_the_command(keyboard: Keyboard) -> None:
    answers = ["Marsh", "Ines", "01/04/2017", "", "F", "2 High St", "ZY1 2AB", "", "", "Mrs Marsh", "", "", "", "", ""]
    done = _on_a_terminal(["case", "open", "--category", "never-accessed-education", "--evidence", "health visitor, 16 Nov"],
                          keyboard.home, "".join(f"{line}\n" for line in answers))
    assert done == 0
    [case] = [case for case in keyboard.rows("cases") if case["legal_surname"] == "Marsh"]
    [told] = keyboard.rows("case", case["id"])
    assert (told["category"], told["record"]["home_postcode"], told["responsible_la"]) == (
        "never-accessed-education", "ZY1 2AB", "990")
    assert told["record"]["parents"] == [{"name": "Mrs Marsh"}]


def _on_a_terminal(words: list[str], home: Path, typed: str) -> int:
    """The exit code of a command that a person types on a real terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "gateway", *words, "--home", str(home)]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs, close_fds=True) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        code = process.wait(timeout=60)
    os.close(ours)
    return code


@pytest.mark.parametrize(("category", "about"), [
    ("failed-to-engage-with-home-education", "M"), ("failed-to-take-up-accepted-place", "K"),
    ("withdrawn-by-parent-or-carer", "C")])
def test_every_category_is_within_reach_for_a_child_that_is_known(keyboard: Keyboard, category: str, about: str) -> None:
    case = keyboard.rows("cases")[0]
    said = "on-roll: office of Ropewalk School, 2026-11-16, started there"
    assert keyboard.type("case", "close", case["id"], "--evidence", said).code == 0
    movement = next(m["id"] for m in keyboard.rows("movements") if m["child"] == case["child"])
    ids = {"C": case["id"], "K": case["child"], "M": movement}
    opened = keyboard.type("case", "open", "--category", category, "--about", ids[about], "--evidence", "no reply to letters")
    assert opened.code == 0, opened.err
    [fresh] = [row for row in keyboard.rows("cases", "--open") if row["category"] == category]
    assert (fresh["legal_surname"], fresh["child"]) == ("Ellery", case["child"])
    again = keyboard.type("case", "open", "--category", category, "--about", ids[about], "--evidence", "more", "--json")
    assert (again.code, again.error["code"]) == (64, "CASE-OPEN")


def test_particulars_are_read_from_a_file_as_strictly_as_a_return(keyboard: Keyboard, tmp_path: Path) -> None:
    told = tmp_path / "told.txt"
    start = ("case", "open", "--category", "never-accessed-education", "--evidence", "an agency rang")
    for text, code in (("Forename: Ines\n", "TOLD-NO-SURNAME"), ("Surname: Marsh\nShoe size: 3\n", "TOLD-UNREAD"),
                       ("Surname: Marsh\nDate of birth: 31/02/2017\n", "TOLD-UNREAD"),
                       ("Surname: Marsh\nUPN: X12\n", "TOLD-UNREAD"),
                       ("Surname: Marsh\nDate of birth: 01/04/2027\n", "TOLD-AHEAD"),
                       ("Surname: Marsh\nDate of birth: 01/04/2001\n", "NOT-OF-AGE")):
        told.write_text(text, encoding="utf-8")
        typed = keyboard.type(*start, "--particulars", str(told), "--json")
        assert typed.error["code"] == code, text
        assert "Marsh" not in typed.err and "31/02" not in typed.err and "X12" not in typed.err
    assert keyboard.type(*start, "--json").error["code"] == "USAGE"


def test_a_child_told_of_that_looks_like_a_known_one_is_a_question_and_no_merge(keyboard: Keyboard, tmp_path: Path) -> None:
    told = tmp_path / "told.txt"
    told.write_text("Surname: Ellory\nForename: Musa\nDate of birth: 02/03/2018\nPostcode: ZY1 8GD\n", encoding="utf-8")
    opened = keyboard.type("case", "open", "--category", "never-accessed-education", "--particulars", str(told),
                           "--evidence", "an agency rang")
    assert opened.code == 0 and "gateway match" in opened.out
    [match] = keyboard.rows("match")
    assert {match["child_name"], match["candidate_name"]} == {"Ellory, Musa, born 2018-03-02", "Ellery, Musa, born 2018-03-02"}
    assert "Ellory" in keyboard.type("match").out


def test_an_exchange_with_an_authority_without_a_gateway_goes_from_draft_to_a_closed_case(keyboard: Keyboard) -> None:
    case = _case(keyboard)
    assert keyboard.type("refer", case, "--to", "993").code == 0
    hold = _hold(keyboard, "release")
    held = keyboard.type("holds", "release", hold["id"], "--reason", "checked")
    assert held.code == 80 and "not sent" in held.out
    [referral] = keyboard.rows("referrals")
    told = keyboard.type("show", str(_hold(keyboard, "guard")["id"])).out
    assert f"gateway referrals sent {referral['id']}" in told and "Ellery" in told
    sent = keyboard.type("referrals", "sent", referral["id"], "--how", "telephone", "--told", "M Ito, Pennygate CME")
    assert sent.code == 0 and "the exchange is sent" in sent.out
    answered = keyboard.type("answer", referral["id"], "accepted", "--how", "telephone", "--told-by", "M Ito, Pennygate CME")
    assert answered.code == 0, answered.err
    assert f"case {case} is closed" in answered.out
    assert keyboard.rows("cases", "--open") == [] and [h["what"] for h in keyboard.rows("holds")] == ["rows"]


def test_one_command_refers_and_records_that_they_were_told(keyboard: Keyboard) -> None:
    case = _case(keyboard)
    done = keyboard.type("refer", case, "--to", "993", "--enquiry", "--sent-by-hand", "letter", "--told", "M Ito, Pennygate CME")
    assert done.code == 0, done.err
    [referral] = keyboard.rows("referrals", "--state", "sent")
    assert (referral["kind"], referral["sent_how"]) == ("enquiry", "letter")
    assert keyboard.type("referrals", "withdraw", referral["id"], "--reason", "wrong authority").code == 0
    assert [hold["what"] for hold in keyboard.rows("holds") if hold["what"] != "rows"] == ["tell-by-hand"]


@pytest.mark.parametrize(("words", "code"), [
    (("answer", "{R}", "accepted", "--how", "telephone", "--told-by", "X"), "WRONG-TURN"), (("answer", "{R}"), "USAGE"),
    (("answer", "{R}", "not-on-roll", "--how", "telephone", "--told-by", "X"), "ANSWER-NOT-FOR-KIND"),
    (("referrals", "sent", "{R}"), "NO-SUCH-WAY"), (("referrals", "sent", "{R}", "--how", "letter"), "NOBODY-TOLD"),
    (("refer", "{C}", "--to", "990"), "OURSELVES"), (("case", "assign", "{C}", "--to", "bob"), "UNKNOWN-PERSON"),
    (("case", "note", "{C}", "--evidence", ""), "NO-REASON"),
    (("child", "lift", "{C}", "restricted", "--reason", "x"), "NOT-PROTECTED"),
])
def test_what_is_typed_wrong_is_no_fault_of_ours_and_is_told(keyboard: Keyboard, words: tuple[str, ...], code: str) -> None:
    case = _case(keyboard)
    assert keyboard.type("refer", case, "--to", "991").code == 0
    [referral] = keyboard.rows("referrals")
    typed = keyboard.type(*(word.format(R=referral["id"], C=case) for word in words), "--json")
    assert (typed.code, typed.error["code"]) == (64, code)


@pytest.mark.parametrize(("name", "content"), [
    ("letter.pdf", PDF), ("parttime.csv", b"Legal surname,Date of birth,Hours in school,Provider\nDoe,02/03/2015,10,Causeway\n")])
def test_a_file_for_a_person_is_ended_by_a_word_and_read_again_in_vain_tells_nobody_again(
        keyboard: Keyboard, name: str, content: bytes) -> None:
    _drop(keyboard, name, content, DAY)
    hold = _hold(keyboard, "file")
    receipts = keyboard.home / "drop" / FERNBRIDGE / "receipts"
    before, notices = sorted(receipts.iterdir()), sorted((keyboard.home / "notices").iterdir())
    assert "read again with the next run" in keyboard.type("holds", "release", hold["id"], "--reason", "try again").out
    assert keyboard.type("run", "--once", "--today", DAY).code == 0
    again = _hold(keyboard, "file")
    assert again["id"] == hold["id"] and "with the same outcome" in again["reason"]
    assert sorted(receipts.iterdir()) == before and sorted((keyboard.home / "notices").iterdir()) == notices
    assert keyboard.type("holds", "reject", hold["id"], "--reason", "rang the school").code == 0
    assert [h["what"] for h in keyboard.rows("holds")] == ["rows"]
    assert keyboard.type("verify").code == 0


def test_a_case_shows_what_waits_and_not_what_was_cleared_and_every_item_of_its_checklist(keyboard: Keyboard) -> None:
    case = _case(keyboard)
    assert keyboard.type("refer", case, "--to", "991").code == 0
    assert keyboard.type("holds", "reject", str(_hold(keyboard, "release")["id"]), "--reason", "not now").code == 0
    [told] = keyboard.rows("case", case)
    assert told["waits"] == [] and [h["state"] for h in told["holds"]] == ["rejected"] and told["holds"][0]["clears_with"] is None
    shown = keyboard.type("case", case).out
    for item in ("new address", "contact of the parent the child will live with", "new school", "admission confirmed"):
        assert any(line.strip().startswith(item) and line.rstrip().endswith("no") for line in shown.splitlines()), item
    assert "legal_surname" not in shown


def test_a_protection_is_raised_and_its_lifting_waits_for_another_person(keyboard: Keyboard) -> None:
    case = keyboard.rows("cases")[0]
    assert keyboard.type("child", "protect", case["id"], "address-protected", "--reason", "refuge").code == 0
    assert keyboard.rows("child", case["child"])[0]["address_protected"] is True
    lifted = keyboard.type("child", "lift", case["child"], "address-protected", "--reason", "moved")
    assert lifted.code == 0 and "waits for a second person" in lifted.out
    hold = _hold(keyboard, "second-person")
    [told] = keyboard.rows("show", hold["id"])
    assert (told["proposed_by"], told["proposal"]) == (current_user(), {"flag": "address_protected"})
    refused = keyboard.type("holds", "release", hold["id"], "--reason", "myself", "--json")
    assert (refused.code, refused.error["code"]) == (77, "SECOND-PERSON")
    assert keyboard.rows("child", case["id"])[0]["address_protected"] is True


def test_the_rows_that_wait_are_counted_as_they_stand(keyboard: Keyboard) -> None:
    two = (HEADINGS + ",Okonkwo,Orla,31/02/2017,ZY1 6LX,,,13/11/2026,i\n,Hale,Ivo,30/02/2016,ZY1 6LX,,,13/11/2026,i\n")
    _drop(keyboard, "two.csv", two.encode(), TUESDAY)
    waiting = [hold["reason"] for hold in keyboard.rows("holds") if hold["what"] == "rows"]
    assert "2 rows wait for correction by the school" in waiting
    one = two.replace("31/02/2017", "28/02/2017")
    _drop(keyboard, "two corrected.csv", one.encode(), TUESDAY)
    waiting = [hold["reason"] for hold in keyboard.rows("holds") if hold["what"] == "rows"]
    assert "2 rows wait for correction by the school" not in waiting


def test_nothing_is_imported_when_one_of_the_names_is_no_file(keyboard: Keyboard, tmp_path: Path) -> None:
    good = tmp_path / "9912010_CTF_9902001_001.xml"
    good.write_text("<CTfile/>", encoding="utf-8")
    before = len(keyboard.rows("parcels"))
    assert keyboard.type("s2s", "import", str(good), str(tmp_path)).code == 64
    assert len(keyboard.rows("parcels")) == before


def test_a_week_without_anything_stays_open_and_says_what_comes_next(keyboard: Keyboard) -> None:
    assert "nothing is ready yet" in keyboard.type("s2s", "build").out
    refused = keyboard.type("s2s", "release", "--json")
    assert (refused.code, refused.error["code"]) == (64, "BATCH-EMPTY")
    assert keyboard.type("case", "enquiry", _case(keyboard), "--evidence", "home visit").code == 0
    assert "0 files, 1 instruction" in keyboard.type("s2s", "build").out
    for words in (("s2s", "release"), ("s2s", "confirm")):
        assert keyboard.type(*words).code == 0
    assert "goes with next week's batch" in keyboard.type("s2s", "build").out


def test_one_pass_ends_with_a_sentence_and_its_log_is_for_programs(keyboard: Keyboard) -> None:
    folder = keyboard.home / "drop" / FERNBRIDGE
    (folder / "more.csv").write_text(LEAVERS.replace("Ellery", "Thistlewood"), encoding="utf-8")
    said = keyboard.type("run", "--once").err
    assert said.startswith("1 new file, 0 refused; 2 rows read, 1 held; ") and said.count("\n") == 1
    assert "for a person: gateway holds" in said
    assert keyboard.type("run", "--once").err.startswith("no new file; ")
    (folder / "other.csv").write_text(LEAVERS.replace("Ellery", "Greenwood"), encoding="utf-8")
    assert "parcel-received" in keyboard.type("run", "--once", "--json").err
