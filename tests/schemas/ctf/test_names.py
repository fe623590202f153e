"""File names of the CTF family."""

from __future__ import annotations

import pytest

from schemas.ctf.names import authority_itself, read_name, school


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("9902001_CML_990LLLL_007.xml", ("9902001", "CML", "990LLLL", "007", True)),
        ("9902001_ctf_xxxxxxx_021.XML", ("9902001", "CTF", "XXXXXXX", "021", True)),
        ("990LLLL_CTF_9922020_001.xml", ("990LLLL", "CTF", "9922020", "001", True)),
        ("9904444_ASL_111LLLL_26001.XML", ("9904444", "ASL", "111LLLL", "26001", True)),
        ("9902001_CMJ_990LLLL_003 (1).xml", ("9902001", "CMJ", "990LLLL", "003", False)),
        ("9902001_CMJ_990LLLL_003 - Copy.xml", ("9902001", "CMJ", "990LLLL", "003", False)),
        ("9902001_CMJ_990LLLL_003 - Copy (2).xml", ("9902001", "CMJ", "990LLLL", "003", False)),
    ],
)
def test_conventional_names_are_understood(name: str, parts: tuple[str, str, str, str, bool]) -> None:
    read = read_name(name)
    assert read is not None
    assert (read.source, read.type, read.destination, read.number, read.as_sent) == parts


@pytest.mark.parametrize(
    "name",
    [
        "CTF.xml",
        "leavers.xml",
        "990200_CML_990LLLL_007.xml",
        "9902001_CML_990LLLL_7.xml",
        "9902001_CML_990LLLL_007.csv",
        "../9902001_CML_990LLLL_007.xml",
        "９９０2001_CML_990LLLL_007.xml",
    ],
)
def test_other_names_are_not(name: str) -> None:
    assert read_name(name) is None


def test_what_was_added_is_taken_off() -> None:
    read = read_name("9902001_CMJ_990LLLL_003 (1).xml")
    assert read is not None
    assert read.conventional() == "9902001_CMJ_990LLLL_003.xml"


def test_codes_name_schools_or_authorities() -> None:
    assert authority_itself("990LLLL") == "990"
    assert authority_itself("9902001") is None
    assert school("9902001") == "9902001"
    assert school("XXXXXXX") is None
    assert school("９９０２００１") is None
