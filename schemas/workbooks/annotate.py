"""The annotated return: what a school gets back when there is something to say about its file.

1. It is the sender's own workbook: same sheets, same cells, same order. Added are a column with the words in each block, a fill
   and a comment on each faulty cell, and the hidden row id. Nothing else changes.
2. A CSV comes back as a workbook whose cells are all text, so that no zero is lost and no date is turned round.
3. Above ``MAX_ROWS`` rows, or where the workbook cannot be opened for writing, the faulty rows alone come back.
4. A workbook that came locked goes back locked with the same password.
5. Nothing is in it but the sender's own file and what was said about it; a rehearsal's says so in each row's words, at the head
   of each printed page and as its title.
6. A file of the CTF family, or one of which no row could be read, has no rows to mark: the receipt says it in words.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.domain.parcels.stages import Checked, Format, Offered, Sheets
from gateway.errors import RefusedError
from schemas.screening import screen
from schemas.screening.locked import lock, unlock
from schemas.screening.signatures import OLE
from schemas.spreadsheets import read_text, read_workbook
from schemas.workbooks.faulty_rows import faulty_rows
from schemas.workbooks.marks import Marks, sort_findings
from schemas.workbooks.own import NotWritableError, mark_own_workbook
from schemas.workbooks.text_copy import marked_copy

MAX_ROWS = 5_000                   # openpyxl holds every cell in memory, at some 2 kB each


def annotate(offered: Offered, checked: Checked, passwords: Sequence[str] = (), *, rehearsal: bool = False) -> bytes | None:
    """The annotated workbook (XLSX), or None when there is nothing to mark."""
    marks = sort_findings(checked.findings, rehearsal=rehearsal)
    if not marks.rows:
        return None
    try:
        screened = screen(offered, passwords)
        if screened.format is Format.CTF:
            return None
        sheets = read_text(screened) if screened.format is Format.CSV else read_workbook(screened)
        plain = _marked(sheets, checked, marks)
    except RefusedError:
        return None
    return lock(plain, unlock(offered.content, passwords)[1]) if offered.content[:8] == OLE else plain


def _marked(sheets: Sheets, checked: Checked, marks: Marks) -> bytes:
    small = checked.rows.read <= MAX_ROWS
    if small and sheets.screened.format is Format.CSV:
        return marked_copy(sheets, marks)
    if small:
        try:
            return mark_own_workbook(sheets, marks)
        except NotWritableError:
            pass                   # the faulty rows alone, then
    return faulty_rows(sheets, marks)
