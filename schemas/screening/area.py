"""How large a rectangle a sheet takes when it is laid out, measured in the bytes of its part.

The fastest reader takes memory for the whole rectangle, so that two cells in opposite corners would end the process.

1. A sheet as every program writes it (``<row r="2"><c r="A2"``) is measured by its references, piece by piece, as it goes by.
2. Any other shape (another order of attributes, a prefix, a second reference, one left out, so that the reader counts on from
   the cell before) is ``odd``: it is walked element by element, as the reader counts.
3. A cell that no spreadsheet has (beyond XFD1048576) is too far in either.
4. A cell that points into the list of shared texts does it by a plain number: of anything else the reader would make the first
   text of the list, which may be another child's name. A value cut in two by a comment would be half read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree

from schemas.screening import refusals

MAX_AREA = 12_000_000              # cells of one sheet's rectangle
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
LONGEST_TAG = 1 << 20              # bytes without an end of a tag: thirty times the longest text that Excel takes
_REFERENCES = re.compile(rb'<(?:c|row) r="([A-Z]{0,3}[0-9]{1,7})"')
_ODD = re.compile(rb'[<:](?:c|row)(?! r="[A-Z]{0,3}[0-9]{1,7}")[\s/>]')
_CUT_VALUE = re.compile(rb"<(?:\w+:)?v[^<>]*>[^<]*<!")
_NO_INDEX = re.compile(rb"""t=["']s["'](?:[^<>]{200}|[^<>]{0,199}>\s*<v(?:[^<>]{100}|[^<>]{0,99}>"""
                       rb"""(?:[0-9]{0,9}[^0-9<]|[0-9]{10})))""")
_SHARED_BUT_NO_VALUE = re.compile(rb"""t=["']s["'][^<>]{0,199}>\s*<(?!v[\s/>]|/)""")
_ENTITY_IN_PLACE = re.compile(rb"""<(?:\w+:)?c\s[^<>]*\br\s*=\s*["'][^"'<>]*&""")
_UNCALCULATED = re.compile(rb"</f>\s*(?:<v(?:\s*/>|></v>)\s*)?</c>")
_PLACES = (b" r=", b'"r=', b"'r=", b"\nr=", b"\tr=", b"\rr=")      # however a reader may be told where something stands
_PLACES_APART = (b"r =", b"r\n=", b"r\t=", b"r\r=")
_ERROR_CELL = b' t="e"'
_DIGITS = b"0123456789"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class SheetSeen:
    """What is known of one sheet while its part goes by. ``take`` its pieces, then b"" for the end."""

    rows: int = 1
    columns: int = 1
    odd: bool = False              # to be walked: the bytes alone do not say where its cells are
    uncalculated: bool = False     # a formula without the value that it came to
    errors: bool = False           # a cell that shows #N/A or the like
    _rest: bytes = b""

    def take(self, piece: bytes) -> None:
        """The next piece. RefusedError: too large an area, a value that would be misread."""
        whole = self._rest + piece
        cut = whole.rfind(b">") + 1 if piece else len(whole)
        self._rest = whole[cut:]
        if len(self._rest) > LONGEST_TAG:
            raise refusals.CELL_TOO_LONG.refusal()
        self._measure(whole[:cut])

    def reach(self, rows: int, columns: int) -> None:
        """A cell stands there."""
        self.rows, self.columns = max(self.rows, rows), max(self.columns, columns)
        if self.rows > MAX_ROWS or self.columns > MAX_COLUMNS or self.rows * self.columns > MAX_AREA:
            raise refusals.SPARSE.refusal()

    def _measure(self, whole: bytes) -> None:
        if _NO_INDEX.search(whole) or (b"<!" in whole and _CUT_VALUE.search(whole)):
            raise refusals.DAMAGED.refusal()
        self.uncalculated = self.uncalculated or _UNCALCULATED.search(whole) is not None
        self.errors = self.errors or _ERROR_CELL in whole
        found = _REFERENCES.findall(whole)
        if found:
            joined = b" ".join(found)
            letters, numbers = set(joined.translate(None, _DIGITS).split()), set(joined.translate(None, _LETTERS).split())
            self.reach(max(map(int, numbers)), max(map(column_number, letters), default=1))
        # Every tag of a cell or a row is one of those found, or the piece is looked at tag by tag.
        plain = len(found) == whole.count(b"<c") + whole.count(b"<row") and b":c" not in whole and b":row" not in whole
        if (not plain and _ODD.search(whole)) or _SHARED_BUT_NO_VALUE.search(whole) or _stands_elsewhere(whole, len(found)):
            self.odd = True
            if _ENTITY_IN_PLACE.search(whole):
                raise refusals.HAZARD.refusal()


def walk(part: BinaryIO, seen: SheetSeen) -> None:
    """Walk an odd sheet from its start, counting as the reader counts. RefusedError: as for ``take``; not well-formed."""
    row = column = 0
    try:
        for event, element in etree.iterparse(part, events=("start", "end"), tag=("{*}row", "{*}c"), resolve_entities=False,
                                              no_network=True, load_dtd=False, huge_tree=False, remove_pis=True):
            cell = element.tag.endswith("c")
            if event == "start" and not cell:
                row = _row(element, row)
            elif event == "start":
                row_of_cell, column = _place(element, row, column)
                seen.reach(row_of_cell + 1, column + 1)
            elif cell:
                column += 1
                _look_into(element, seen)
                _let_go(element)
            else:
                row, column = row + 1, 0
                _let_go(element)
    except etree.XMLSyntaxError as error:
        raise refusals.DAMAGED.refusal() from error


def _stands_elsewhere(whole: bytes, places: int) -> bool:
    """Whether more is said of where something stands than was found: the reader takes the last of two places of one cell."""
    return sum(map(whole.count, _PLACES)) != places or any(apart in whole for apart in _PLACES_APART)


def column_number(letters: bytes | str) -> int:
    """A is 1, XFD is 16384."""
    number = 0
    for letter in letters.upper().encode() if isinstance(letters, str) else letters.upper():
        number = number * 26 + letter - 64
    return number


def _row(element: Any, row: int) -> int:
    said = element.get("r")
    if said is None:
        return row
    if not (said.isascii() and said.isdigit() and 0 < int(said[:8]) <= MAX_ROWS):
        raise refusals.DAMAGED.refusal()
    return int(said[:8]) - 1


def _place(element: Any, row: int, column: int) -> tuple[int, int]:
    """Row and column, from 0."""
    said = element.get("r")
    if said is None:
        return row, column
    place = _PLACE.fullmatch(said)
    if place is None or place[2].startswith("0"):
        raise refusals.DAMAGED.refusal()
    return int(place[2]) - 1, column_number(place[1]) - 1


def _look_into(cell: Any, seen: SheetSeen) -> None:
    children = {child.tag.rpartition("}")[2]: child for child in cell if isinstance(child.tag, str)}
    value = children.get("v")
    said = (value.text or "").strip() if value is not None else ""
    if "f" in children and not said:
        seen.uncalculated = True
    kind = cell.get("t")
    seen.errors = seen.errors or kind == "e"
    if kind == "s" and said and not (said.isascii() and said.isdigit() and len(said) < 10):
        raise refusals.DAMAGED.refusal()


def _let_go(element: Any) -> None:
    """Forget what was looked at: a sheet is never whole in memory."""
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
