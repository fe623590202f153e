"""Workbooks whose container is sound and whose sheets are not: where cells lie, what they hold, how the part is written."""

from __future__ import annotations

import io
import random
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from typing import Literal

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.bad_files.containers import MAIN, header_row, packed, row, workbook_parts

SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
TOO_LARGE, HAZARD, DAMAGED = "SHEET-TOO-LARGE", "FILE-ARCHIVE-HAZARD", "FILE-DAMAGED"
HEADINGS = ("UPN", "Surname", "Forename", "Date of birth", "Leaving date", "Reason for leaving", "Destination school")
CHILD = row(2, "", "Ellery", "Tia", "02/03/2016", "13/11/2026", "9(1)(i)", "Unknown")
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

Maker = Callable[[], bytes]


def part(xml: str | bytes) -> bytes:
    """A workbook whose sheet's part is exactly this."""
    return packed(workbook_parts() | {SHEET: xml.encode() if isinstance(xml, str) else xml})


def written(rows: str, before: str = "", after: str = "") -> str:
    """A sheet's part with these rows, as written."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def with_cells(cells: str, extra: dict[str, bytes] | None = None) -> bytes:
    """A good sheet with a child, and a third row of these cells."""
    return packed(workbook_parts(header_row() + CHILD + f'<row r="3">{cells}</row>', extra=extra))


def with_text(text: str) -> bytes:
    """A good sheet with a child, and a third row whose surname is written so."""
    return with_cells(f'<c r="B3" t="inlineStr"><is><t>{text}</t></is></c>')


def with_letter(letter: bytes) -> bytes:
    """A sheet whose child has a letter of these bytes."""
    return written(header_row() + CHILD).encode().replace(b"Tia", b"T" + letter)


def with_shared(value: str, before: str = "", attributes: str = "") -> bytes:
    """A cell that points into a list of one shared text."""
    shared = f'<Relationship Id="rId2" Type="{_RELATION}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    relations = workbook_parts()[RELATIONS].decode().replace("</Relationships>", shared)
    strings = f'<sst xmlns="{MAIN}"><si><t>Ng</t></si></sst>'
    return with_cells(
        f'<c r="B3" t="s"{attributes}>{before}<v>{value}</v></c>',
        {"xl/sharedStrings.xml": strings.encode(), RELATIONS: relations.encode()},
    )


def called(name: str, head: bytes = b"") -> bytes:
    """Two cells a world apart, in a part that is not called a sheet."""
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'
    relations = workbook_parts()[RELATIONS].replace(b"worksheets/sheet1.xml", name.encode())
    return packed(workbook_parts() | {RELATIONS: relations, f"xl/{name}": head + written(rows).encode()})


def world_apart(cell: str) -> bytes:
    """Cells A1 and XFD1048576, each written as ``cell`` says."""
    return part(written("<row>" + cell.format("A1") + "</row><row>" + cell.format("XFD1048576") + "</row>"))


def prefixed(rows: str) -> bytes:
    """A sheet whose every element stands behind a prefix, as some programs write it."""
    named = rows.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    return part(f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{named}</x:sheetData></x:worksheet>')


def without_places(rows: str) -> str:
    """The rows without references."""
    for number in (1, 2):
        rows = rows.replace(f'<row r="{number}">', "<row>")
        for letter in "ABCDEFG":
            rows = rows.replace(f' r="{letter}{number}"', "")
    return rows


def counted_on() -> bytes:
    """Cells that only count on: a row of four thousand, then four thousand rows. Noise, so that it does not pack too well."""
    noise = random.Random(7)  # noqa: S311 - not a secret
    cells = [f"<c><v>{noise.randrange(10**9)}</v></c>" for _ in range(4000)]
    return part(written("<row>" + "".join(cells) + "</row>" + "".join(f"<row>{one}</row>" for one in cells)))


def many_sheets(count: int) -> bytes:
    """A workbook whose every sheet is the same part, laid out over eight million cells."""
    names = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="rId1"/>' for n in range(count))
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1000"><c r="KUR1000"><v>1</v></c></row>'
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{_RELATION}"><sheets>{names}</sheets></workbook>'
    return packed(workbook_parts(rows) | {"xl/workbook.xml": book.encode()})


def encoded(encoding: str, declared: str) -> bytes:
    """The sheet's part in an encoding, with a declaration."""
    return part(f'<?xml version="1.0" encoding="{declared}"?>{written(CHILD.replace("Tia", "Zoë"))}'.encode(encoding))


