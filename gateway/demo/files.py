"""The files that the schools of the demonstration drop, in the shapes that schools really send."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook

from gateway.demo.cast import (
    ALL_HALLOWS,
    EWAN,
    FERNBRIDGE,
    HANA,
    IRIS,
    LEO,
    MUSA,
    NOAH,
    ORLA,
    QUILLMEAD,
    RAVI,
    SCHOOL_NAMES,
    THORNHAVEN_HIGH,
    TIA,
    ZOE,
    Child,
)

HEADINGS = (
    "UPN No.",
    "Surname",
    "First Name",
    "D.O.B.",
    "Gender",
    "NC Year",
    "Post Code",
    "Date of Leaving",
    "Last Date of Attendance",
    "Ground for deletion",
    "Destination",
    "New address",
    "New postcode",
    "Parent/Carer",
    "Contact No",
    "Urgent",
)


def messy_csv() -> bytes:
    """A leavers' list typed over years: Windows letters, dots in dates, a child who cannot be read, one who is urgent."""
    rows = [
        _leaver(MUSA, "13.11.2026", "9(1)(g)", "Marlowick LA", "4 Tanyard Row, Marlowick", "ZY3 1QP"),
        _leaver(ZOE, "06/11/2026", "Ground A", SCHOOL_NAMES[ALL_HALLOWS]),
        _leaver(RAVI, "11/11/2026", "9(1)(i)", "Unknown", attended="14/10/2026"),
        _leaver(TIA, "13/11/2026", "9(1)(h)", "Not known", urgent="Yes - duty social worker told"),
        _leaver(HANA, "12/11/2026", "F", "EHE"),
        _leaver(NOAH, "12/11/2026", "9(1)(a)", SCHOOL_NAMES[QUILLMEAD], born="31/02/2019"),
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["Fernbridge Primary School – leavers to 13 November"])
    writer.writerow([])
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    return text.getvalue().encode("cp1252")


def _leaver(
    child: Child,
    left: str,
    ground: str,
    destination: str,
    new_address: str = "",
    new_postcode: str = "",
    *,
    attended: str = "",
    born: str = "",
    urgent: str = "",
) -> list[str]:
    return [
        child.upn,
        child.surname,
        child.forename,
        born or child.born.strftime("%d/%m/%Y"),
        child.sex,
        child.year,
        child.postcode,
        left,
        attended or left,
        ground,
        destination,
        new_address,
        new_postcode,
        child.parent,
        child.phone,
        urgent,
    ]


_REPORTED = ("School", "Legal Surname", "Legal Forename", "DOB", "Gender", "Year", "UPN", "Post Code")


def report_workbook() -> bytes:
    """A report out of a management information system: title rows, leavers and joiners one under the other."""
    school = SCHOOL_NAMES[ALL_HALLOWS]
    return _workbook(
        "Leavers and Joiners",
        [
            ["Weekly Leavers and Joiners Report"],
            ["From 09/11/2026 to 13/11/2026"],
            [],
            ["Leavers"],
            [*_REPORTED, "Date of Leaving", "Last Date of Attendance", "Ground for Removal", "Destination School"],
            [school, *_cells(EWAN), date(2026, 11, 13), date(2026, 11, 13), "9(1)(g)", "Abroad - Portugal"],
            [],
            ["Joiners"],
            [*_REPORTED, "Date of Admission", "Previous School"],
            [school, *_cells(ZOE), date(2026, 11, 9), SCHOOL_NAMES[FERNBRIDGE]],
        ],
    )


def wrong_school_workbook() -> bytes:
    """A return that speaks for another school than the folder it is dropped into."""
    return _workbook(
        "Leavers",
        [
            ["Leavers return"],
            ["School", SCHOOL_NAMES[ALL_HALLOWS], "DfE number", "990/2002"],
            [],
            [
                "UPN",
                "Legal surname",
                "Legal forename",
                "Date of birth",
                "Off roll date",
                "Ground for deletion",
                "Destination school",
            ],
            [EWAN.upn, EWAN.surname, EWAN.forename, EWAN.born, date(2026, 11, 13), "9(1)(g)", "Abroad - Portugal"],
        ],
    )


def nil_workbook() -> bytes:
    """The template sent back empty."""
    return _workbook(
        "Leavers",
        [
            ["Leavers return"],
            ["School", SCHOOL_NAMES[QUILLMEAD], "DfE number", "990/2003"],
            ["Week ending", date(2026, 11, 13)],
            [],
            [
                "UPN",
                "Legal surname",
                "Legal forename",
                "Date of birth",
                "Off roll date",
                "Ground for deletion",
                "Destination school",
            ],
            ["Optional", "Required", "Optional", "Required", "Required", "Optional", "Optional"],
        ],
    )


