"""A Common Transfer File of ours: one fixed order, nothing empty, read again as it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from lxml import etree

from gateway.domain.parcels.stages import Format, Offered, Screened
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.s2s.own_file import OwnFile, without_what_is_protected
from schemas.ctf.read import read_transfer
from schemas.ctf.write import write_transfer

RECORD = PupilRecord(
    row=2,
    sheet=None,
    movement=MovementKind.LEAVER,
    upn="A990200124012",
    legal_surname="D'Souza & Smith <x>",
    legal_forename="Zoë",
    dob=date(2017, 10, 9),
    sex="F",
    year_group="5",
    home_postcode="ZY1 6LX",
    off_roll_date=date(2026, 11, 13),
    details={"former_surname": "Okafor", "address_lines": ["4 Mill Lane", "Thornhaven"], "phone": "07700900889", "uln": None},
)
FILE = OwnFile(
    "990", "Thornhaven", "9922020", datetime(2026, 7, 16, 9, 0, tzinfo=UTC), RECORD, "9902001", "Fernbridge Primary School"
)


def test_it_is_utf_8_without_a_mark_version_25_and_the_same_each_time() -> None:
    content = write_transfer(FILE)
    assert content.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<CTfile>")
    assert content == write_transfer(FILE)
    root = etree.fromstring(content)
    assert root.findtext("Header/CTFversion") == "25.0"
    assert root.findtext("Header/DateTime") == "2026-07-16T10:00:00"
    assert root.findtext("Header/SourceSchool/AcademicYear") == "2025"
    assert (root.findtext("Header/SourceSchool/LEA"), root.findtext("Header/SourceSchool/Estab")) == ("990", "LLLL")


def test_elements_stand_in_their_one_order_and_none_is_empty_or_has_attributes() -> None:
    root = etree.fromstring(write_transfer(FILE))
    [pupil] = root.findall("CTFpupilData/Pupil")
    assert [e.tag for e in pupil] == [
        "UPN",
        "Surname",
        "Forename",
        "DOB",
        "Sex",
        "BasicDetails",
        "Address",
        "Phones",
        "SchoolHistory",
    ]
    for element in root.iter():
        assert not element.attrib
        assert len(element) or (element.text or "").strip(), element.tag


def test_what_is_written_is_read_again() -> None:
    content = write_transfer(FILE)
    offered = Offered("990LLLL_CTF_9922020_001.xml", content)
    transfer = read_transfer(Screened(offered, Format.CTF, content)).transfer
    assert transfer is not None
    assert (transfer.source, transfer.destination, transfer.version) == ("990LLLL", "9922020", "25.0")
    [pupil] = transfer.pupils()
    expected = {
        "upn": "A990200124012",
        "legal_surname": "D'Souza & Smith <x>",
        "legal_forename": "Zoë",
        "dob": "2017-10-09",
        "sex": "F",
        "home_postcode": "ZY1 6LX",
        "former_surname": "Okafor",
        "address_lines": ["4 Mill Lane", "Thornhaven"],
    }
    assert {name: pupil.values.get(name) for name in expected} == expected


def test_a_bare_record_gives_a_bare_file() -> None:
    bare = replace(FILE, record=PupilRecord(1, None, MovementKind.LEAVER, legal_surname="Ellery\x00\x0b"), last_school=None)
    [pupil] = etree.fromstring(write_transfer(bare)).findall("CTFpupilData/Pupil")
    assert [(e.tag, e.text) for e in pupil] == [("Surname", "Ellery")]


def test_flags_take_addresses_former_names_and_numbers_out() -> None:
    shown = without_what_is_protected(RECORD, restricted=True, address_protected=True)
    content = write_transfer(replace(FILE, record=shown)).decode()
    assert not any(word in content for word in ("ZY1", "Mill Lane", "07700", "Okafor", "A990200124012"))


def test_a_rehearsals_file_says_so_where_people_look_and_is_the_same_otherwise() -> None:
    content = write_transfer(replace(FILE, rehearsal=True))
    assert b"<!-- REHEARSAL. Not for upload" in content[:200]
    root = etree.fromstring(content)
    assert root.findtext("Header/SourceSchool/SchoolName") == "REHEARSAL Thornhaven"
    assert content.count(b"REHEARSAL") == 2
    assert b"REHEARSAL" not in write_transfer(FILE)
    plain = etree.fromstring(write_transfer(FILE))
    assert [e.tag for e in root.iter() if isinstance(e.tag, str)] == [e.tag for e in plain.iter()]