def long_text(characters: int) -> str:
    """Text that does not pack well."""
    noise = random.Random(7).randbytes(characters)  # noqa: S311 - not a secret
    return b64encode(noise).decode()[:characters]


def merged(count: int) -> bytes:
    """A good sheet with merged cells over all of it, many times."""
    merges = "".join(f'<mergeCell ref="A{n + 4}:XFD{1048576 - n}"/>' for n in range(count))
    return part(written(header_row() + CHILD, after=f"<mergeCells>{merges}</mergeCells>"))


def dated_by_macintosh() -> bytes:
    """Dates counted from 1904."""
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    page = book.create_sheet("Leavers", 0)
    page.append(HEADINGS)
    page.append(["", "Ellery", "Tia", date(2016, 3, 2), date(2026, 11, 13), "9(1)(i)", "Unknown"])
    return _saved(book)


def hidden(state: Literal["hidden", "veryHidden"]) -> bytes:
    """A workbook with a second, hidden sheet of children."""
    book = Workbook()
    for page in (book.create_sheet("Leavers", 0), book.create_sheet("Old", 1)):
        page.append(HEADINGS)
        page.append(["", "Ellery", "Tia", "02/03/2016", "13/11/2026", "9(1)(i)", "Unknown"])
    book["Old"].sheet_state = state
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FAR_BEFORE = '<row r="1"><c r="A1048576"><v>1</v></c><c r="XFD1"><v>1</v></c>' + long_text(9000) + "</row>"
PREFIXED_FAR = '<row><c r="A1"><v>1</v></c></row><row><c r="XFD1048576"><v>1</v></c></row>'
LONG_ROW = "<row>" + f'<c t="inlineStr"><is><t>{long_text(60_000)}</t></is></c>' * 20 + "</row>"

