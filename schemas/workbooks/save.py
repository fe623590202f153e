"""Writing a workbook without touching a disk: the sandbox has none, and a school's rows do not belong in temporary files."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from schemas.workbooks.marks import REHEARSAL


class _InMemory(ExcelWriter):
    """openpyxl's writer, whose sheets pass through memory where its own pass through temporary files."""

    def write_worksheet(self, ws: Any) -> None:
        """One sheet into the container."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        ws._drawing.images = ws._images
        written = io.BytesIO()
        writer = WorksheetWriter(ws, written)
        writer.write()
        ws._rels = writer._rels  # type: ignore[attr-defined]  # the stubs do not show openpyxl's inner names
        self._archive.writestr(ws.path[1:], written.getvalue())  # type: ignore[attr-defined]
        self.manifest.append(ws)


def saved(book: Any, *, rehearsal: bool = False) -> bytes:
    """The workbook as bytes; a rehearsal's with the word as its title and at the head of each printed page."""
    if rehearsal:
        book.properties.title = REHEARSAL
        for sheet in book.worksheets:
            sheet.oddHeader.center.text = REHEARSAL
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _InMemory(book, archive).write_data()
    return out.getvalue()
