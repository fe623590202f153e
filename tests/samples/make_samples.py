"""Sample returns in the shapes that schools send, made fresh for each run.

    python -m tests.samples.make_samples FOLDER

Every child, parent and address is invented; the register that goes with them is ``REGISTER``.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook

from gateway.domain.identifiers.upn import check_letter

FERNBRIDGE, QUILLMEAD, THORNHAVEN_HIGH = "9902001", "9902003", "9904001"
REGISTER = """URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,EstablishmentStatus (code),\
EstablishmentStatus (name),PhaseOfEducation (name),TypeOfEstablishment (name),\
Postcode,OpenDate,CloseDate,PreviousLA (code),PreviousEstablishmentNumber
990101,990,Thornhaven,2001,Fernbridge Primary School,1,Open,Primary,Community school,ZY1 1AA,01-09-1995,,,
990103,990,Thornhaven,2003,Quillmead Primary School,1,Open,Primary,Community school,ZY1 3EF,01-09-1995,,,
990104,990,Thornhaven,2005,Oldfield Lane Primary School,2,Closed,Primary,Community school,ZY1 4GH,01-09-1974,31-08-2025,,
990105,990,Thornhaven,2105,Oldfield Lane Academy,1,Open,Primary,Academy converter,ZY1 4GH,01-09-2025,,990,2005
990110,990,Thornhaven,4001,Thornhaven High School,1,Open,Secondary,Community school,ZY1 9ZZ,01-09-1995,,,
990112,991,Marlowick,2010,Marlowick Green Primary School,1,Open,Primary,Community school,ZY3 1AA,01-09-1995,,,
"""


def upn(serial: int, year: int = 22, school: str = FERNBRIDGE) -> str:
    """A number that reads as a UPN."""
    body = f"{school}{year:02d}{serial:03d}"
    return check_letter(body) + body


LEAVERS: tuple[tuple[str, ...], ...] = (
    (
        upn(101, 22),
        "O’Brien",
        "Zoë",
        "29/11/2017",
        "F",
        "4",
        "ZY1 8SH",
        "13/11/2026",
        "13/11/2026",
        "9(1)(a)",
        "Quillmead Primary School",
    ),
    (upn(102, 21), "Wójcik", "Łukasz", "03/02/2017", "M", "5", "ZY1 5SQ", "06/11/2026", "06/11/2026", "9(1)(f)", "EHE"),
    (
        upn(103, 20),
        "D'Souza",
        "José",
        "31/02/2016",
        "M",
        "6",
        "ZY1 6LX",
        "06/11/2026",
        "05/11/2026",
        "9(1)(g)",
        "Abroad - Portugal",
    ),
)
JOINERS: tuple[tuple[str, ...], ...] = (
    (upn(201, 22), "Ng", "Wai", "12/04/2018", "M", "3", "ZY1 8UT", "09/11/2026", "Marlowick Green Primary School"),
    (upn(202, 21), "Smith-Okafor", "Siân", "23/03/2017", "F", "5", "ZY1 9EH", "10/11/2026", "Thornhaven High School"),
)
LEAVER_HEADINGS = (
    "UPN",
    "Legal surname",
    "Legal forename",
    "Date of birth",
    "Sex",
    "Year group",
    "Home postcode",
    "Off roll date",
    "Last date attended",
    "Ground for deletion",
    "Destination school",
)
JOINER_HEADINGS = (*LEAVER_HEADINGS[:7], "Start date", "Previous school")


def text(headings: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    """Rows as separated text; no value here needs quotation marks."""
    return "".join(delimiter.join(row) + "\r\n" for row in (headings, *rows))


def report() -> bytes:
    """A report out of a management information system: titles, then leavers and joiners one under the other."""
    return workbook(
        {
            "Leavers and Joiners": [
                ("Weekly Leavers and Joiners Report",),
                ("From 09/11/2026 to 13/11/2026",),
                (),
                ("Leavers",),
                ("School", *LEAVER_HEADINGS),
                *_under("Fernbridge Primary School", _typed(LEAVERS)),
                (),
                ("Joiners",),
                ("School", *JOINER_HEADINGS),
                *_under("Fernbridge Primary School", _typed(JOINERS)),
            ]
        }
    )


def template(leavers: Sequence[Sequence[str]] = LEAVERS, joiners: Sequence[Sequence[str]] = JOINERS) -> bytes:
    """An authority's template: read-me, two sheets with a required row, a hidden list."""

    def sheet(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Sequence[Any]]:
        required = [
            "Required" if h in ("Legal surname", "Date of birth", "Off roll date", "Start date") else "Optional" for h in headings
        ]
        return [
            (title,),
            ("School", "Fernbridge Primary School", "DfE number", "990/2001"),
            ("Week ending", date(2026, 11, 13)),
            (),
            headings,
            required,
            *_typed(rows),
        ]

    return workbook(
        {
            "Read me": [("Return to Thornhaven each week. One row for each child.",), ("Nil return: send the form back empty.",)],
            "Leavers": sheet("Leavers return", LEAVER_HEADINGS, leavers),
            "Joiners": sheet("Joiners return", JOINER_HEADINGS, joiners),
            "Lists": [("Sex", "Ground"), ("M", "9(1)(a)"), ("F", "9(1)(b)")],
        },
        hidden=("Lists",),
    )


