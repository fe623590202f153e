"""A text return as a workbook of text cells: every value stands there as it was typed, with our columns beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from gateway.domain.parcels.kinds import Finding
from gateway.domain.parcels.stages import RawRow, Sheets
from schemas.workbooks.blocks import Header, headers
from schemas.workbooks.columns import ERRORS_COLUMN, OUR_COLUMNS, ROW_COLUMN, content_mark, row_id
from schemas.workbooks.marks import FILLS, Marks, gravest, sentence, sentences
from schemas.workbooks.save import saved

AUTHOR = "CME Gateway"
LOOKED_AT, NARROW, WIDE = 200, 8, 40    # rows whose texts make a column wide; characters
# What the XML of a workbook cannot hold, and what looks like the form in which it is then written (ECMA-376, ST_Xstring).
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x0d\x0e-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")     # not to be written even so; the row's words tell of it


def marked_copy(sheets: Sheets, marks: Marks) -> bytes:
    """Every row of the text, in its order, the faulty ones marked."""
    grid = sheets.grids[0]
    rows = list(grid.rows())
    found = {row: said for (_, row), said in marks.rows.items()}
    above = headers(rows, found)
    header_rows = {h.row: h for h in above.values()}
    mark = content_mark(sheets.screened.offered.content)
    width = max((h.width for h in header_rows.values()), default=0)
    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = "Return"
    sheet.column_dimensions[get_column_letter(width + 1)].width = 70
    sheet.column_dimensions[get_column_letter(width + 2)].hidden = True
    if len(header_rows) == 1:
        sheet.freeze_panes = f"A{next(iter(header_rows)) + 1}"
    fit_columns(sheet, rows, width)
    for row in rows:
        number = row.number                   # a row keeps the number of its line
        sheet._current_row = number - 1
        sheet.append(_row(sheet, row, header_rows, above.get(number), found.get(number, []), mark, width))
    return saved(book, rehearsal=marks.rehearsal)


def fit_columns(sheet: Any, rows: Sequence[RawRow], width: int) -> None:
    """As wide as what stands in them at the beginning, within reason; titles that reach over several columns do not count."""
    near = [row.cells for row in rows[:LOOKED_AT] if sum(cell not in (None, "") for cell in row.cells) > 1]
    for column in range(width):
        longest = max((len(str(cells[column])) for cells in near if column < len(cells) and cells[column] is not None), default=0)
        sheet.column_dimensions[get_column_letter(column + 1)].width = min(max(longest + 2, NARROW), WIDE)


def _row(sheet: Any, row: RawRow, header_rows: dict[int, Header], header: Header | None, findings: Sequence[Finding], mark: str,
         width: int) -> list[Any]:
    if row.number in header_rows:
        return header_cells(sheet, row.cells, width)
    return marked_cells(sheet, row, header, findings, row_id(mark, None, row.number) if findings else None, width)


def header_cells(sheet: Any, cells: Sequence[Any], width: int) -> list[Any]:
    """The sender's headings and ours, in bold."""
    titles = [str(c or "") for c in cells if str(c or "").strip() not in OUR_COLUMNS][:width]
    titles += [""] * (width - len(titles))
    out = [text_cell(sheet, title) for title in (*titles, ERRORS_COLUMN, ROW_COLUMN)]
    for cell in out:
        cell.font = Font(bold=True)
    return out


def marked_cells(sheet: Any, row: RawRow, header: Header | None, findings: Sequence[Finding], ident: str | None,
                 width: int) -> list[Any]:
    """A row's cells as text, the faulty ones filled and commented, our words and the id at the end."""
    values = list(row.cells)
    ours = {header.column(name): name for name in OUR_COLUMNS if header.column(name) is not None} if header else {}
    came = next((str(values[c]) for c, name in ours.items() if c is not None and name == ROW_COLUMN and c < len(values)), "")
    kept = [v for c, v in enumerate(values) if c not in ours]
    out = [text_cell(sheet, v) for v in kept]
    if not findings:
        return out
    out += [text_cell(sheet, "") for _ in range(width - len(out))]
    said = text_cell(sheet, sentences(findings))
    said.alignment = Alignment(wrap_text=True, vertical="top")
    said.fill = PatternFill("solid", fgColor=FILLS[gravest(findings)])
    for finding in findings:
        place = header.column(finding.column) if header else None
        if place is not None and place < len(out):
            out[place].fill = PatternFill("solid", fgColor=FILLS[gravest(f for f in findings if f.column == finding.column)])
            words = [sentence(f, with_column=False) for f in findings if f.column == finding.column]
            out[place].comment = Comment("\n".join(words), AUTHOR, width=360, height=120)
    return [*out[:max(width, len(kept))], said, text_cell(sheet, came or ident or "")]


def text_cell(sheet: Any, value: Any) -> Any:
    """A cell that holds exactly this text, whatever it looks like."""
    text = "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    cell = WriteOnlyCell(sheet, value=writable(text)[:32_767] or None)
    if cell.value is not None:
        cell.data_type = "s"
        cell.number_format = "@"
    return cell


def writable(text: str) -> str:
    """The text as a workbook's XML holds it: Excel, and our reader, make of it exactly what it was."""
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", _NO_CHARACTER.sub("", text))
