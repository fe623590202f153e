"""Names of files, headings, sheets and children that would colour, erase, turn round or forge what stands beside them.

They go the whole way: dropped, read, settled, answered, listed. Nothing that is printed, logged or written for a person holds a
character that a terminal or a browser obeys; as JSON every one of them is still what it was.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.commands.app import run
from gateway.domain.returns.unseen import INVISIBLE
from tests.bad_files.naughty import NAUGHTY
from tests.commands.typed import DAY, FERNBRIDGE, Keyboard
from tests.journeys.borough import Borough

FORBIDDEN = re.compile(f"{INVISIBLE.pattern[:-1]}\t\x0b\x0c\r\u2028\u2029]")
BELL = "\x1b]0;owned\x07"
HEADINGS = (
    "UPN,Legal surname,Legal forename,Date of birth,Sex,Off roll date,Ground for deletion,Destination school,"
    f'"Colour{BELL}","No\u202etes of ours","Forged\nheading"\n'
)
LISTS = ("parcels", "movements", "cases", "holds", "match", "handovers", "referrals", "contacts", "access", "s2s", "config show")


def names() -> list[str]:
    """A name of each category that a file can have."""
    found: dict[str, str] = {}
    for category, text in NAUGHTY:
        if "/" not in text and len(text.encode()) < 200 and not text.startswith("."):
            found.setdefault(category, f"{text}.csv")
    return [*found.values(), "leavers\x1b[2J\x9b31m\u202e.csv", "forged\n{}.csv"]


def returns(surnames: list[str]) -> str:
    """A leavers' return, one row of each three held."""
    rows = []
    for number, surname in enumerate(surnames):
        born = "31/02/2017" if number % 3 == 0 else f"{number % 27 + 1:02d}/03/2017"
        quoted = '"' + surname.replace('"', '""') + '"'
        rows.append(f",{quoted},{quoted},{born},F,13/11/2026,9(1)(i),{quoted},{quoted},{quoted},x\n")
    return HEADINGS + "".join(rows)


@pytest.fixture(scope="module")
def borough(tmp_path_factory: pytest.TempPathFactory) -> Borough:
    """A home that carried a file of each name, and one full of such children."""
    home = tmp_path_factory.mktemp("text") / "990"
    there = Borough.found(home)
    for number, name in enumerate(names()):
        there.drop(FERNBRIDGE, name, returns([f"Ellery{number}"]).encode())
    surnames = [text for _, text in NAUGHTY if len(text) < 100 and "\n" not in text and "\r" not in text and text.strip()]
    there.drop("9902003", "children.csv", returns(surnames[::3]).encode())
    there.run(DAY)
    return there


@pytest.fixture
def keyboard(borough: Borough, capsys: pytest.CaptureFixture[str]) -> Keyboard:
    return Keyboard(borough.home, capsys)


def printed(keyboard: Keyboard) -> Iterator[tuple[str, str]]:
    """What every list and story prints, for people and as JSON."""
    ids = [row["id"] for command in ("parcels", "cases", "holds") for row in keyboard.rows(command)[::9]]
    for words in (*map(str.split, LISTS), *(["show", one] for one in ids)):
        for form in ([], ["--json"]):
            typed = keyboard.type(*words, *form)
            assert typed.code in (0, 78), (words, typed.err)
            yield " ".join([*words, *form]), typed.out + typed.err


def test_every_file_became_a_parcel_under_its_own_name(keyboard: Keyboard) -> None:
    assert sorted(row["name"] for row in keyboard.rows("parcels")) == sorted([*names(), "children.csv"])


def test_no_command_prints_what_a_terminal_obeys(keyboard: Keyboard) -> None:
    obeyed = [(words, found[0]) for words, text in printed(keyboard) if (found := FORBIDDEN.search(text))]
    assert obeyed == []


def test_no_line_of_a_list_is_forged(keyboard: Keyboard) -> None:
    listed = keyboard.type("parcels").out.splitlines()
    assert not [line for line in listed if line.startswith("{}")]
    assert len(keyboard.type("parcels", "--json").out.splitlines()) == len(names()) + 1


def test_the_daemon_logs_one_object_a_line_and_no_name(borough: Borough) -> None:
    assert borough.gateway("run", "--once", "--json", "--today", DAY).returncode == 0
    for line in borough.last.stderr.splitlines():
        assert isinstance(json.loads(line), dict)
        assert "Ellery" not in line
        assert line.isascii()


def test_checking_a_file_prints_nothing_that_a_terminal_obeys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "leavers\x1b[2J\u202e\n.csv"
    path.write_text(returns([text for _, text in NAUGHTY if len(text) < 50][::7]), encoding="utf-8", newline="")
    for form in ([], ["--json", "--records"], ["--jsonl", "--records"], ["--records"]):
        run(["check", *form, "--home", str(tmp_path / "none"), str(path)])
        said = capsys.readouterr()
        assert FORBIDDEN.search(said.out + said.err) is None, form
        if "--json" in form:
            assert json.loads(said.out)["file"] == str(path) or json.loads(said.out)["file"] == path.name


def test_a_name_that_is_no_text_at_all_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = os.fsencode(tmp_path) + b"/leavers-\xff\xfe.csv"
    Path(os.fsdecode(raw)).write_text(returns(["Ellery"]), encoding="utf-8")
    for form in ([], ["--json"], ["--jsonl"]):
        assert run(["check", *form, "--home", str(tmp_path / "none"), os.fsdecode(raw)]) == 80
        assert "\\udcff" in capsys.readouterr().out
    assert run(["check", os.fsdecode(raw) + "x\x1b[2J", "--home", str(tmp_path / "none")]) == 64
    assert FORBIDDEN.search(capsys.readouterr().err) is None


def test_on_a_terminal_only_our_own_colours_are_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "leavers\x1b[2J.csv"
    path.write_text(returns(["Ellery"] * 20 + ["El\x1b[31mlery", "Ng\x9b1A", "Be\u202egum"]), encoding="utf-8")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "gateway", "check", "--records", "--home", str(tmp_path / "none"), str(path)]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ | {"TERM": "xterm-256color"}
    ) as typed:
        os.close(theirs)
        shown = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                shown += os.read(ours, 65536)
            except OSError:
                break
        typed.wait(60)
    os.close(ours)
    text = re.sub(r"\x1b\[(?:[0-9;]*m|\?25[hl]|[12]?K|1A)", "", shown.decode())  # rich's styles, cursor and status line
    assert "\\x1b[31m" in text
    assert FORBIDDEN.search(text.replace("\r\n", "\n").replace("\r", "")) is None


def test_receipts_notices_and_pages_hold_nothing_that_a_browser_obeys(borough: Borough) -> None:
    written = [p for p in borough.home.rglob("*") if p.suffix in (".html", ".json", ".txt", ".note", ".jsonl") and p.is_file()]
    assert len([p for p in written if p.suffix == ".html"]) > 2 * len(names())
    for path in written:
        text = path.read_bytes().decode()
        assert FORBIDDEN.search(text) is None, path.name
        assert "<script>alert" not in text
    assert not [p for p in borough.home.rglob("*") if FORBIDDEN.search(p.name)]
