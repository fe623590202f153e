"""File names of the family: ``<SOURCE>_<TYPE>_<DESTINATION>_<NUMBER>.xml``.

1. Source and destination have seven characters: three of the authority, four of the establishment. ``LLLL`` in place of an
   establishment is the authority itself; ``XXXXXXX`` is unknown, ``MMMMMMM`` outside the maintained sector.
2. Browsers and people add ``(1)``, `` - Copy``, ``_copy``: these are understood and told apart from the name.
3. A name is only a name: where it contradicts the header, the header counts and the sender is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

UNKNOWN = "XXXXXXX"
OUTSIDE = "MMMMMMM"
_NAME = re.compile(
    r"^(?P<source>\d{3}(?:\d{4}|LLLL)|XXXXXXX)_(?P<type>[A-Z]{3})_(?P<destination>\d{3}(?:\d{4}|LLLL)|X{7}|M{7}|L{7})_(?P<number>\d{3,5})"
    r"(?P<added>(?:\s*\(\d{1,3}\)|\s*[-_]\s*copy)*)\.xml$",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class TransferName:
    """What a conventional name says."""

    source: str
    type: str                     # "CTF", "CML", "CMJ", "ATF", …
    destination: str
    number: str
    as_sent: bool                 # False: a browser or a person added something to the name

    def conventional(self) -> str:
        """The name without what was added."""
        return f"{self.source}_{self.type}_{self.destination}_{self.number}.xml"


def read_name(name: str) -> TransferName | None:
    """The parts of a conventional name, or None when it is not one."""
    parts = _NAME.match(name.strip()[:80])
    if parts is None:
        return None
    source, sort, destination = (parts[group].upper() for group in ("source", "type", "destination"))
    return TransferName(source, sort, destination, parts["number"], as_sent=not parts["added"])


def authority_itself(code: str | None) -> str | None:
    """The authority's three digits where the seven characters stand for an authority (``990LLLL``)."""
    return code[:3] if code and code[:3].isdigit() and code[3:] == "LLLL" else None


def school(code: str | None) -> str | None:
    """The seven digits where the code names one school."""
    return code if code and len(code) == 7 and code.isascii() and code.isdigit() else None