def broken_workbook() -> bytes:
    """A workbook cut off in the middle of its transfer."""
    whole = report_workbook()
    return whole[: len(whole) * 2 // 3]


def leavers_xml() -> bytes:
    """CML: two leavers of one school, neither with a school that is known."""
    return _transfer(
        QUILLMEAD,
        "990",
        "LLLL",
        [
            _pupil(IRIS, QUILLMEAD, left=date(2026, 10, 23), ground="9(1)(i)", destination=("XXX", "XXXX")),
            _pupil(
                ORLA,
                QUILLMEAD,
                left=date(2026, 11, 6),
                ground="9(1)(a)",
                destination=("993", "2030", "Pennygate Park Primary School"),
            ),
        ],
    )


def joiners_xml() -> bytes:
    """CMJ: the child that nobody could find has started at the high school."""
    return _transfer(THORNHAVEN_HIGH, "990", "LLLL", [_pupil(IRIS, THORNHAVEN_HIGH, joined=date(2026, 11, 10), before=QUILLMEAD)])


def lost_pupil_xml() -> bytes:
    """CTF: a leaver whose school is not known, as the school would upload it to S2S."""
    return _transfer(
        THORNHAVEN_HIGH, "XXX", "XXXX", [_pupil(LEO, THORNHAVEN_HIGH, left=date(2026, 11, 12), ground="9(1)(h)")], "full"
    )


def _cells(child: Child) -> list[Any]:
    return [child.surname, child.forename, child.born, child.sex, child.year, child.upn, child.postcode]


def _workbook(title: str, rows: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has a sheet
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _transfer(source: str, la: str, estab: str, pupils: Sequence[str], qualifier: str = "partial") -> bytes:
    written = datetime(2026, 11, 16, 8, 30).isoformat()  # noqa: DTZ001 - the format has no zone
    header = (
        f"<DocumentName>Common Transfer File</DocumentName><CTFversion>25.0</CTFversion><DateTime>{written}</DateTime>"
        f"<DocumentQualifier>{qualifier}</DocumentQualifier><SupplierID>Demo MIS</SupplierID>"
        f"<SourceSchool><LEA>{source[:3]}</LEA><Estab>{source[3:]}</Estab><SchoolName>{escape(SCHOOL_NAMES[source])}</SchoolName>"
        f"<AcademicYear>2026</AcademicYear></SourceSchool><DestSchool><LEA>{la}</LEA><Estab>{estab}</Estab></DestSchool>"
    )
    body = "".join(pupils)
    text = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<CTfile><Header>{header}</Header><CTFpupilData>{body}</CTFpupilData></CTfile>\n'
    )
    return text.encode()


def _pupil(
    child: Child,
    school: str,
    *,
    left: date | None = None,
    ground: str = "",
    joined: date | None = None,
    before: str = "",
    destination: tuple[str, ...] = (),
) -> str:
    history = ""
    if before:
        history += (
            f"<School><LEA>{before[:3]}</LEA><Estab>{before[3:]}</Estab><SchoolName>{SCHOOL_NAMES[before]}</SchoolName></School>"
        )
    entry = joined or date(2024, 9, 4)
    leaving = f"<LeavingDate>{left}</LeavingDate><RemovalGrounds>{ground}</RemovalGrounds>" if left else ""
    history += (
        f"<School><LEA>{school[:3]}</LEA><Estab>{school[3:]}</Estab><SchoolName>{SCHOOL_NAMES[school]}</SchoolName>"
        f"<EntryDate>{entry}</EntryDate>{leaving}</School>"
    )
    named = f"<SchoolName>{destination[2]}</SchoolName>" if len(destination) > 2 else ""
    towards = f"<DestSchool><LEA>{destination[0]}</LEA><Estab>{destination[1]}</Estab>{named}</DestSchool>" if destination else ""
    return (
        f"<Pupil><UPN>{child.upn}</UPN><Surname>{escape(child.surname)}</Surname><Forename>{escape(child.forename)}</Forename>"
        f"<DOB>{child.born}</DOB><Sex>{child.sex}</Sex><BasicDetails><NCyearActual>{child.year}</NCyearActual>"
        f"<EnrolStatus>C</EnrolStatus></BasicDetails><Address><AddressLines><AddressLine1>9 Chantry Lane</AddressLine1>"
        f"<AddressLine2>Thornhaven</AddressLine2></AddressLines><PostCode>{child.postcode}</PostCode></Address>"
        f"<SchoolHistory>{history}</SchoolHistory>{towards}</Pupil>"
    )
