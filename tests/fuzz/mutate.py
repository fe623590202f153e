"""Spoiling files by chance: bytes anywhere, and what the forms are made of. The same seed spoils the same way.

A container is spoilt as bytes, or its parts are spoilt and packed again with true sizes and checksums: so that what lies behind
the container's own checks is reached too.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable

from tests.bad_files.naughty import NAUGHTY

WORDS: dict[str, tuple[bytes, ...]] = {
    "csv": (
        b",",
        b";",
        b"\t",
        b"|",
        b'"',
        b'""',
        b"\r",
        b"\n",
        b"\r\n",
        b"\0",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"sep=;\n",
        b"\x1a",
        b"NIL",
        b"Total",
        b"UPN",
        b"Surname",
        b"Legal surname",
        b"Date of birth",
        b"31/02/2016",
        b"9(1)(a)",
        b"ground ",
        b"=1+1",
        b"1e400",
        b"\x8e",
        b"\xe9",
    ),
    "xml": (
        b"<",
        b">",
        b"&",
        b"&amp;",
        b"&#0;",
        b"&#xd800;",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"]]>",
        b"<?",
        b"?>",
        b"<!DOCTYPE x>",
        b"/>",
        b"'",
        b'"',
        b"<Pupil>",
        b"</Pupil>",
        b"<Header/>",
        b"<LEA>",
        b"<Surname/>",
        b"xmlns='x'",
        b"\xff",
        b"\0",
        b"encoding='utf-16'",
        b"version='1.1'",
    ),
    "xlsx": (
        b'r="A1"',
        b'r="XFD1048576"',
        b't="s"',
        b't="b"',
        b't="e"',
        b't="d"',
        b"<f>1</f>",
        b"<v>-1</v>",
        b"<v>1e400</v>",
        b"<row>",
        b"<c>",
        b"</c>",
        b"<sheetData>",
        b"<mergeCell ref='A1:XFD9'/>",
        b"date1904='1'",
        b"state='veryHidden'",
        b"&#xFFFE;",
        b"_xD800_",
        b"<!--",
        b"count='-1'",
    ),
}
Chance = random.Random


def spoilt(content: bytes, form: str, chance: Chance, other: bytes = b"") -> bytes:
    """The content with one to six things done to it."""
    if form == "xlsx" and content.startswith(b"PK") and chance.random() < 0.7:
        return _parts_spoilt(content, chance)
    if form == "xml" and chance.random() < 0.6:
        return _texts_spoilt(content, chance)
    return _spoilt(content, form, chance, other)


def _spoilt(content: bytes, form: str, chance: Chance, other: bytes) -> bytes:
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        act = chance.choice(_ACTS)
        act(made, form, chance, other)
    return bytes(made)


def _parts_spoilt(content: bytes, chance: Chance) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return _spoilt(content, "xlsx", chance, b"")
    if not parts:
        return content
    sheets = [name for name in parts if "sheet" in name or "Strings" in name or "workbook" in name]
    for _ in range(chance.choice((1, 1, 2))):
        name = chance.choice(sheets or list(parts))
        parts[name] = _spoilt(parts[name], chance.choice(("xml", "xlsx")), chance, b"")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _texts_spoilt(content: bytes, chance: Chance) -> bytes:
    """Between the tags alone, so that the file is still one: as spreadsheets and typists spoil values."""
    pieces = re.split(rb"(<[^>]*>)", content)
    for _ in range(chance.choice((1, 2, 4))):
        at = chance.randrange(0, len(pieces), 2)
        spoilt_text = bytearray(pieces[at])
        for _ in range(chance.choice((1, 1, 3))):
            chance.choice((_flip, _replace, _cut, _repeat, _naughty, _number))(spoilt_text, "xml", chance, b"")
        pieces[at] = bytes(spoilt_text).replace(b"<", b"&lt;") if chance.random() < 0.9 else bytes(spoilt_text)
    return b"".join(pieces)


def _place(made: bytearray, chance: Chance) -> int:
    return chance.randrange(len(made) + 1)


def _flip(made: bytearray, form: str, chance: Chance, other: bytes) -> None:
    if made:
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)


def _replace(made: bytearray, form: str, chance: Chance, other: bytes) -> None:
    if made:
        made[chance.randrange(len(made))] = chance.choice((0, 9, 10, 13, 26, 27, 34, 38, 44, 60, 62, 127, 128, 155, 233, 255))


def _cut(made: bytearray, form: str, chance: Chance, other: bytes) -> None:
    at = _place(made, chance)
    del made[at : at + chance.choice((1, 2, 8, 100, 5000))]


def _cut_off(made: bytearray, form: str, chance: Chance, other: bytes) -> None:
    del made[_place(made, chance) :]


def _repeat(made: bytearray, form: str, chance: Chance, other: bytes) -> None:
    at = _place(made, chance)
    piece = made[at : at + chance.choice((1, 5, 40, 400))]
    made[at:at] = piece * chance.choice((1, 2, 10, 60))


def _word(made: bytearray, form: str, chance: Chance, other: bytes) -> None:
    at = _place(made, chance)
    made[at:at] = chance.choice(WORDS[form])


def _naughty(made: bytearray, form: str, chance: Chance, other: bytes) -> None:
    at = _place(made, chance)
    made[at:at] = chance.choice(NAUGHTY)[1].encode("utf-8", "surrogatepass")


def _number(made: bytearray, form: str, chance: Chance, other: bytes) -> None:
    numbers = list(re.finditer(rb"[0-9]+", made))
    if numbers:
        found = chance.choice(numbers)
        made[found.start() : found.end()] = chance.choice(
            (b"0", b"-1", b"1", b"65536", b"2147483648", b"99999999999999999999", b"1e308", b"07")
        )


def _swap(made: bytearray, form: str, chance: Chance, other: bytes) -> None:
    lines = made.split(b"\n")
    if len(lines) > 2:
        a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[a], lines[b] = lines[b], lines[a]
        made[:] = b"\n".join(lines)


def _splice(made: bytearray, form: str, chance: Chance, other: bytes) -> None:
    if other:
        at = chance.randrange(len(other))
        made[_place(made, chance) :] = other[at:]


def _transcode(made: bytearray, form: str, chance: Chance, other: bytes) -> None:
    try:
        made[:] = made.decode().encode(
            chance.choice(("cp1252", "utf-16", "utf-16-le", "cp850", "mac_roman", "utf-8-sig", "cp1250", "utf-7"))
        )
    except UnicodeError:
        return


_ACTS: tuple[Callable[[bytearray, str, Chance, bytes], None], ...] = (
    _flip,
    _flip,
    _replace,
    _replace,
    _cut,
    _cut_off,
    _repeat,
    _word,
    _word,
    _word,
    _naughty,
    _number,
    _swap,
    _splice,
    _transcode,
)
