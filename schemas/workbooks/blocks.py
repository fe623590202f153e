"""Where in a grid the header above a faulty row stands, and which column a finding means.

A block's header is found from below: the nearest row above a faulty row that holds the finding's heading as typed. Rows without a
heading in their findings share the header of their block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.domain.parcels.kinds import Finding
from gateway.domain.parcels.stages import RawRow
from schemas.workbooks.columns import OUR_COLUMNS

LOOK_BACK = 50                     # rows above the first faulty one; titles and instructions are shorter


@dataclass(slots=True)
class Header:
    """A header row: where it is, and its headings' columns from 0."""

    row: int
    columns: dict[str, int] = field(default_factory=dict)
    width: int = 0

    def column(self, heading: str | None) -> int | None:
        """The column of a heading as typed."""
        return self.columns.get(_plain(heading)) if heading else None


def headers(rows: Sequence[RawRow], marked: dict[int, list[Finding]]) -> dict[int, Header]:
    """For each marked row the header it stands under; rows under none are left out."""
    known: dict[int, Header] = {}
    found: dict[int, Header] = {}
    last: Header | None = None
    by_number = {row.number: row for row in rows}
    for number in sorted(marked):
        wanted = {_plain(f.column) for f in marked[number] if f.column}
        header = _nearest(by_number, number, wanted, last)
        if header is not None:
            last = known.setdefault(header.row, header)
            found[number] = last
    return found


def _nearest(rows: dict[int, RawRow], number: int, wanted: set[str], last: Header | None) -> Header | None:
    if not wanted:
        return last
    stop = last.row if last else 0
    for above in range(number - 1, stop, -1):
        row = rows.get(above)
        if row and _is_header(row, wanted):
            return _header(row)
    if last and wanted <= last.columns.keys():
        return last
    return last


def _is_header(row: RawRow, wanted: set[str]) -> bool:
    texts = {_plain(c) for c in row.cells if isinstance(c, str)}
    return len(texts) > 2 and wanted <= texts


def _header(row: RawRow) -> Header:
    header = Header(row=row.number)
    for column, cell in enumerate(row.cells):
        if isinstance(cell, str) and cell.strip():
            header.columns.setdefault(_plain(cell), column)
            if cell.strip() not in OUR_COLUMNS:
                header.width = column + 1
    return header


def _plain(text: Any) -> str:
    return " ".join(str(text or "").replace("\ufeff", "").split())
