"""A home's register."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gateway.errors import ConfigError
from schemas.register import load_register, load_terms
from tests.samples.make_samples import REGISTER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schools.csv").write_text(REGISTER, encoding="utf-8")
    return tmp_path


def test_schools_are_found_by_their_number(folder: Path) -> None:
    register = load_register(folder)
    academy = register.establishments["9902105"]
    assert (academy.name, academy.open, academy.predecessor) == ("Oldfield Lane Academy", True, "9902005")
    old = register.establishments["9902005"]
    assert (old.open, old.closed) == (False, date(2025, 8, 31))


def test_authorities_come_from_the_schools_when_there_is_no_file(folder: Path) -> None:
    assert {la: a.name for la, a in load_register(folder).authorities.items()} == {"990": "Thornhaven", "991": "Marlowick"}


def test_authorities_come_from_their_file_when_there_is_one(folder: Path) -> None:
    (folder / "authorities.csv").write_text("la,name,region,successor\n990,Thornhaven,North,\n928,Old,South,940\n")
    authorities = load_register(folder).authorities
    assert authorities["928"].successor == "940"
    assert authorities["990"].region == "North"


def test_postcodes_are_full_or_outward(folder: Path) -> None:
    (folder / "postcodes.csv").write_text("postcode,la\nzy11aa,990\nZY3,991\nZY3 1AA,992\n")
    assert load_register(folder).postcodes == {"ZY1 1AA": "990", "ZY3": "991", "ZY3 1AA": "992"}


def test_the_national_encoding_is_read(folder: Path) -> None:
    (folder / "schools.csv").write_bytes(REGISTER.replace("Fernbridge", "Fernbridge St Zoë’s").encode("cp1252"))
    assert load_register(folder).establishments["9902001"].name == "Fernbridge St Zoë’s Primary School"


def test_the_version_changes_with_any_byte(folder: Path) -> None:
    before = load_register(folder).version
    assert load_register(folder).version == before
    (folder / "postcodes.csv").write_text("postcode,la\nZY3,991\n")
    assert load_register(folder).version != before


def test_a_home_without_a_register_has_an_empty_one(tmp_path: Path) -> None:
    assert load_register(tmp_path).establishments == {}


@pytest.mark.parametrize(
    ("name", "text", "line", "says"),
    [
        ("schools.csv", "URN,Name\n1,x\n", 1, "la (code)"),
        ("schools.csv", REGISTER.replace("01-09-2025", "September"), 5, "September"),
        ("schools.csv", REGISTER.replace("990,Thornhaven,2003", "990,Thornhaven,20031"), 3, "20031"),
        ("authorities.csv", "la,name\n99x,Thornhaven\n", 2, "99x"),
        ("postcodes.csv", "postcode,la\nZY1,Thornhaven\n", 2, "Thornhaven"),
    ],
)
def test_a_fault_is_named_with_its_file_and_line(folder: Path, name: str, text: str, line: int, says: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_register(folder)
    assert f"register/{name}, line {line}" in raised.value.message
    assert says in raised.value.message
    assert raised.value.hint


def test_terms_are_read_for_an_authority_or_one_school(folder: Path) -> None:
    terms = "990,,2026-09-02,2026-10-23,Autumn 1\n990,9902001,2026-09-01,2026-10-16,A\n"
    (folder / "terms.csv").write_text("la,laestab,start,end,name\n" + terms)
    first, second = load_terms(folder)
    assert (first.laestab, first.start, first.end) == (None, date(2026, 9, 2), date(2026, 10, 23))
    assert second.laestab == "9902001"


@pytest.mark.parametrize("line", ["990,,2/9/2026,2026-10-23,x", "990,,2026-10-23,2026-09-02,x"])
def test_a_term_that_is_none_is_named(folder: Path, line: str) -> None:
    (folder / "terms.csv").write_text(f"la,laestab,start,end,name\n{line}\n")
    with pytest.raises(ConfigError, match=r"terms.csv, line 2"):
        load_terms(folder)
