"""A live home and people with one role each: whose record they are shown, and what the access log says afterwards."""

from __future__ import annotations

import contextlib
import io
import re
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.clock import SystemClock
from gateway.commands.app import run
from gateway.config.people import current_user
from tests.commands.typed import FERNBRIDGE, REGISTER, Keyboard

HEADINGS = "UPN,Legal surname,Legal forename,Date of birth,Home postcode,Off roll date,Ground for deletion,Destination school\n"
NAMES = ("Ellery", "Musa", "D'Souza")
READERS, OTHERS = ("officer", "manager", "s2s-administrator", "viewer"), ("operator", "governance")
Become = Callable[..., Keyboard]


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A live home that has taken one return: a child without a destination, and a row with an error."""
    home = tmp_path_factory.mktemp("live") / "990"
    left = f"{SystemClock().today() - timedelta(days=3):%d/%m/%Y}"
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said), pytest.MonkeyPatch.context() as soon:
        soon.setenv("GATEWAY_RECEIVE__SETTLE_SECONDS", "0.3")       # a test's file is whole when it is dropped
        assert run(["init", "--la", "990", "--name", "Thornhaven", "--schools", REGISTER, "--contact",
                    "A Osei <cme@thornhaven.example>", "--deputy",
                    "D Park <deputy@thornhaven.example>", "--safeguarding-phone", "01632 960100", "--home", str(home)]) == 0
        part = home / "drop" / FERNBRIDGE / "leavers.part"
        part.write_text(f"{HEADINGS},Ellery,Musa,02/03/2018,ZY1 8GD,{left},9(1)(i),Unknown\n"
                        f",D'Souza,Zoë,31/02/2017,ZY1 6LX,{left},9(1)(i),Unknown\n", encoding="utf-8")
        part.rename(part.with_name("leavers of Musa Ellery.csv"))
        assert run(["run", "--once", "--home", str(home)]) == 0, said.getvalue()
    return home


@pytest.fixture
def become(lived_in: Path, capsys: pytest.CaptureFixture[str]) -> Become:
    """Be a person with these roles, in the same home."""
    def one(*roles: str) -> Keyboard:
        config = lived_in / "config.toml"
        named = ", ".join(f'"{role}"' for role in roles)
        text = re.sub(r"(?m)^\[people\.[^\n]*\n(?:(?!\[).*\n?)*", "", config.read_text(encoding="utf-8"))
        config.write_text(f'{text}\n[people.{current_user()}]\nname = "Some One"\nroles = [{named}]\n', encoding="utf-8")
        return Keyboard(lived_in, capsys)

    return one


def _commands(keyboard: Keyboard) -> dict[str, tuple[str, ...]]:
    case, parcel = keyboard.rows("cases")[0], keyboard.rows("parcels")[0]
    movement, hold = keyboard.rows("movements")[0], keyboard.rows("holds")[0]
    told = {row["id"]: ("show", row["id"]) for row in (case, movement, hold, parcel)}
    return {"cases": ("cases",), "movements": ("movements",), "case": ("case", case["id"]), "child": ("child", case["child"]),
            **told}


@pytest.mark.parametrize("role", READERS)
def test_who_works_with_children_sees_whose_record_it_is(become: Become, role: str) -> None:
    keyboard = become(role)
    for words in _commands(keyboard).values():
        typed = keyboard.type(*words)
        assert typed.code == 0, typed.err
    assert "Ellery" in keyboard.type("cases").out


@pytest.mark.parametrize("role", OTHERS)
def test_who_keeps_the_machine_or_reads_the_logs_is_shown_no_name_by_any_command(become: Become, role: str) -> None:
    commands = _commands(become("officer"))
    keyboard = become(role)
    for words in [*commands.values(), ("holds",), ("holds", "--all"), ("match",), ("handovers",), ("parcels",), ("referrals",)]:
        for more in ((), ("--json",)):
            typed = keyboard.type(*words, *more)
            assert typed.code in (0, 77), (words, typed.err)
            assert not any(name in typed.out + typed.err for name in NAMES), words
    assert keyboard.type("cases").code == 77 and keyboard.type("show", commands["case"][1]).code == 77
    assert keyboard.rows("holds") != []


@pytest.mark.parametrize("role", ["viewer", "operator", "governance", "s2s-administrator"])
def test_who_is_no_officer_or_manager_changes_nothing_on_a_case(become: Become, role: str) -> None:
    case = become("officer").rows("cases")[0]
    keyboard = become(role)
    for words in (("case", "note", case["id"], "--evidence", "x"), ("case", "close", case["id"], "--evidence", "x"),
                  ("child", "protect", case["id"], "restricted", "--reason", "x"), ("refer", case["id"], "--to", "991"),
                  ("case", "assign", case["id"], "--to", current_user()), ("case", "reopen", case["id"], "--evidence", "x"),
                  ("case", "open", "--category", "never-accessed-education", "--about", case["id"], "--evidence", "x")):
        assert keyboard.type(*words).code == 77, words


def test_the_access_log_says_whose_record_was_read_and_by_whom(become: Become) -> None:
    keyboard = become("officer", "governance")
    movement = keyboard.rows("movements")[0]
    before = len(keyboard.rows("access", movement["child"]))
    keyboard.rows("show", movement["id"])
    entries = keyboard.rows("access", movement["child"])
    assert len(entries) == before + 1
    assert (entries[-1]["user"], entries[-1]["what"]) == (current_user(), "read child")
    assert [entry["what"] for entry in keyboard.rows("access", movement["id"])] == ["read movement"] * (
        len(keyboard.rows("access", movement["id"])))
    whole = [entry["what"] for entry in keyboard.rows("access")]
    for words, what in ((("holds",), "listed holds"), (("cases",), "listed cases")):
        keyboard.rows(*words)
        assert [entry["what"] for entry in keyboard.rows("access")].count(what) > whole.count(what)


def test_an_officer_opens_a_parcel_into_a_file_for_them_alone_and_it_is_written_down(become: Become, tmp_path: Path) -> None:
    keyboard = become("officer", "governance")
    parcel = keyboard.rows("parcels")[0]["id"]
    target = tmp_path / "leavers.csv"
    assert keyboard.type("open", parcel, "--to", str(target)).code == 0
    assert target.read_text(encoding="utf-8").startswith("UPN,Legal surname")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert keyboard.rows("access", parcel)[-1]["what"] == "opened file"
    with contextlib.redirect_stdout(io.StringIO()):
        assert run(["run", "--once", "--home", str(keyboard.home)]) == 0
    assert keyboard.type("verify").code == 0


@pytest.mark.parametrize("role", ["operator", "governance", "viewer"])
def test_nobody_else_opens_a_parcel(become: Become, tmp_path: Path, role: str) -> None:
    parcel = become("officer").rows("parcels")[0]["id"]
    keyboard = become(role)
    typed = keyboard.type("open", parcel, "--to", str(tmp_path / "leavers.csv"), "--json")
    assert (typed.code, typed.error["code"]) == (77, "ROLE-NEEDED")
    assert list(tmp_path.iterdir()) == []


def test_a_parcel_is_never_printed_overwrites_nothing_and_lies_in_no_home(become: Become, tmp_path: Path) -> None:
    keyboard = become("officer")
    parcel = keyboard.rows("parcels")[0]["id"]
    there, link = tmp_path / "there", tmp_path / "link"
    there.write_text("mine", encoding="utf-8")
    link.symlink_to(tmp_path / "elsewhere")
    for to, code in (("-", "NO-STDOUT"), ("/dev/stdout", "FILE-EXISTS"), (str(there), "FILE-EXISTS"), (str(link), "FILE-EXISTS"),
                     (str(keyboard.home / "drop" / FERNBRIDGE / "x.csv"), "INSIDE-HOME"),
                     (str(keyboard.home / "x"), "INSIDE-HOME"), (str(tmp_path / "no" / "x"), "NO-FOLDER")):
        typed = keyboard.type("open", parcel, "--to", to, "--json")
        assert (typed.code, typed.error["code"]) == (64, code), to
        assert "Ellery" not in typed.out
    assert there.read_text(encoding="utf-8") == "mine" and not (tmp_path / "elsewhere").exists()
    typed = keyboard.type("open", parcel, "--json")
    assert (typed.code, typed.error["code"]) == (64, "USAGE")
