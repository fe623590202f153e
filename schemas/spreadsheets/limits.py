"""How much text a list of children can hold: more is no list of children, and is refused before it fills the memory."""

from __future__ import annotations

MAX_CELL = 65_536                  # characters of a cell: twice what Excel lets into one
MAX_ROW = 1 << 20                  # characters of all cells of a row
