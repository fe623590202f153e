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
_WORDS = (LOST, OUTSIDE, "LLLLLLL")
MAX_PUPILS_PER_LOST_FILE = 1      # S2S guide: each file should hold information on only one pupil
MAX_BYTES = 4 * 1024 * 1024       # S2S refuses larger files of schools; no limit for authorities was found
_SHAPE = re.compile(
    r"(?P<source>\d{3}(?:\d{4}|LLLL)|X{7})_(?P<type>[A-Z]{3})_(?P<destination>\d{3}(?:\d{4}|LLLL)|[XML]{7})_(?P<number>\d{3,5})"
    r"(?P<added>(?:\s*\(\d{1,3}\)|\s*[-_]\s*copy)*)\.xml", re.IGNORECASE | re.ASCII)
_DESTINATION = re.compile(r"\d{3}(?:\d{4}|LLLL)", re.ASCII)
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class TransferName:
    """What a conventional name of the CTF family says, whatever its type."""

    source: str
    type: str                     # "CTF", "CML", "CMJ", "ATF", …
    destination: str
    number: str
    as_sent: bool                 # False: a browser or a person added something to the name

    def conventional(self) -> str:
        """The name without what was added."""
        return f"{self.source}_{self.type}_{self.destination}_{self.number}.xml"


@dataclass(frozen=True, slots=True)
class S2sName:
    """What the name of a file for S2S says."""

    source: str
    destination: str
    number: int

    @property
    def lost(self) -> bool:
        """Whether the file goes to the lost pupil database."""
        return self.destination in (LOST, OUTSIDE)


def read_transfer_name(name: str) -> TransferName | None:
    """The parts of a conventional name, or None when it is not one."""
    parts = _SHAPE.fullmatch(name.strip()[:LONGEST_NAME])
    if parts is None:
        return None
    source, sort, destination = (parts[group].upper() for group in ("source", "type", "destination"))
    if not destination[0].isdigit() and destination not in _WORDS:
        return None
    return TransferName(source, sort, destination, parts["number"], as_sent=not parts["added"])


def read_name(name: str) -> S2sName | None:
    """The parts of a name that S2S takes; None for every other."""
    read = read_transfer_name(name)
    if read is None or not read.as_sent or read.type != "CTF" or read.source == LOST or read.destination == _WORDS[2]:
        return None
    return S2sName(read.source, read.destination, int(read.number))


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
