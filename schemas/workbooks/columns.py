"""The two columns we add to a sender's workbook, and the id by which a row is known when it comes back.

1. ``Gateway row`` holds the id, hidden; ``Errors`` holds the words. On the way in, the first is the row's id and the second is
   not read.
2. The id says nothing of the child: it is a hash over the file, the sheet and the row. A row that came with an id keeps it, so
   that a third version still replaces the first.
"""

from __future__ import annotations

import hashlib

ROW_COLUMN = "Gateway row"
ERRORS_COLUMN = "Errors"
OUR_COLUMNS = (ROW_COLUMN, ERRORS_COLUMN)


def content_mark(content: bytes) -> str:
    """What stands for the file in its rows' ids."""
    return hashlib.sha256(content[:]).hexdigest()


def row_id(mark: str, sheet: str | None, row: int) -> str:
    """The id of one row of one file."""
    return hashlib.sha256(f"{mark}\0{sheet or ''}\0{row}".encode()).hexdigest()[:16]
