"""Workbooks as grids, one for each sheet.

1. Row numbers are those that Excel shows: empty rows at the top count.
2. Dates are dates by the workbook's own date system (1900 or 1904). Whole numbers become text without ``.0``: a telephone number
   or a UPN that Excel took for a number keeps its digits. A number without a date's format may be a date all the same, so
   that a sheet says from which day its numbers count.
3. Hidden and very hidden sheets are given too, marked as hidden: what they mean is decided later.
4. Chart, dialog and macro sheets have no rows.
5. Formulas give the value that the spreadsheet program last worked out; they are never worked out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import python_calamine as calamine
from lxml import etree

from gateway.domain.parcels.stages import Grid, RawRow, Screened, Sheets
from gateway.errors import RefusedError
from schemas.content import as_file
from schemas.screening import archive
from schemas.screening.refusals import DAMAGED

MAX_SHEETS = 200
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
    date1904 = _counts_from_1904(screened.content)
    return Sheets(screened=screened, grids=tuple(_grid(book, n, s, date1904) for n, s in enumerate(sheets) if _has_rows(s)))


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


def _grid(book: Any, index: int, sheet: Any, date1904: bool) -> Grid:
    kept: list[Any] = []             # the sheet as the library laid it out, when it is small enough to keep for the next pass

    def laid_out() -> Any:
        if kept:
            return kept[0]
        cells = book.get_sheet_by_index(index)
        if cells.total_height * cells.total_width <= KEPT_AREA:
            kept.append(cells)
        return cells

    def rows() -> Iterator[RawRow]:
        try:
            cells = laid_out()
            if cells.start is None:
                return
            for number, row in enumerate(cells.iter_rows(), start=1):
                yield RawRow(number, tuple(_cell(c) if c.__class__ is float else c for c in row))
        except (calamine.CalamineError, calamine.WorksheetNotFound, calamine.XmlError, calamine.ZipError, ValueError) as error:
            raise DAMAGED.refusal() from error

    return Grid(title=sheet.name, rows=rows, hidden=sheet.visible != calamine.SheetVisibleEnum.Visible, typed=True,
                date1904=date1904)


def _cell(number: float) -> Any:
    if number.is_integer() and abs(number) < _EXACT:
        return str(int(number))
    return number
