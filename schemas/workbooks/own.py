"""Marking the sender's own workbook in place.

1. Comments of ours replace comments of ours, and are added below comments of theirs.
2. A text that looks like a formula and was typed as text stays text.
3. Where merged cells or links spread over so much that the library would fill the memory, it is not marked in place.
4. What the writing library cannot keep (charts, pictures) is lost in the copy; the sender still has the original, and the rows
   are whole.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections import defaultdict
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from lxml.etree import XMLSyntaxError
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from gateway.domain.parcels.kinds import Finding
from gateway.domain.parcels.stages import Grid, Sheets
from schemas.screening.area import column_number
from schemas.workbooks.blocks import Header, headers
from schemas.workbooks.columns import ERRORS_COLUMN, ROW_COLUMN, content_mark, row_id
from schemas.workbooks.marks import FILLS, Marks, gravest, sentence, sentences
from schemas.workbooks.save import saved

AUTHOR = "CME Gateway"
MOST_MADE = 100_000                # cells; a merged title has a dozen
_SPREAD = re.compile(rb"""<(?:\w+:)?(?:mergeCell|hyperlink)\s[^<>]*?\bref=["']"""
                     rb"""\$?([A-Za-z]{1,3})\$?([0-9]{1,7}):\$?([A-Za-z]{1,3})\$?([0-9]{1,7})["']""")
_FAILURES = (InvalidFileException, zipfile.BadZipFile, ParseError, XMLSyntaxError, DefusedXmlException, KeyError, ValueError,
             TypeError, IndexError, AttributeError, struct.error)


class NotWritableError(Exception):
    """The writing library cannot open or save this workbook."""


def mark_own_workbook(sheets: Sheets, marks: Marks) -> bytes:
    """The same workbook with fills, comments and our columns. NotWritableError."""
    if _cells_to_be_made(sheets.screened.content) > MOST_MADE:
        raise NotWritableError
    try:
        book = load_workbook(io.BytesIO(sheets.screened.content), rich_text=True)
        mark = content_mark(sheets.screened.offered.content)
        for grid in sheets.grids:
            marked = {row: found for (title, row), found in marks.rows.items() if title == grid.title}
            if marked and grid.title in book.sheetnames:
                _mark_sheet(book[grid.title], grid, marked, mark)
        return saved(book, rehearsal=marks.rehearsal)
    except _FAILURES as error:
        raise NotWritableError from error


def _cells_to_be_made(content: bytes) -> int:
    """How many cells the library makes for merged cells and links: one for each place in them, filled or not."""
    made = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if b"mergeCell" in part or b"hyperlink" in part:
                made += sum(_area(*corners) for corners in _SPREAD.findall(part))
    return made


def _area(left: bytes, top: bytes, right: bytes, bottom: bytes) -> int:
    return (abs(column_number(right) - column_number(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _mark_sheet(sheet: Any, grid: Grid, marked: dict[int, list[Finding]], mark: str) -> None:
    rows = list(grid.rows())
    offset = first_column(rows, sheet)
    blocks: dict[int, list[tuple[int, Header]]] = defaultdict(list)
    for number, header in headers(rows, marked).items():
        blocks[header.row].append((number, header))
    width = max((members[0][1].width for members in blocks.values()), default=0)
    for members in blocks.values():
        header = members[0][1]
        words, ids = _our_columns(sheet, header, offset, width)
        for number, _ in members:
            _mark_row(sheet, number, marked[number], header, offset, words)
            cell = sheet.cell(row=number, column=ids)
            if not cell.value:
                cell.value = row_id(mark, grid.title, number)
    if len(blocks) == 1 and sheet.freeze_panes is None:
        sheet.freeze_panes = sheet.cell(row=min(blocks) + 1, column=1)


def first_column(rows: list[Any], sheet: Any) -> int:
    """The column in which the reader's cells begin: it leaves out empty columns at the left."""
    for row in rows[:200]:
        for place, cell in enumerate(row.cells):
            if isinstance(cell, str) and cell.strip():
                for column in range(1, sheet.max_column + 1):
                    if str(sheet.cell(row=row.number, column=column).value or "") == cell:
                        return max(0, column - 1 - place)
    return 0


def _our_columns(sheet: Any, header: Header, offset: int, width: int) -> tuple[int, int]:
    """Columns (from 1) of our words and our ids in this block, added when they are not there yet: right of the widest block, so
    that they are the same for all of them, and can be wide and hidden."""
    words, ids = header.column(ERRORS_COLUMN), header.column(ROW_COLUMN)
    if words is None or ids is None:
        words, ids = width, width + 1
    places = words + offset + 1, ids + offset + 1
    for place, title in zip(places, (ERRORS_COLUMN, ROW_COLUMN), strict=True):
        cell = sheet.cell(row=header.row, column=place, value=title)
        cell.font = Font(bold=True)
    sheet.column_dimensions[sheet.cell(row=1, column=places[0]).column_letter].width = 70
    if not _used_elsewhere(sheet, places[1], header.row):
        sheet.column_dimensions[sheet.cell(row=1, column=places[1]).column_letter].hidden = True
    return places


def _used_elsewhere(sheet: Any, column: int, header_row: int) -> bool:
    """Whether another block has cells of its own there: hiding the column would hide them. Only the rows above are walked:
    walking makes cells, and a stray one far below would make a million."""
    cells = (c for (c,) in sheet.iter_rows(min_col=column, max_col=column, max_row=header_row - 1)) if header_row > 1 else ()
    return any(c.value is not None and c.value != ROW_COLUMN for c in cells)


def _mark_row(sheet: Any, number: int, findings: list[Finding], header: Header, offset: int, words: int) -> None:
    said = sheet.cell(row=number, column=words, value=sentences(findings))
    said.alignment = Alignment(wrap_text=True, vertical="top")
    said.data_type = "s"
    said.fill = PatternFill("solid", fgColor=FILLS[gravest(findings)])
    by_column: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        place = header.column(finding.column)
        if place is not None:
            by_column[place + offset + 1].append(finding)
    for column, found in by_column.items():
        cell = sheet.cell(row=number, column=column)
        cell.fill = PatternFill("solid", fgColor=FILLS[gravest(found)])
        cell.comment = _comment(cell, "\n".join(sentence(f, with_column=False) for f in found))


def _comment(cell: Any, text: str) -> Comment:
    theirs = cell.comment
    if theirs is not None and theirs.author != AUTHOR and theirs.text:
        text = f"{theirs.text}\n\n{text}"
    return Comment(text, AUTHOR, width=360, height=120)
