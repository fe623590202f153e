"""Workbooks as grids, one for each sheet.

1. Row numbers are those that Excel shows: empty rows at the top count.
2. Dates are dates by the workbook's own date system (1900 or 1904). Whole numbers become text without ``.0``: a telephone number
   or a UPN that Excel took for a number keeps its digits. A number without a date's format may be a date all the same, so
   that a sheet says from which day its numbers count.
3. Hidden and very hidden sheets are given too, marked as hidden: what they mean is decided later.
4. Chart, dialog and macro sheets have no rows.
5. Formulas give the value that the spreadsheet program last worked out; they are never worked out here.
6. Limits: ``MAX_SHEETS``, ``MAX_LAID_OUT`` cells in all sheets together, ``MAX_CELL`` characters in a cell, ``MAX_ROW`` in a row.
   What is kept for a second pass is kept within ``KEPT_AREA`` for the whole workbook.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import python_calamine as calamine
from lxml import etree

from gateway.domain.parcels.stages import Grid, RawRow, Screened, Sheets
from gateway.errors import RefusedError
from schemas.content import as_file
from schemas.screening import archive
from schemas.screening.refusals import CELL_TOO_LONG, DAMAGED, ROW_TOO_LONG, SPARSE
from schemas.spreadsheets.limits import MAX_CELL, MAX_ROW

MAX_SHEETS = 200
MAX_LAID_OUT = 24_000_000          # cells: two sheets of the largest area that one may have
KEPT_AREA = 3_000_000              # cells, at some 30 bytes each
_BOOK = "xl/workbook.xml"
_TRUE = ("1", "true", "on")
_EXACT = 2.0**53                   # beyond this a float no longer holds every whole number


def read_workbook(screened: Screened) -> Sheets:
    """The workbook's sheets as grids. RefusedError when it is damaged or has more sheets than anyone fills in."""
    try:
        book = calamine.CalamineWorkbook.from_filelike(as_file(screened.content))
        sheets = book.sheets_metadata
    except (calamine.CalamineError, calamine.PasswordError, calamine.ZipError, calamine.XmlError, ValueError) as error:
        raise DAMAGED.refusal() from error
    if len(sheets) > MAX_SHEETS:
        raise RefusedError(f"The workbook has {len(sheets)} sheets; at most {MAX_SHEETS} are read.", code="SHEET-TOO-MANY",
                           hint="Send one workbook for each school or term.")
    date1904, budget = _counts_from_1904(screened.content), _Budget(MAX_LAID_OUT)
    return Sheets(screened=screened,
                  grids=tuple(_grid(book, n, s, date1904, budget) for n, s in enumerate(sheets) if _has_rows(s)))


@dataclass(slots=True)
class _Budget:
    """What the sheets of one workbook may take together."""

    laid_out: int
    kept: int = KEPT_AREA

    def lay_out(self, area: int) -> None:
        """A sheet was laid out for the first time."""
        self.laid_out -= area
        if self.laid_out < 0:
            raise SPARSE.refusal()

    def keep(self, area: int) -> bool:
        """Whether there is room to keep it."""
        if area > self.kept:
            return False
        self.kept -= area
        return True


def _counts_from_1904(content: bytes) -> bool:
    """The workbook's own word, which the reading library keeps to itself. RefusedError when it cannot be read."""
    part = next((member for member in archive.members(content) if member.name.lower() == _BOOK), None)
    if part is None:
        return False
    parsing = etree.iterparse(as_file(archive.read(content, part)), events=("start",), tag="{*}workbookPr",
                              resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return any(element.get("date1904") in _TRUE for _, element in parsing)
    except etree.XMLSyntaxError as error:
        raise DAMAGED.refusal() from error


def _has_rows(sheet: Any) -> bool:
    return bool(sheet.typ == calamine.SheetTypeEnum.WorkSheet)


def _grid(book: Any, index: int, sheet: Any, date1904: bool, budget: _Budget) -> Grid:
    kept: list[Any] = []             # the sheet as the library laid it out, when it is small enough to keep for the next pass
    counted = False

    def laid_out() -> Any:
        nonlocal counted
        if kept:
            return kept[0]
        cells = book.get_sheet_by_index(index)
        area = cells.total_height * cells.total_width
        if not counted:
            budget.lay_out(area)
            counted = True
            if budget.keep(area):
                kept.append(cells)
        return cells

    def rows() -> Iterator[RawRow]:
        try:
            cells = laid_out()
            if cells.start is None:
                return
            for number, row in enumerate(cells.iter_rows(), start=1):
                if sum([len(c) for c in row if c.__class__ is str]) > MAX_CELL:
                    _refuse_if_too_long(row)
                yield RawRow(number, tuple(_cell(c) if c.__class__ is float else c for c in row))
        except (calamine.CalamineError, calamine.WorksheetNotFound, calamine.XmlError, calamine.ZipError, ValueError) as error:
            raise DAMAGED.refusal() from error

    return Grid(title=sheet.name, rows=rows, hidden=sheet.visible != calamine.SheetVisibleEnum.Visible, typed=True,
                date1904=date1904)


def _refuse_if_too_long(row: Sequence[Any]) -> None:
    lengths = [len(c) for c in row if c.__class__ is str]
    if max(lengths) > MAX_CELL:
        raise CELL_TOO_LONG.refusal()
    if sum(lengths) > MAX_ROW:
        raise ROW_TOO_LONG.refusal()


def _cell(number: float) -> Any:
    if number.is_integer() and abs(number) < _EXACT:
        return str(int(number))
    return number
