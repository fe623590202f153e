"""Two hundred invented children whose names and numbers can be found wherever they are, in any usual spelling of their bytes.

1. Every surname ends in ``STEM`` and every number holds ``DIGITS``: one look for each spelling finds any of them, and what stands
   around it says which. Neither occurs anywhere else in the tree or in the register.
2. A spelling is UTF-8, UTF-16 of either order, hexadecimal or base64 at any of its three offsets; capital, small, or as written.
3. What is packed (workbooks, pages that hold data, gzip) is unpacked and looked through too.
"""

from __future__ import annotations

import base64
import gzip
import io
import itertools
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gateway.demo.cast import Child
from gateway.domain.identifiers.upn import check_letter

STEM = "quenchfeather"
DIGITS = "9907787"
_FIRST = ("Bar", "Cald", "Dun", "Ems", "Fros", "Gar", "Hol", "Ing", "Jar", "Kel", "Lang", "Mar", "Nor", "Yax", "Pem", "Rad",
          "Stan", "Thor", "Ul", "Wes")
_SECOND = ("by", "cote", "dale", "field", "gate", "ham", "ley", "mere", "ton", "wick")
_FORENAMES = ("Zoe", "Musa", "Hana", "Leo", "Iris", "Noah", "Tia", "Ravi", "Orla", "Ewan")


def _child(number: int, first: str, second: str) -> Child:
    surname = f"{first}{second}{STEM}"
    body = f"{DIGITS}{17 + number // 100:02d}{number % 1000:03d}"
    born = date(2013 + number % 6, 1 + number % 12, 1 + number % 28)
    return Child(check_letter(body) + body, surname, _FORENAMES[number % 10], born, "MF"[number % 2], str(2 + number % 6),
                 "ZY1 8GD", f"Mrs A {surname}", f"07700900{number:03d}")


CHILDREN: tuple[Child, ...] = tuple(_child(number, *names) for number, names in enumerate(itertools.product(_FIRST, _SECOND)))


@dataclass(frozen=True)
class Hit:
    """A child's name or number, where it was found and how it was written there."""

    where: str
    spelling: str
    around: str


def _spellings(text: str) -> Iterator[tuple[str, bytes]]:
    """Of a text in one case: those that no lowering of the bytes would find."""
    raw = text.encode()
    yield "hex", raw.hex().encode()
    yield "hex", raw.hex().upper().encode()
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + raw)
        yield "base64", coded[(0, 2, 3)[offset]:-4]     # without the letters that its neighbours would change


_SMALL = [(spelling, text.encode(code)) for text in (STEM, DIGITS)
          for spelling, code in (("UTF-8", "utf-8"), ("UTF-16", "utf-16-le"), ("UTF-16", "utf-16-be"))]
_CODED = sorted({found for text in (STEM, STEM.upper(), STEM.title(), DIGITS) for found in _spellings(text)})


def found_in(where: str, content: bytes) -> list[Hit]:
    """Every spelling of a child's name or number in these bytes, once each."""
    hits = []
    small = content.lower()
    for spelling, needle in _SMALL:
        if (at := small.find(needle)) >= 0:
            hits.append(_hit(where, spelling, content, at, needle))
    for spelling, needle in _CODED:
        if (at := content.find(needle)) >= 0:
            hits.append(_hit(where, spelling, content, at, needle))
    for name, inner in _unpacked(content):
        hits += found_in(f"{where} ▸ {name}", inner)
    return hits


def _hit(where: str, spelling: str, content: bytes, at: int, needle: bytes) -> Hit:
    return Hit(where, spelling, repr(content[max(0, at - 60):at + len(needle) + 30]))


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in archive.namelist():
                    yield member, archive.read(member)
        except zipfile.BadZipFile:
            return
    elif content.startswith(b"\x1f\x8b"):
        yield "gunzip", gzip.decompress(content)


def named_in(content: bytes) -> set[int]:
    """Which children, by their place in ``CHILDREN``, stand in a file: plain text or a workbook."""
    parts = [part.lower() for part in (content, *(inner for _, inner in _unpacked(content)))]
    return {number for number, child in enumerate(CHILDREN) if any(child.surname.lower().encode() in part for part in parts)}
