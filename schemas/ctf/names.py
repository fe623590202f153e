"""File names of the family: ``<SOURCE>_<TYPE>_<DESTINATION>_<NUMBER>.xml``.

1. Source and destination have seven characters: three of the authority, four of the establishment. ``LLLL`` in place of an
   establishment is the authority itself; ``XXXXXXX`` is unknown, ``MMMMMMM`` outside the maintained sector.
2. Browsers and people add ``(1)``, `` - Copy``, ``_copy``: these are understood and told apart from the name.
3. A name is only a name: where it contradicts the header, the header counts and the sender is asked.
"""

from __future__ import annotations

from gateway.domain.s2s.names import LOST as UNKNOWN
from gateway.domain.s2s.names import OUTSIDE, TransferName
from gateway.domain.s2s.names import read_transfer_name as read_name

__all__ = ["OUTSIDE", "UNKNOWN", "TransferName", "authority_itself", "read_name", "school"]


def authority_itself(code: str | None) -> str | None:
    """The authority's three digits where the seven characters stand for an authority (``990LLLL``)."""
    return code[:3] if code and code[:3].isdigit() and code[3:] == "LLLL" else None


def school(code: str | None) -> str | None:
    """The seven digits where the code names one school."""
    return code if code and len(code) == 7 and code.isascii() and code.isdigit() else None
