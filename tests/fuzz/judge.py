"""What a spoilt file may do: be refused with a code and a hint, or be read without a changed letter.

A refusal by crash, memory or time is none: it is counted as a crash. Text that was read is compared with what another reader
makes of the same bytes: Python's own ``csv`` and XML parser, and ``openpyxl`` for workbooks. What the other cannot read at all
proves nothing.
"""

from __future__ import annotations

import csv
import html
import io
import re
import unicodedata
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openpyxl import load_workbook

from gateway.bootstrap.reader import Reader
from gateway.domain.parcels.kinds import Verdict
from gateway.domain.parcels.stages import Checked, Format, Grid, Offered, Screened
from gateway.domain.register.establishments import Register
from gateway.domain.returns.unseen import INVISIBLE
from gateway.errors import RefusedError
from schemas.screening import screen
from schemas.spreadsheets import read_workbook
from schemas.spreadsheets.encoding import text_encoding

SENDER = "9902001"
READER = Reader(Register())
TASK: Mapping[str, Any] = {
    "do": "examine",
    "name": "a",
    "sender": SENDER,
    "kind": None,
    "today": "2026-11-16",
    "permitted": [],
    "headings": {},
    "passwords": [],
    "records": True,
}
CRASHED = "FILE-UNREADABLE"
_OTHER_CANNOT = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    zipfile.BadZipFile,
    ET.ParseError,
    OverflowError,
    AssertionError,
    RecursionError,
    OSError,
    NotImplementedError,
    SyntaxError,
)


def examined(name: str, content: bytes) -> Checked:
    """The reader's answer, in this process: whatever it raises comes out."""
    frames = list(READER.examine(TASK, Offered(name, content, SENDER)))
    whole = frames[-1]["summary"]
    whole["findings"] = [*whole["findings"], *(f for frame in frames for f in frame.get("findings", ()))]
    whole["records"] = [record for frame in frames for record in frame.get("records", ())]
    return Checked.from_json(whole)


def wrong(name: str, content: bytes, checked: Checked) -> Iterator[str]:
    """What is wrong with an answer; nothing when it is as it must be."""
    for finding in checked.findings:
        if not (finding.code and finding.message and finding.hint):
            yield f"a finding without words: {finding.code}"
    if checked.verdict is Verdict.REFUSED:
        errors = [f.code for f in checked.findings if f.severity.value == "error"]
        if len(errors) != 1 or checked.rows.read or checked.records:
            yield f"refused with {errors}, {checked.rows.read} rows read"
        if errors and errors[0].startswith(CRASHED):
            yield f"crashed: {errors[0]}"
        return
    if checked.rows.read != len(checked.records) or checked.rows.read != checked.rows.accepted + checked.rows.held:
        yield f"{checked.rows} do not add up, {len(checked.records)} records"
    yield from changed(name, content, checked)


def changed(name: str, content: bytes, checked: Checked) -> Iterator[str]:
    """Names that another reader does not find in the same bytes."""
    told = {(f.row, f.field) for f in checked.findings} | {(f.sheet, f.row, f.field) for f in checked.findings}
    try:
        screened = screen(Offered(name, content, SENDER))
        if screened.format is Format.XLSX:
            yield from _cells_changed(screened)
        words = _text(screened)
    except _OTHER_CANNOT:
        return
    for record in checked.records:
        for field in ("legal_surname", "legal_forename"):
            value = getattr(record, field)
            if value and (record.row, field) not in told and _plain(value) not in words:
                yield f"row {record.row}: {field} {value!r} stands nowhere in the file"


def _text(screened: Screened) -> str:
    """All text of the file, as another reader reads it, one value after another."""
    if screened.format is Format.CTF:
        return "\n".join(_plain("".join(one.itertext())) for one in ET.fromstring(screened.content).iter())  # noqa: S314 - screened
    if screened.format is Format.XLSX:
        return "\n".join(_texts_inside(screened.content))
    text = screened.content.decode(text_encoding(screened.content))
    return "\n".join(_plain(cell) for delimiter in ",;\t|" for row in _csv_rows(text, delimiter) for cell in row)


def _csv_rows(text: str, delimiter: str) -> Iterable[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return []


def _cells_changed(screened: Screened) -> Iterator[str]:
    """Texts of the reader's grids that differ from openpyxl's, sheet by sheet and row by row."""
    other = _other_cells(screened.content)
    everywhere = {cell for rows in other.values() for row in rows for cell in row}
    inside = set(_texts_inside(screened.content))  # it stops at a tag inside a text; the whole text is there all the same
    try:
        grids: tuple[Grid, ...] = read_workbook(screened).grids
        ours = {
            grid.title: [[_plain(c) for c in row.cells if isinstance(c, str) and _plain(c)] for row in grid.rows()]
            for grid in grids
        }
    except RefusedError:
        return
    for title, rows in ours.items():
        theirs = other.get(title)
        if theirs is None:
            continue
        for number, row in enumerate(rows):
            expected = theirs[number] if number < len(theirs) else []
            odd = set(row) - set(expected) if len(row) == len(expected) else set()  # fewer: it leaves out what it does not know
            if odd and not odd <= inside - everywhere:
                yield f"{title!r} row {number + 1}: {row} read, openpyxl reads {expected}"


def _texts_inside(content: bytes) -> Iterator[str]:
    """Every text of every part, by Python's own parser, or by the letters between the tags where that cannot parse it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            try:
                yield from (_plain(_unescaped("".join(one.itertext()))) for one in ET.fromstring(part).iter())  # noqa: S314
            except ET.ParseError:
                text = part.decode("utf-8", "replace")
                yield from (_plain(_unescaped(html.unescape(one))) for one in re.findall(r">([^<]*)", text))
                yield _plain(_unescaped(html.unescape(re.sub(r"<!\[CDATA\[|\]\]>|<[^>]*>", "", text))))


def _other_cells(content: bytes) -> dict[str | None, list[list[str]]]:
    book = load_workbook(io.BytesIO(content), data_only=True)
    return {
        sheet.title: [
            [said for cell in row if (said := _said(cell.value))] for row in sheet.iter_rows(max_row=min(sheet.max_row, 3000))
        ]
        for sheet in book.worksheets
    }


def _said(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float):
        return _plain(str(int(value))) if value.is_integer() and abs(value) < 2**53 else _plain(str(value))
    return _plain(_unescaped(str(value)))


def _unescaped(text: str) -> str:
    """openpyxl leaves the escapes of ECMA-376's ST_Xstring as they stand."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: found[0] if found[1][0] in "dDfF" else chr(int(found[1], 16)), text)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()
