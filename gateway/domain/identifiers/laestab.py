"""DfE numbers of schools (LAESTAB), and codes of authorities.

1. A LAESTAB is seven digits: three of the authority, four of the establishment.
2. It is written ``9902001``, ``990/2001``, ``990 2001`` or ``990-2001``; a workbook may give the number 9902001.0.
3. The CTF family puts letters in its place: ``LLLL`` after a code is the authority itself, ``XXXXXXX`` is not known,
   ``MMMMMMM`` is outside the maintained sector. None of these is a LAESTAB.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from gateway.domain.identifiers.faults import BadLaestabError

UNKNOWN_SCHOOL = "XXXXXXX"
OUTSIDE_SECTOR = "MMMMMMM"
_LAESTAB = re.compile(r"([0-9]{3})\s{0,3}[/\\\-– .]?\s{0,3}([0-9]{4})(?:\.0)?", re.ASCII)
_INSIDE = re.compile(r"(?<![0-9])([0-9]{3})\s?[/\-]?\s?([0-9]{4})(?![0-9])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Laestab:
    """Seven digits that name a school."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one in any usual notation, or raise BadLaestabError."""
        found = _LAESTAB.fullmatch(text.strip())
        if not found:
            raise BadLaestabError(
                f"DfE number has {len(text.strip())} characters, expected 7 digits such as 990/2001", code="LAESTAB",
                hint="It is the authority's three digits and the school's four; the URN of six digits is another number.",
            )
        return cls(found[1] + found[2])

    @classmethod
    def inside(cls, text: str) -> Self | None:
        """The first DfE number that stands in a longer text such as a file name."""
        found = _INSIDE.search(text)
        return cls(found[1] + found[2]) if found else None

    @property
    def la(self) -> LaCode:
        """The authority's code."""
        return LaCode(self.text[:3])


@dataclass(frozen=True, slots=True)
class LaCode:
    """Three digits that name an authority."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``990``, ``990LLLL`` or the number 990.0, or raise BadLaestabError."""
        found = re.fullmatch(r"([0-9]{3})(?:L{4}|\.0)?", text.strip().upper(), re.ASCII)
        if not found:
            raise BadLaestabError(f"authority code has {len(text.strip())} characters, expected 3 digits", code="LA-CODE",
                                  hint="Write the authority's three-digit code or its name.")
        return cls(found[1])


def is_laestab(text: str | None) -> bool:
    """Whether a text is seven ASCII digits."""
    return text is not None and len(text) == 7 and text.isascii() and text.isdigit()
