"""Which Office file a proven container is, and what in it a person should know of.

1. Macros, binary workbooks, OpenDocument, Numbers, Word and plain folders are refused by their parts, not by their name.
2. The area over which a sheet spreads its cells is measured (``area``) before the reader lays it out.
3. Links to other files and embedded files are noted, and never followed.
"""

from __future__ import annotations

from gateway.domain.parcels.kinds import Finding, Severity
from schemas.screening import archive, area, refusals
from schemas.screening.parts import PartsSeen


def inspect_workbook(content: bytes) -> tuple[Finding, ...]:
    """Check that the container is a plain workbook and safe to lay out; notes on what is in it. RefusedError."""
    seen = PartsSeen()
    directory = archive.inspect(content, seen.look)
    for member in directory:
        if member.name in seen.sheets and seen.sheets[member.name].odd:
            area.walk(archive.opened(content, member), seen.sheets[member.name])
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


def _notes(names: list[str], seen: PartsSeen) -> list[Finding]:
    notes = []
    if any("/externallinks/" in n for n in names):
        notes.append(_note("SHEET-EXTERNAL-LINKS", Severity.NOTE,
                           "The workbook has links to other files. They were not followed.",
                           "Check that linked cells show what you mean; break the links before sending if you can."))
    if any(n.startswith("xl/connections") or "/querytables/" in n for n in names):
        notes.append(_note("SHEET-DATA-FROM-ELSEWHERE", Severity.NOTE,
                           "The workbook draws data from elsewhere, such as a database or a web page. Nothing was fetched.",
                           "Check that the rows show what you mean; save a copy without the connection if you can."))
    if any("/embeddings/" in n or "/activex/" in n for n in names):
        notes.append(_note("SHEET-EMBEDDED-FILES", Severity.NOTE,
                           "The workbook has other files or controls embedded in it. They were not opened.",
                           "Send what matters in them as files of their own."))
    if any(sheet.uncalculated for sheet in seen.sheets.values()):
        notes.append(_note("SHEET-FORMULAS", Severity.QUERY,
                           "Some cells hold formulas without a calculated value, and read as empty.",
                           "Open the workbook in Excel, save it so that the formulas are worked out, and send it again."))
    if any(sheet.errors for sheet in seen.sheets.values()):
        notes.append(_note("SHEET-ERROR-CELLS", Severity.QUERY,
                           "Some cells show an Excel error such as #N/A or #REF!, and read as empty.",
                           "Replace them by what they should say and send the workbook again."))
    return notes


def _note(code: str, severity: Severity, message: str, hint: str) -> Finding:
    return Finding(code=code, severity=severity, message=message, hint=hint)
