"""The encoding of separated text: proven, or the file is refused. A letter is never replaced and never guessed.

1. UTF-8 when every byte reads as UTF-8, and nothing else behind the mark of UTF-8; UTF-16 only with its byte order mark.
2. Else Windows-1252, but only when each of its letters makes sense where it stands. Files from old Macs and from DOS have
   other letters behind the same bytes: ``Andr\\x8e`` is André there and AndrŽ here. Such files are refused. Of what is read so a
   note tells: where Windows speaks Polish or Turkish, some of these bytes are other letters too, and no byte says which.
3. A zero byte means that something cut or mixed the file: refused.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from gateway.domain.parcels.kinds import Finding, Severity
from gateway.errors import RefusedError
from schemas import letters
from schemas.content import WINDOW, windows

HINT = "In Excel choose Save As, then “CSV UTF-8”, and send that file; or send the workbook (.xlsx) itself."
_LONE_CR = re.compile(rb"\r(?!\n)")


def text_encoding(content: bytes) -> str:
    """The name of the codec that reads the whole content without doubt. RefusedError."""
    _must_have_lines(content)
    head = content[:4]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _prove(content, "utf-16")
        return "utf-16"
    if content.find(b"\x00") >= 0:
        raise RefusedError("The file is not empty, but holds characters that no text has (NUL): it is UTF-16 without its mark, "
                           "or was cut, or mixed with something else.", code="CSV-NUL", hint=HINT)
    try:
        _prove(content, "utf-8")
    except RefusedError:
        if head.startswith(codecs.BOM_UTF8):
            raise
        return _windows_1252(content)
    return "utf-8-sig"


def told_of(content: bytes, encoding: str) -> tuple[Finding, ...]:
    """The note on letters that were read as Windows-1252."""
    if encoding != "cp1252" or not any(letters.OPEN_TO_DOUBT.search(piece) for piece in windows(content)):
        return ()
    return (Finding(code="CSV-WINDOWS-LETTERS", severity=Severity.NOTE,
                    message="The file is not UTF-8: its letters with accents were read as those of Western European Windows.",
                    hint="Look whether names with accents came out right. If your program can, save as “CSV UTF-8”."),)


def _must_have_lines(content: bytes) -> None:
    """A million bytes without a line's end would be held in memory as one line, and are no list of children."""
    for piece in windows(content):
        if len(piece) == WINDOW and b"\n" not in piece and b"\r" not in piece:
            raise RefusedError(f"A line has more than {WINDOW} characters.", code="CSV-LINE-TOO-LONG",
                               hint="This is not a list with one child on each line. Export the return again.")


def _prove(content: bytes, encoding: str) -> None:
    """Decode everything once and keep nothing."""
    decoder = codecs.getincrementaldecoder(encoding)()
    at = 0
    try:
        for piece in windows(content):
            if encoding == "utf-16" and "\x00" in decoder.decode(piece):
                raise RefusedError("The file contains zero characters, which no text has.", code="CSV-NUL", hint=HINT)
            if encoding != "utf-16":
                decoder.decode(piece)
            at += len(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _unsure(content, min(at + error.start, len(content))) from error


def _windows_1252(content: bytes) -> str:
    mac_lines = False
    at = 0
    for number, lines in enumerate(_whole_lines(content)):
        doubt = letters.doubt(lines)
        if doubt:
            raise _unsure(content, at + doubt.start())
        mac_lines = mac_lines or (number == 0 and b"\n" not in lines and _LONE_CR.search(lines) is not None)
        at += len(lines)
    if mac_lines:
        raise RefusedError("The file has the line ends of an old Macintosh, so its accented letters may be that machine's too.",
                           code="CSV-ENCODING", hint=HINT)
    return "cp1252"


def _whole_lines(content: bytes) -> Iterator[bytes]:
    """The content by whole lines, so that no word is cut in two."""
    rest = b""
    for piece in windows(content):
        seen = rest + piece
        cut = max(seen.rfind(b"\n"), seen.rfind(b"\r")) + 1
        rest = seen[cut:]
        if cut:
            yield seen[:cut]
    if rest:
        yield rest


def _unsure(content: bytes, at: int) -> RefusedError:
    line = 1 + sum(piece.count(b"\n") for piece in windows(content[:at]))
    return RefusedError(f"A letter on line {line} (byte {at + 1}) could be read in more than one way, "
                        "so a name could come out wrong.", code="CSV-ENCODING", hint=HINT)
