"""The people and places of the demonstration. Every child, parent, school and address is invented.

The day is fixed, a Monday in a rehearsal clock, so that every run tells the same story.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gateway.domain.identifiers.upn import check_letter

DAY = date(2026, 11, 16)

FERNBRIDGE = "9902001"
ALL_HALLOWS = "9902002"
QUILLMEAD = "9902003"
THORNHAVEN_HIGH = "9904001"

SCHOOL_NAMES = {
    FERNBRIDGE: "Fernbridge Primary School",
    ALL_HALLOWS: "All Hallows Thornhaven CofE Primary School",
    QUILLMEAD: "Quillmead Primary School",
    THORNHAVEN_HIGH: "Thornhaven High School",
}


def upn(school: str, serial: int) -> str:
    """A number that reads as a permanent UPN of ``school``; the serial keeps it unlike any other here."""
    body = f"{school}24{serial:03d}"
    return check_letter(body) + body


@dataclass(frozen=True, slots=True)
class Child:
    """An invented child as a school would write one down."""

    upn: str
    surname: str
    forename: str
    born: date
    sex: str
    year: str
    postcode: str
    parent: str
    phone: str


MUSA = Child(upn(FERNBRIDGE, 11), "Ellery", "Musa", date(2018, 3, 2), "M", "4", "ZY1 8GD", "Mrs A Ellery", "07700900154")
ZOE = Child(upn(FERNBRIDGE, 12), "D'Souza", "Zoë", date(2017, 10, 9), "F", "5", "ZY1 6LX", "Mr P D'Souza", "07700900889")
RAVI = Child(upn(FERNBRIDGE, 13), "Jankowski", "Ravi", date(2019, 6, 21), "M", "3", "ZY1 2BS", "Ms K Jankowska", "07700900692")
TIA = Child(upn(FERNBRIDGE, 14), "Fairclough", "Tia", date(2016, 1, 30), "F", "6", "ZY1 7TY", "Mr J Fairclough", "07700900977")
HANA = Child(upn(FERNBRIDGE, 15), "Müller", "Hana", date(2018, 9, 14), "F", "4", "ZY1 6HZ", "Mrs L Müller", "07700900553")
NOAH = Child(upn(FERNBRIDGE, 16), "Begum", "Noah", date(2019, 12, 3), "M", "2", "ZY1 4EW", "Mrs S Begum", "07700900365")
IRIS = Child(upn(QUILLMEAD, 21), "Sandhu", "Iris", date(2015, 2, 11), "F", "7", "ZY1 3DX", "Mr G Sandhu", "07700900714")
EWAN = Child(upn(ALL_HALLOWS, 22), "Macdonald", "Ewan", date(2017, 5, 17), "M", "5", "ZY1 5SQ", "Ms E Macdonald", "07700900218")
ORLA = Child(upn(QUILLMEAD, 23), "Okonkwo", "Orla", date(2018, 11, 25), "F", "3", "ZY1 9ET", "Mr C Okonkwo", "07700900402")
LEO = Child(upn(THORNHAVEN_HIGH, 24), "Whitlock", "Leo", date(2013, 4, 6), "M", "9", "ZY2 3HA", "Mrs R Whitlock", "07700900650")
