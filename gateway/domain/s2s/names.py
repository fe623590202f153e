"""Names of files for S2S: ``<SOURCE>_CTF_<DESTINATION>_<NUMBER>.xml``; the name is what S2S routes on.

1. Seven characters each: authority and establishment; ``LLLL`` in place of an establishment is the authority itself,
   ``XXXXXXX`` is unknown, ``MMMMMMM`` outside the maintained sector.
2. We write under our own number alone: ``990LLLL``. A school's own file goes under the school's own name, unchanged.
3. Numbers count up for each pair of source and destination, and never start again; after 999 they have more digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gateway.errors import UsageError

LOST = "XXXXXXX"
OUTSIDE = "MMMMMMM"
MAX_PUPILS_PER_LOST_FILE = 1      # S2S guide: each file should hold information on only one pupil
MAX_BYTES = 4 * 1024 * 1024       # S2S refuses larger files of schools; no limit for authorities was found
_NAME = re.compile(r"(\d{3}(?:\d{4}|LLLL))_CTF_(\d{3}(?:\d{4}|LLLL)|X{7}|M{7})_(\d{3,5})\.xml", re.IGNORECASE | re.ASCII)
_DESTINATION = re.compile(r"\d{3}(?:\d{4}|LLLL)", re.ASCII)


@dataclass(frozen=True, slots=True)
class S2sName:
    """What a name says."""

    source: str
    destination: str
    number: int

    @property
    def lost(self) -> bool:
        """Whether the file goes to the lost pupil database."""
        return self.destination in (LOST, OUTSIDE)


def read_name(name: str) -> S2sName | None:
    """The parts of a name that S2S takes; None for every other."""
    parts = _NAME.fullmatch(name)
    return S2sName(parts[1].upper(), parts[2].upper(), int(parts[3])) if parts else None


def authority_code(la: str) -> str:
    """An authority as a source or a destination."""
    return f"{la}LLLL"


def own_name(la: str, destination: str, number: int) -> str:
    """The name of a file of ours. UsageError when the destination is none we write to."""
    if not _DESTINATION.fullmatch(destination):
        raise UsageError(f"{destination!r} is no destination for a file of ours", code="S2S-DESTINATION",
                         hint="A school's seven digits, or an authority as 991LLLL. Lost pupils are uploaded by their school.")
    return f"{authority_code(la)}_CTF_{destination}_{number:03d}.xml"


def week_name(week: date) -> str:
    """As folders and pages name it: 2026-W47."""
    year, number, _ = week.isocalendar()
    return f"{year}-W{number:02d}"
