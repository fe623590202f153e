"""Which Office file a proven container is, and what in it a person should know of.

1. Macros, binary workbooks, OpenDocument, Numbers, Word and plain folders are refused by their parts, not by their name.
2. The area over which a sheet spreads its cells is measured before the reader lays it out: the fastest reader takes memory
   for the whole rectangle, so that two cells in opposite corners would end the process.
3. Links to other files and embedded files are noted, and never followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gateway.domain.parcels.kinds import Finding, Severity
from schemas.screening import archive, refusals

MAX_AREA = 12_000_000              # cells of one sheet's rectangle
_SHEET = re.compile(r"(^|/)worksheets/[^/]+\.xml$", re.IGNORECASE)
# As every spreadsheet program writes them, the reference first. A sheet written by hand in another order is not measured here;
# the limit on the worker's memory stands behind this.
_COLUMN = re.compile(rb"c r=[\"']([A-Za-z]{1,3})\d")
_CELL_ROW = re.compile(rb"c r=[\"'][A-Za-z]{1,3}(\d{1,9})")
_ROW = re.compile(rb"row r=[\"'](\d{1,9})")
_UNCALCULATED = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_ERROR_CELL = b' t="e"'


@dataclass(slots=True)
class _Seen:
    """What was seen while the parts went by."""

    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    uncalculated: bool = False
    errors: bool = False

    def look(self, name: str, piece: bytes) -> None:
        if not _SHEET.search(name):
            return
        letters = set(_COLUMN.findall(piece))
        self.columns[name] = max([self.columns.get(name, 1), *(_column_number(c) for c in letters)])
        self.rows[name] = max(self.rows.get(name, 1), _last(_ROW, piece), _last(_CELL_ROW, piece[-4096:]))
        if self.rows[name] * self.columns[name] > MAX_AREA:
            raise refusals.SPARSE.refusal()
        self.uncalculated = self.uncalculated or _UNCALCULATED.search(piece) is not None
        self.errors = self.errors or _ERROR_CELL in piece


def inspect_workbook(content: bytes) -> tuple[Finding, ...]:
    """Check that the container is a plain workbook and safe to lay out; notes on what is in it. RefusedError."""
    seen = _Seen()
    directory = archive.inspect(content, seen.look)
    names = [m.name.lower() for m in directory]
    _refuse_foreign(names)
    types = next((archive.read(content, m) for m in directory if m.name.lower() == "[content_types].xml"), b"")
    _refuse_by_type(types, names)
    return tuple(_notes(names, seen))


def _refuse_foreign(names: list[str]) -> None:
    if any(n.endswith("vbaproject.bin") or "macrosheets/" in n for n in names):
        raise refusals.MACROS.refusal()
    if "mimetype" in names or "content.xml" in names:
        raise refusals.OPEN_DOCUMENT.refusal()
    if any(n.endswith(".iwa") for n in names):
        raise refusals.NUMBERS.refusal()


def _refuse_by_type(types: bytes, names: list[str]) -> None:
    if b"macroEnabled" in types or b"ms-excel.addin" in types:
        raise refusals.MACROS.refusal()
    if b"sheet.binary" in types or "xl/workbook.bin" in names:
        raise refusals.BINARY.refusal()
    if b"spreadsheetml.sheet.main+xml" in types or b"spreadsheetml.template.main+xml" in types:
        return
    if b"wordprocessingml" in types or b"presentationml" in types:
        raise refusals.WORD.refusal()
    raise (refusals.DAMAGED if types else refusals.ZIP).refusal()


def _notes(names: list[str], seen: _Seen) -> list[Finding]:
    notes = []
    if any("/externallinks/" in n for n in names):
        notes.append(_note("SHEET-EXTERNAL-LINKS", Severity.NOTE,
                           "The workbook has links to other files. They were not followed.",
                           "Check that linked cells show what you mean; break the links before sending if you can."))
    if any("/embeddings/" in n for n in names):
        notes.append(_note("SHEET-EMBEDDED-FILES", Severity.NOTE,
                           "The workbook has other files embedded in it. They were not opened.",
                           "Send what matters in them as files of their own."))
    if seen.uncalculated:
        notes.append(_note("SHEET-FORMULAS", Severity.QUERY,
                           "Some cells hold formulas without a calculated value, and read as empty.",
                           "Open the workbook in Excel, save it so that the formulas are worked out, and send it again."))
    if seen.errors:
        notes.append(_note("SHEET-ERROR-CELLS", Severity.QUERY,
                           "Some cells show an Excel error such as #N/A or #REF!, and read as empty.",
                           "Replace them by what they should say and send the workbook again."))
    return notes


def _note(code: str, severity: Severity, message: str, hint: str) -> Finding:
    return Finding(code=code, severity=severity, message=message, hint=hint)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _last(pattern: re.Pattern[bytes], piece: bytes) -> int:
    return max(map(int, pattern.findall(piece)), default=0)
