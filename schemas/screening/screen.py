"""Screening: decide by content what a file is, or refuse it with a reason.

1. The name decides nothing. Right content under a wrong extension goes on, with a note.
2. A locked workbook is opened with the sender's passwords and screened again as what was inside.
3. Whatever is neither a workbook, nor of the Common Transfer File family, nor text in lines, is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.domain.parcels.kinds import Finding, Severity
from gateway.domain.parcels.refused import LARGEST_READ, too_large
from gateway.domain.parcels.stages import Format, Offered, Screened
from schemas.content import windows
from schemas.screening import locked, prolog, refusals
from schemas.screening.signatures import LOOKED_AT, OLE, ZIP_STARTS, foreign, inside_ole
from schemas.screening.workbook import inspect_workbook

_EXTENSIONS = {Format.CSV: (".csv", ".txt", ".tsv"), Format.XLSX: (".xlsx", ".xltx"), Format.CTF: (".xml",)}
_CALLED = {Format.CSV: "text with separated columns (CSV)", Format.XLSX: "an Excel workbook (.xlsx)",
           Format.CTF: "a Common Transfer File (.xml)"}
_HTML = (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<body")


def screen(offered: Offered, passwords: Sequence[str] = ()) -> Screened:
    """What the offered bytes are. RefusedError with the reason when they are nothing the gateway reads."""
    content = offered.content
    if len(content) > LARGEST_READ:
        raise too_large(len(content), LARGEST_READ)
    head = content[:LOOKED_AT]
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe\x1a") and not _anything_in(content):
        raise refusals.EMPTY.refusal()
    notes: list[Finding] = []
    if head.startswith(OLE):
        content, notes = _opened(content, passwords)
        head = content[:LOOKED_AT]
    form, content, more = _recognised(head, content)
    wrong_name = _extension_note(offered.name, form)
    return Screened(offered=offered, format=form, content=content, findings=(*notes, *more, *wrong_name))


def _recognised(head: bytes, content: bytes) -> tuple[Format, bytes, Sequence[Finding]]:
    if head.startswith(ZIP_STARTS):
        return Format.XLSX, content, inspect_workbook(content)
    reason = foreign(head)
    if reason:
        raise reason.refusal()
    if prolog.looks_like_xml(head):
        return _xml(content)
    _refuse_what_is_no_text(head)
    return Format.CSV, content, ()


def _xml(content: bytes) -> tuple[Format, bytes, Sequence[Finding]]:
    if content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
        raise refusals.WEB_PAGE.refusal()
    settled, notes = prolog.settle_encoding(content)
    root = prolog.root_name(settled)
    if root.lower() == "html":
        raise refusals.WEB_PAGE.refusal()
    if root.lower() != "ctfile":
        raise refusals.XML_NOT_CTF.refusal()
    return Format.CTF, settled, notes


def _refuse_what_is_no_text(head: bytes) -> None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return                     # UTF-16: the text reader decodes and judges it
    if head[:1] in (b"{", b"["):
        raise refusals.DATA.refusal()
    if _is_prose(head):
        raise refusals.PROSE.refusal()
    text = head.replace(b"\0", b"")     # text of two bytes a letter is told apart, and refused, by the text reader
    control = sum(text.count(bytes([c])) for c in range(1, 32) if c not in (9, 10, 12, 13, 26))
    if control > len(text) // 100 or len(text) < len(head) // 3:
        raise refusals.NOT_UNDERSTOOD.refusal()


def _is_prose(head: bytes) -> bool:
    """Markdown: a heading in the first line, and below it the rule that such a table has below its own headings."""
    first, *lines = head.lstrip(b"\xef\xbb\xbf \t\r\n").splitlines() or [b""]
    return first.startswith(b"# ") and any(b"|" in line and b"---" in line and not line.strip(b" |:-\t") for line in lines)


def _anything_in(content: bytes) -> bool:
    return any(piece.strip(b" \t\r\n\x00\x1a") for piece in windows(content[LOOKED_AT:]))


def _opened(content: bytes, passwords: Sequence[str]) -> tuple[bytes, list[Finding]]:
    reason = inside_ole(content)
    if reason is not refusals.LOCKED:
        raise reason.refusal()
    opened, _ = locked.unlock(content, passwords)
    if not opened.startswith(ZIP_STARTS):
        raise refusals.LEGACY.refusal()
    return opened, [Finding(code="FILE-OPENED", severity=Severity.NOTE,
                            message="The workbook was locked; it was opened with the password on record.",
                            hint="Nothing to do. Answers with rows in them come back under the same password.")]


def _extension_note(name: str, form: Format) -> tuple[Finding, ...]:
    if name.lower().endswith(_EXTENSIONS[form]):
        return ()
    ending = "." + name.rsplit(".", 1)[1][:12] if "." in name else "no ending"
    shown = ending if ending.isprintable() else "?"
    return (Finding(code="FILE-EXTENSION", severity=Severity.NOTE,
                    message=f"The name ends in {shown}, but the file is {_CALLED[form]}. It was read as that.",
                    hint="Nothing to do now. Keep the ending that your program gives the file."),)