def workbook(sheets: dict[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> bytes:
    """Sheets of rows as a workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def transfer(
    kind: str = "CML", version: str = "25.0", destination: str = "990LLLL", pupils: Sequence[str] | None = None
) -> bytes:
    """A file of the CTF family."""
    sex = "Sex" if float(version) >= 24 else "Gender"
    given = (
        pupils
        if pupils is not None
        else [_leaving(row, sex) for row in LEAVERS[:2]]
        if kind != "CMJ"
        else [_joining(row, sex) for row in JOINERS]
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<CTfile>
  <Header>
    <DocumentName>Common Transfer File</DocumentName><CTFversion>{version}</CTFversion><DateTime>2026-11-16T09:14:00</DateTime>
    <DocumentQualifier>{"full" if kind == "CTF" else "partial"}</DocumentQualifier><SupplierID>SIMS</SupplierID>
    <SourceSchool><LEA>990</LEA><Estab>2001</Estab><SchoolName>Fernbridge Primary School</SchoolName></SourceSchool>
    <DestSchool><LEA>{destination[:3]}</LEA><Estab>{destination[3:]}</Estab></DestSchool>
  </Header>
  <CTFpupilData>{"".join(given)}</CTFpupilData>
</CTfile>
""".encode()


def pupil(sex: str, row: Sequence[str], history: str, more: str = "") -> str:
    """One pupil's elements."""
    born = datetime.strptime(row[3].replace("31/02", "28/02"), "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
    return (
        f"<Pupil><UPN>{row[0]}</UPN><Surname>{escape(row[1])}</Surname><Forename>{escape(row[2])}</Forename><DOB>{born}</DOB>"
        f"<{sex}>{row[4]}</{sex}><BasicDetails><NCyearActual>{row[5]}</NCyearActual></BasicDetails>"
        "<Address><BS7666Address><SAON>   </SAON><PAON>  89  </PAON><Street>Tanner Lane</Street><Town>Thornhaven</Town>"
        f"</BS7666Address><PostCode>{row[6]}</PostCode></Address>"
        f"<SchoolHistory>{history}</SchoolHistory>{more}</Pupil>"
    )


def _leaving(row: Sequence[str], sex: str) -> str:
    own = (
        "<School><LEA>990</LEA><Estab>2001</Estab><EntryDate>2022-09-04</EntryDate><LeavingDate>2026-11-13</LeavingDate>"
        f"<LeavingReason>OR</LeavingReason><RemovalGrounds>{row[9]}</RemovalGrounds></School>"
    )
    return pupil(
        sex,
        row,
        own,
        "<DestSchool><LEA>990</LEA><Estab>2003</Estab><SchoolName>Quillmead Primary School</SchoolName>"
        "<EntryDate>2026-11-16</EntryDate></DestSchool>",
    )


def _joining(row: Sequence[str], sex: str) -> str:
    before = (
        "<School><LEA>991</LEA><Estab>2010</Estab><SchoolName>Marlowick Green Primary School</SchoolName>"
        "<EntryDate>2022-09-04</EntryDate><LeavingDate>2026-10-23</LeavingDate><LastSchool>true</LastSchool></School>"
    )
    return pupil(sex, row, before + "<School><LEA>990</LEA><Estab>2001</Estab><EntryDate>2026-11-09</EntryDate></School>")


def _typed(rows: Sequence[Sequence[str]]) -> list[list[Any]]:
    """The same rows with real dates, where they are dates."""
    return [[_date(cell) for cell in row] for row in rows]


def _date(cell: str) -> Any:
    try:
        return datetime.strptime(cell, "%d/%m/%Y")  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return cell


def _under(school: str, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The school's name in the first row only, as reports print it."""
    return [[school if n == 0 else None, *row] for n, row in enumerate(rows)]


SAMPLES: dict[str, Callable[[], bytes]] = {
    "arbor-leavers.csv": lambda: text(LEAVER_HEADINGS, LEAVERS).encode("utf-8-sig"),
    "arbor-joiners.csv": lambda: text(JOINER_HEADINGS, JOINERS).encode("utf-8-sig"),
    "bromcom_leavers.csv": lambda: text(LEAVER_HEADINGS, (LEAVERS[0], LEAVERS[2])).encode("cp1252"),
    "weekly report.xlsx": report,
    "movements return.xlsx": template,
    "9902001_CML_990LLLL_007.xml": transfer,
    "9902001_CML_990LLLL_008.xml": lambda: transfer(version="19.0"),
    "9902001_CMJ_990LLLL_003.xml": lambda: transfer("CMJ", "24.0"),
    "9902001_CTF_XXXXXXX_021.xml": lambda: transfer(
        "CTF",
        destination="XXXXXXX",
        pupils=[
            pupil(
                "Sex",
                LEAVERS[0],
                (
                    "<School><LEA>990</LEA><Estab>2001</Estab><LeavingDate>2026-11-13</LeavingDate><RemovalGrounds>I</RemovalGrounds></School>"
                ),
            )
        ],
    ),
    "leavers-none-this-week.csv": lambda: text(LEAVER_HEADINGS, ()).encode(),
    "movements return - nil.xlsx": lambda: template((), ()),
}


def make_samples(folder: Path) -> None:
    """Write them, and their register under ``register/``."""
    (folder / "register").mkdir(parents=True, exist_ok=True)
    (folder / "register" / "schools.csv").write_text(REGISTER, encoding="utf-8")
    for name, make in SAMPLES.items():
        (folder / name).write_bytes(make())


if __name__ == "__main__":
    make_samples(Path(sys.argv[1]))
