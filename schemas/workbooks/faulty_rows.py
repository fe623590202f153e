"""A workbook of the faulty rows alone, for returns too large or too odd to mark in place.

Each sheet has its header, then its faulty rows with our columns. Filled in and sent back, they replace the rows they came from;
rows that are not in it stay as they are.
"""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from gateway.domain.parcels.kinds import Finding
from gateway.domain.parcels.stages import Grid, RawRow, Sheets
from schemas.workbooks.blocks import LOOK_BACK, Header, headers
from schemas.workbooks.columns import content_mark, row_id
from schemas.workbooks.marks import Marks
from schemas.workbooks.save import saved
from schemas.workbooks.text_copy import fit_columns, header_cells, marked_cells

MAX_FAULTY = 5_000                 # more than these nobody corrects by hand: the export itself is wrong


def faulty_rows(sheets: Sheets, marks: Marks) -> bytes:
    """The faulty rows of every sheet, under their headers."""
    book = Workbook()
    book.remove(book.worksheets[0])
    mark = content_mark(sheets.screened.offered.content)
    for grid in sheets.grids:
        _write(book, grid, marks, mark)
    if not book.worksheets:
        book.create_sheet("Return")
    return saved(book, rehearsal=marks.rehearsal)


def _write(book: Workbook, grid: Grid, marks: Marks, mark: str) -> None:
    found = {row: said for (title, row), said in sorted(marks.rows.items(), key=lambda i: i[0][1]) if title == grid.title}
    if not found:
        return
    wanted = dict(list(found.items())[:MAX_FAULTY])
    rows = _near(grid, wanted)
    above = headers(rows, wanted)
    by_number = {row.number: row for row in rows}
    sheet = book.create_sheet((grid.title or "Return")[:31])
    width = max((h.width for h in above.values()), default=0)
    sheet.column_dimensions[get_column_letter(width + 1)].width = 70
    sheet.column_dimensions[get_column_letter(width + 2)].hidden = True
    fit_columns(sheet, rows, width)
    sheet.freeze_panes = "A2"
    last: Header | None = None
    for number, findings in wanted.items():
        header = above.get(number)
        if header is not None and header is not last:
            sheet.append(header_cells(sheet, by_number[header.row].cells, width))
            last = header
        sheet.append(marked_cells(sheet, by_number[number], header, findings, row_id(mark, grid.title, number), width))


def _near(grid: Grid, wanted: dict[int, list[Finding]]) -> list[RawRow]:
    """The wanted rows, the first rows, and whatever could be a header: never the whole grid at once."""
    kept: list[RawRow] = []
    headings = {f.column.strip() for found in wanted.values() for f in found if f.column}
    for row in grid.rows():
        could_be_header = any(isinstance(c, str) and c.strip() in headings for c in row.cells)
        if row.number in wanted or row.number <= LOOK_BACK or could_be_header:
            kept.append(row)
    return kept