BAD_SHEETS: tuple[tuple[str, str, Maker], ...] = (
    ("world-apart-style-before-reference.xlsx", TOO_LARGE, lambda: world_apart('<c s="1" r="{}"><v>1</v></c>')),
    ("world-apart-in-single-quotes.xlsx", TOO_LARGE, lambda: world_apart("<c r='{}'><v>1</v></c>")),
    ("world-apart-with-line-breaks.xlsx", TOO_LARGE, lambda: world_apart('<c\r\n\tr = "{}"\n><v>1</v></c>')),
    ("world-apart-behind-a-prefix.xlsx", TOO_LARGE, lambda: prefixed(PREFIXED_FAR)),
    ("world-apart-without-references.xlsx", TOO_LARGE, counted_on),
    ("world-apart-long-before-the-last-row.xlsx", TOO_LARGE, lambda: part(written(FAR_BEFORE))),
    ("world-apart-called-a-picture.xlsx", TOO_LARGE, lambda: called("media/image1.png")),
    ("world-apart-called-and-begun-as-a-picture.xlsx", TOO_LARGE, lambda: called("media/image1.png", b"\x89PNG\r\n\x1a\n")),
    ("cell-beyond-the-last-column.xlsx", TOO_LARGE, lambda: with_cells('<c r="XFE3"><v>1</v></c>')),
    ("cell-in-a-column-of-four-letters.xlsx", DAMAGED, lambda: with_cells('<c r="ZZZZ3"><v>1</v></c>')),
    ("cell-beyond-the-last-row.xlsx", TOO_LARGE, lambda: with_cells('<c r="A1048577"><v>1</v></c>')),
    ("cell-in-a-row-of-eleven-digits.xlsx", DAMAGED, lambda: with_cells('<c r="A99999999999"><v>1</v></c>')),
    ("cell-in-row-nought.xlsx", DAMAGED, lambda: with_cells('<c r="A0"><v>1</v></c>')),
    ("cell-nowhere.xlsx", DAMAGED, lambda: with_cells('<c r=""><v>1</v></c>')),
    ("row-of-letters.xlsx", DAMAGED, lambda: part(written('<row r="two"><c r="A2"><v>1</v></c></row>'))),
    ("place-behind-an-entity.xlsx", HAZARD, lambda: with_cells('<c r="&#65;3"><v>1</v></c>')),
    ("dimension-that-is-none.xlsx", DAMAGED, lambda: part(written("", before='<dimension ref="?"/>'))),
    ("more-sheets-than-anyone-fills.xlsx", "SHEET-TOO-MANY", lambda: many_sheets(201)),
    ("cell-of-eighty-thousand-letters.xlsx", "SHEET-CELL-TOO-LONG", lambda: with_text(long_text(80_000))),
    ("cell-of-two-million-letters.xlsx", "SHEET-CELL-TOO-LONG", lambda: with_text(long_text(2_000_000))),
    ("row-of-a-million-letters.xlsx", "SHEET-ROW-TOO-LONG", lambda: part(written(LONG_ROW))),
    ("shared-text-beyond-the-list.xlsx", DAMAGED, lambda: with_shared("5")),
    ("shared-text-before-the-list.xlsx", DAMAGED, lambda: with_shared("-1")),
    ("shared-text-by-a-word.xlsx", DAMAGED, lambda: with_shared("abc")),
    ("shared-text-by-digits-and-a-word.xlsx", DAMAGED, lambda: with_shared("0abc")),
    ("shared-text-by-twenty-digits.xlsx", DAMAGED, lambda: with_shared("9" * 20)),
    ("shared-text-behind-a-formula.xlsx", DAMAGED, lambda: with_shared("-1", before="<f>B2</f>")),
    ("shared-text-behind-a-long-tag.xlsx", DAMAGED, lambda: with_shared("-1", attributes=f' x="{"x" * 300}"')),
    ("shared-text-by-an-entity.xlsx", DAMAGED, lambda: with_shared("&#48;")),
    ("number-cut-by-a-comment.xlsx", DAMAGED, lambda: with_cells('<c r="A3"><v>12<!-- -->34</v></c>')),
    ("number-in-raw-text.xlsx", DAMAGED, lambda: with_cells('<c r="A3"><v><![CDATA[1234]]></v></c>')),
    ("true-or-false-that-is-neither.xlsx", DAMAGED, lambda: with_cells('<c r="A3" t="b"><f>1=1</f><v>5</v></c>')),
    ("error-of-no-known-name.xlsx", DAMAGED, lambda: with_cells('<c r="A3" t="e"><v>#OOPS</v></c>')),
    ("cell-of-no-known-type.xlsx", DAMAGED, lambda: with_cells('<c r="A3" t="zz"><v>1</v></c>')),
    ("entity-that-nobody-defined.xlsx", DAMAGED, lambda: with_text("Zo&e; Smith")),
    ("xml-1.1-inside.xlsx", "XML-VERSION", lambda: part(f'<?xml version="1.1"?><worksheet xmlns="{MAIN}"/>')),
    ("sheet-in-latin-1.xlsx", HAZARD, lambda: encoded("latin-1", "ISO-8859-1")),
    ("sheet-in-utf-8-that-says-latin-1.xlsx", HAZARD, lambda: encoded("utf-8", "ISO-8859-1")),
    ("sheet-in-utf-16.xlsx", HAZARD, lambda: encoded("utf-16", "UTF-16")),
    ("sheet-in-utf-16-without-its-mark.xlsx", HAZARD, lambda: encoded("utf-16-le", "UTF-16")),
    ("sheet-with-bytes-that-are-not-utf-8.xlsx", DAMAGED, lambda: part(with_letter(b"\xeb"))),
    ("sheet-cut-off-in-a-tag.xlsx", DAMAGED, lambda: part(f'<worksheet xmlns="{MAIN}"><sheetData>{CHILD[:-9]}')),
    ("no-sheet-behind-the-name.xlsx", DAMAGED, lambda: packed({n: c for n, c in workbook_parts().items() if n != SHEET})),
)

