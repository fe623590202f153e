from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config import load
from tests.commands.typed import FERNBRIDGE, REGISTER, Keyboard

SCHOOLS = """URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,EstablishmentStatus (code),EstablishmentStatus (name),\
PhaseOfEducation (name),TypeOfEstablishment (name),Postcode,OpenDate,CloseDate,PreviousLA (code),PreviousEstablishmentNumber
990101,992,Saltmarch Vale,2020,Saltmarch Quay Primary School,1,Open,Primary,Community school,ZX4 1BD,01-09-1995,,,
990104,992,Saltmarch Vale,2005,Old Quay School,2,Closed,Primary,Community school,ZX4 4GH,01-09-1974,31-08-2025,,
990111,993,Pennygate,2010,Pennygate Park Primary School,1,Open,Primary,Community school,ZX5 1XY,01-09-1995,,,
"""


@pytest.fixture
def bare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Keyboard:
    return Keyboard(tmp_path / "home", capsys)


def test_a_rehearsal_needs_nothing_more(bare: Keyboard) -> None:
    assert bare.type("init", "--rehearsal").code == 0
    assert load(bare.home).rehearsal
    assert (bare.home / "drop" / FERNBRIDGE / "receipts").is_dir()
    assert bare.type("cases", "--today", "2020-09-07").code == 0


def test_a_live_home_keeps_its_keys_outside_and_says_what_is_to_be_filled_in(bare: Keyboard) -> None:
    typed = bare.type("init", "--la", "990", "--name", "Thornhaven", "--schools", REGISTER)
    assert typed.code == 0
    assert "[contact]" in typed.err
    assert list((bare.home / "keys").rglob("cme-gateway-*.json")) == []
    assert (bare.home.parent / "home.recovery.age-identity").is_file()
    assert bare.type("config", "check").code == 78


def test_a_live_home_with_its_people_is_complete(bare: Keyboard) -> None:
    people = [
        "--contact",
        "Alice Osei <cme@thornhaven.example>",
        "--deputy",
        "Dele Park <deputy@thornhaven.example>",
        "--safeguarding-phone",
        "01632 960100",
    ]
    assert bare.type("init", "--la", "990", "--name", "Thornhaven", "--schools", REGISTER, *people).code == 0
    assert bare.type("config", "check").code == 0
    assert load(bare.home).policy().deputy.name == "Dele Park"
    assert not load(bare.home).rehearsal


def test_keys_inside_a_live_home_are_refused(bare: Keyboard) -> None:
    typed = bare.type("init", "--la", "990", "--name", "Thornhaven", "--schools", REGISTER,
                      "--keys", str(bare.home / "keys"), "--json")
    assert (typed.code, typed.error["code"]) == (64, "KEYS-INSIDE-HOME")
    assert not (bare.home / "config.toml").exists()


def test_a_home_is_never_overwritten(bare: Keyboard) -> None:
    bare.type("init", "--rehearsal")
    before = (bare.home / "config.toml").read_bytes()
    assert bare.type("init", "--rehearsal", "--json").error["code"] == "HOME-EXISTS"
    assert (bare.home / "config.toml").read_bytes() == before


def test_the_register_that_is_given_makes_the_folders_and_the_authorities(bare: Keyboard, tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text(SCHOOLS, encoding="cp1252")
    assert bare.type("init", "--rehearsal", "--la", "992", "--schools", str(tmp_path / "schools.csv")).code == 0
    assert [folder.name for folder in (bare.home / "drop").iterdir()] == ["9922020"]
    assert (bare.home / "register" / "authorities.csv").read_text().splitlines()[1:] == [
        "992,Saltmarch Vale,Demonstration,",
        "993,Pennygate,Demonstration,",
    ]
    assert "ZX4,992" in (bare.home / "register" / "postcodes.csv").read_text()
    assert (bare.home / "register" / "terms.csv").read_text() == "la,laestab,start,end,name\n"


def test_a_live_home_never_guesses_who_is_responsible_for_a_postcode(bare: Keyboard, tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    assert bare.type("init", "--la", "992", "--name", "Saltmarch Vale", "--schools", str(tmp_path / "schools.csv")).code == 0
    assert "ZX4" not in (bare.home / "register" / "postcodes.csv").read_text()


@pytest.mark.parametrize(
    "words",
    [["--rehearsal", "--la", "99"], ["--rehearsal", "--la", "123"], ["--rehearsal", "--schools", "/nowhere.csv"],
     ["--rehearsal", "--la", "990", "--contact", "alice"], ["--rehearsal", "--name", ""],
     ["--rehearsal", "--la", "990", "--name", " "],
     ["--la", "99", "--name", "Thornhaven", "--schools", REGISTER], ["--la", "990", "--name", "", "--schools", REGISTER]],
)
def test_what_is_typed_wrong_makes_no_home(bare: Keyboard, words: list[str]) -> None:
    assert bare.type("init", *words).code == 64
    assert not (bare.home / "config.toml").exists()


@pytest.mark.parametrize(
    ("words", "lacks"),
    [([], "--la, --name, --schools are missing"), (["--la", "330", "--name", "Birmingham"], "--schools is missing"),
     (["--la", "990"], "--name, --schools are missing")],
)
def test_a_live_home_invents_nothing(bare: Keyboard, words: list[str], lacks: str) -> None:
    typed = bare.type("init", *words, "--json")
    assert typed.code == 64
    assert lacks in typed.error["message"]
    assert "gateway init --rehearsal" in typed.error["hint"]
    assert not bare.home.exists()


def test_a_register_that_cannot_be_read_is_named_as_it_was_given(bare: Keyboard, tmp_path: Path) -> None:
    wrong = tmp_path / "edubase.csv"
    wrong.write_text("School,Number\nFernbridge,2001\n", encoding="utf-8")
    typed = bare.type("init", "--rehearsal", "--schools", str(wrong), "--json")
    assert (typed.code, typed.error["code"]) == (64, "NO-REGISTER")
    assert typed.error["message"].startswith(f"{wrong}, line 1")
