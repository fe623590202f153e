"""Postcodes: capitals, one space before the last three characters.

``0`` and ``O``, ``1`` and ``I`` are not guessed: the text is kept and queried. An outward part alone is not a postcode.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from gateway.domain.identifiers.faults import BadPostcodeError

_SHAPE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][A-Z]{2})", re.ASCII)
_AT_END = re.compile(r"\b([A-Z]{1,2}[0-9][0-9A-Z]?) ?([0-9][A-Z]{2})[\s.,]{0,3}$", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Postcode:
    """A text that has the shape of a postcode."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one in any spacing and case, or raise BadPostcodeError."""
        found = _SHAPE.fullmatch("".join(text.split()).upper())
        if not found:
            raise BadPostcodeError(f"postcode has {len(text)} characters that do not make one", code="POSTCODE",
                                   hint="Write it as ZY1 2AB; a letter O may stand where a nought belongs.")
        return cls(f"{found[1]} {found[2]}")

    @classmethod
    def ending(cls, text: str) -> Self | None:
        """The postcode at the end of an address line."""
        found = _AT_END.search(text)
        return cls(f"{found[1]} {found[2]}".upper()) if found else None

    @property
    def outward(self) -> str:
        """The part before the space."""
        return self.text.split(" ")[0]