ODD_SHEETS: tuple[tuple[str, str | None, Maker], ...] = (
    ("style-before-reference.xlsx", None, lambda: part(written((header_row() + CHILD).replace("<c r=", '<c s="0" r=')))),
    ("behind-a-prefix.xlsx", None, lambda: prefixed(header_row() + CHILD)),
    ("without-references.xlsx", None, lambda: part(written(without_places(header_row() + CHILD)))),
    (
        "dimension-that-lies.xlsx",
        None,
        lambda: part(written(header_row() + CHILD, before='<dimension ref="A1:XFD1048576"/>')),
    ),
    ("merged-cells-without-end.xlsx", None, lambda: merged(500)),
    ("dates-of-a-macintosh.xlsx", None, dated_by_macintosh),
    ("hidden-sheet.xlsx", None, lambda: hidden("hidden")),
    ("very-hidden-sheet.xlsx", None, lambda: hidden("veryHidden")),
    ("formula-never-worked-out.xlsx", "SHEET-FORMULAS", lambda: with_cells('<c r="A3"><f>1+1</f></c>')),
    ("formula-never-worked-out-style-first.xlsx", "SHEET-FORMULAS", lambda: with_cells('<c s="0" r="A3"><f>1+1</f></c>')),
    ("formula-worked-out.xlsx", None, lambda: with_cells('<c r="A3"><f>1+1</f><v>2</v></c>')),
    ("formula-whose-text-calls-itself-a-number.xlsx", None, lambda: with_cells('<c r="A3"><f>1+1</f><v>abc</v></c>')),
    ("formula-whose-date-is-none.xlsx", None, lambda: with_cells('<c r="A3" t="d"><f>1</f><v>2026-13-45</v></c>')),
    ("error-cell.xlsx", "SHEET-ERROR-CELLS", lambda: with_cells('<c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c>')),
    ("error-cell-type-first.xlsx", "SHEET-ERROR-CELLS", lambda: with_cells('<c t="e" r="A3"><v>#N/A</v></c>')),
    ("number-beyond-all-numbers.xlsx", None, lambda: with_cells('<c r="A3"><v>1e400</v></c>')),
    ("number-that-is-none.xlsx", None, lambda: with_cells('<c r="A3"><v>nan</v></c>')),
    ("comment-in-a-name.xlsx", None, lambda: with_text("Zo<!-- x -->e")),
    ("raw-text-in-a-name.xlsx", None, lambda: with_text("<![CDATA[Zoë]]>")),
    ("utf-8-with-its-mark.xlsx", None, lambda: part(b"\xef\xbb\xbf" + with_letter("ë".encode()))),
    ("data-from-elsewhere.xlsx", "SHEET-DATA-FROM-ELSEWHERE", lambda: with_cells("", {"xl/connections.xml": b"<connections/>"})),
    ("web-query.xlsx", "SHEET-DATA-FROM-ELSEWHERE", lambda: with_cells("", {"xl/queryTables/queryTable1.xml": b"<queryTable/>"})),
    ("controls.xlsx", "SHEET-EMBEDDED-FILES", lambda: with_cells("", {"xl/activeX/activeX1.xml": b"<ax/>"})),
)
