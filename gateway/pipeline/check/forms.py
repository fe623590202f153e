"""Forms: one child on a sheet, a label beside each answer, as councils' own forms have it.

1. A sheet without a table is tried as a form. It is one when its labels name a child, a date of birth or UPN, and a movement. A
   form of enquiry names no movement, and may name its child by less.
2. The answer stands in the next filled cell to the right of its label, or behind a colon in the same cell. A plain yes or no is
   an answer, though a column may be headed so (``Y`` for the year, ``No`` for a number).
3. A line with one short text and no answer (``Parent 1``, ``New address``) groups the labels below it.
4. The form becomes a table of one row, numbered as the line on which the child's name stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from gateway.domain.parcels.stages import Grid, RawRow
from gateway.domain.returns.flags import reads_as_flag
from gateway.pipeline.check.blocks import IDENTITY, HeadingReader
from gateway.pipeline.check.lines import texts

MAX_LINES = 300
_MOVES = frozenset({"off_roll_date", "start_date", "deletion_ground", "leaving_reason", "destination_school",
                    "last_attendance_date"})
_LONGEST_LABEL = 60
Answer = tuple[str, Any, int, str]      # label, answer, line, field


def as_table(grid: Grid, reader: HeadingReader, *, moving: bool = True) -> Grid | None:
    """The form as a table of one row, or None when the sheet is no form. ``moving``: it must speak of a movement."""
    answers = _answers(grid, reader)
    fields = {field for *_, field in answers}
    if len(fields) < 2 or not fields & IDENTITY:
        return None
    if moving and (len(fields) < 4 or not fields & {"dob", "upn"} or not fields & _MOVES):
        return None
    line = next(number for _, _, number, field in answers if field in IDENTITY - {"upn"} or fields & IDENTITY == {"upn"})
    rows = (RawRow(0, tuple(label for label, *_ in answers)), RawRow(line, tuple(answer for _, answer, *_ in answers)))
    return Grid(grid.title, lambda: rows, hidden=grid.hidden, typed=grid.typed, date1904=grid.date1904)


def _answers(grid: Grid, reader: HeadingReader) -> list[Answer]:
    found: list[Answer] = []
    group = ""
    for row in islice(grid.rows(), MAX_LINES):
        filled = [cell for cell in row.cells if cell is not None and str(cell).strip()]
        pairs = _pairs(filled, reader)
        if not pairs and len(filled) == 1 and len(str(filled[0])) < 50:
            group = str(filled[0])
        for label, answer in pairs:
            grouped = f"{group} {label}"
            named = reader.named(grouped)
            if named and named.startswith(("parents.", "destination", "new_", "previous")):
                found.append((grouped, answer, row.number, named))
            else:
                found.append((label, answer, row.number, reader.named(label) or ""))
    return found


def _pairs(cells: Sequence[Any], reader: HeadingReader) -> list[tuple[str, Any]]:
    """Labels with their answers in one line."""
    pairs: list[tuple[str, Any]] = []
    at = 0
    while at < len(cells):
        text = texts((cells[at],))[0]
        label, _, answer = (part.strip() for part in text.partition(":"))
        if 2 <= len(label) <= _LONGEST_LABEL and answer and reader.named(label):
            pairs.append((label, answer))
        elif reader.named(text.rstrip(" :?*")) and at + 1 < len(cells) and not _is_label(cells[at + 1], reader):
            pairs.append((text.rstrip(" :?*"), cells[at + 1]))
            at += 1
        at += 1
    return pairs


def _is_label(cell: Any, reader: HeadingReader) -> bool:
    return isinstance(cell, str) and not reads_as_flag(cell) and reader.named(cell.strip().rstrip(" :?*")) is not None
