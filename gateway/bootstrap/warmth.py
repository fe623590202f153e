"""One small return of each form, read from end to end before a worker gives up its powers.

Python opens codecs, time-zone files and modules at their first use. After the sandbox has closed there is no such use: whatever
the reading of a real file may touch is touched here. Every child is invented.
"""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from gateway.domain.parcels.stages import Offered
from schemas.screening.locked import lock

Answer = Callable[[Mapping[str, Any], Offered], Iterator[dict[str, Any]]]

_HEADINGS = ("UPN", "Surname", "Forename", "Date of birth", "Sex", "Year", "Postcode", "Address", "Parent name", "Telephone",
             "Last attended", "Leaving date", "Reason for leaving", "Destination school", "Destination country", "Start date")
_ROWS = (
    ("A990200125354", "Ellery", "Zoë", "02/03/2018", "F", "4", "ZY1 8GD", "4 Tanyard Row", "Mrs A Ellery", "07700900154",
     "13/11/2026", "13/11/2026", "9(1)(a)", "Fernbridge Primary School", "", ""),
    ("", "=Null", "Tom", "31/02/2018", "M", "R", "zy18gd", "", "", "", "13.11.26", "2026-11-01", "g", "Abroad - Poland", "Poland",
     ""),
    ("B990200120338", "Ng", "", "03/17/2018", "", "x", "", "", "", "", "", "", "", "", "", "44927"),
)
_CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp437", "iso-8859-1", "iso8859-15",
           "us-ascii")


def warm(examine: Answer, annotate: Answer | None) -> None:
    """Read one of each; annotate one of each when a way to do so is given."""
    for codec in _CODECS:
        codecs.lookup(codec)         # encoding would not do: Python has shortcuts past the codec's module
        codecs.getincrementaldecoder(codec)().decode("a".encode(codec), final=True)
    for name, content in samples().items():
        task: dict[str, Any] = {
            "name": name, "sender": "9902001", "kind": None, "permitted": ["9902001"], "headings": {}, "passwords": ["x"],
            "today": date(2026, 11, 16).isoformat(), "records": True,
        }
        offered = Offered(name=name, content=content, sender="9902001")
        frames = list(examine(task, offered))
        if annotate is None:
            continue
        checked = frames[-1]["summary"] | {"findings": [f for frame in frames for f in frame.get("findings", ())]}
        list(annotate(task | {"checked": checked}, offered))


def samples() -> dict[str, bytes]:
    """The returns: text in two encodings, a workbook, a leavers' and a joiners' transfer, and things that are refused."""
    text = "\n".join(",".join(row) for row in (_HEADINGS, *_ROWS))
    return {
        "warm.csv": text.encode("utf-8-sig"),
        "warm-windows.csv": text.replace(",", ";").encode("cp1252"),
        "warm-wide.csv": text.encode("utf-16"),
        "warm.xlsx": _workbook(),
        "9902001_CML_990LLLL_001.xml": _transfer("LeavingDate>2026-11-13</LeavingDate><RemovalGrounds>G</RemovalGrounds"),
        "9902001_CMJ_990LLLL_002.xml": _transfer("EntryDate>2026-11-13</EntryDate"),
        "empty.csv": b"",
        "cut.xml": b'<?xml version="1.0" encoding="windows-1252"?><CTfile><Header>',
        "locked.xlsx": lock(_workbook(), "x", spins=1),
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    }


def _transfer(entry: str) -> bytes:
    return f"""<?xml version="1.0" encoding="utf-8"?><CTfile><Header><DocumentName>Common Transfer File</DocumentName>
<CTFversion>25.0</CTFversion><DateTime>2026-11-16T09:00:00</DateTime><DocumentQualifier>partial</DocumentQualifier>
<SourceSchool><LEA>990</LEA><Estab>2001</Estab></SourceSchool><DestSchool><LEA>990</LEA><Estab>LLLL</Estab></DestSchool></Header>
<CTFpupilData><Pupil><UPN>A990200125354</UPN><Surname>Ellery</Surname><Forename>Zoë</Forename><DOB>2018-03-02</DOB><Sex>F</Sex>
<Address><AddressLines><AddressLine1>4 Tanyard Row</AddressLine1></AddressLines><PostCode>ZY1 8GD</PostCode></Address>
<SchoolHistory><School><LEA>990</LEA><Estab>2001</Estab><{entry}></School></SchoolHistory>
<DestSchool><LEA>XXX</LEA><Estab>XXXX</Estab></DestSchool></Pupil></CTFpupilData></CTfile>""".encode()


_SHEETML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def _workbook() -> bytes:
    """A workbook written by hand, so that warming needs no writing library."""
    rows = "".join(f'<row r="{n}">{"".join(_cell(n, c, text) for c, text in enumerate(row))}</row>'
                   for n, row in enumerate((_HEADINGS, *_ROWS), start=1))
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{main}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_SHEETML}" xmlns:r="{_RELS}"><sheets>'
        '<sheet name="Leavers" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEETML}"><sheetData>{rows}</sheetData></worksheet>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + xml)
    return packed.getvalue()


def _cell(row: int, column: int, text: str) -> str:
    return f'<c r="{chr(65 + column)}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
