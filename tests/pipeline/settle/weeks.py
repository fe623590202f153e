"""What may happen in Thornhaven in some weeks: rows that schools write about a few children who are easily mistaken for each
other.

Rows are described by small choices, so that a story that breaks a rule shrinks to its essence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gateway.domain.returns.record import DestinationType, PupilRecord
from tests.safeguards.thornhaven import ALL_HALLOWS, QUILLMEAD, SALTMARCH_QUAY, Pupil, joiner, leaver, to_school

D = DestinationType
BORN = date(2018, 3, 2)
CAST = (Pupil(1), Pupil(2, forename="Idris"), Pupil(3), Pupil(4, "Begum", "Noah", date(2017, 5, 9)), Pupil(5, "Ellory", "Musa"))
DAYS = (date(2026, 11, 6), date(2026, 11, 9), date(2026, 11, 13), date(2026, 11, 16))
GOES: tuple[tuple[str | None, dict[str, Any]], ...] = (
    ("i", {"destination": D.UNKNOWN}), ("a", to_school(ALL_HALLOWS)), ("a", to_school(QUILLMEAD)),
    ("a", to_school(SALTMARCH_QUAY, destination_confirmed=True)), ("a", to_school(SALTMARCH_QUAY)),
    ("a", {"destination": None}), ("f", {"destination": D.EHE}), ("f", {"destination": D.EHE, "ehe_letter_date": "2026-11-05"}),
    ("o", {"destination": D.UNKNOWN}), (None, {"destination": D.OTHER_LA, "destination_la": "991"}),
)
SURNAMES = {"Ellery": ("Ellery", "Ellary", ""), "Ellory": ("Ellory", "Ellery", ""), "Begum": ("Begum", "Begam", "")}


@dataclass(frozen=True)
class Words:
    """One row as a school writes it: which child, and what is typed otherwise or left out."""

    who: int
    leaves: bool = True
    day: int | None = 0
    goes: int = 0
    surname: int = 0
    forename: int = 0             # as it is, with a letter twice, not given
    born: int = 0                 # as it is, a slip, not given
    number: int = 0               # as it is, not given, mistyped
    phone: int = 0
    urgent: bool = False
    protected: bool = False
    guest: bool = False
    row_id: str | None = None

    def record(self) -> PupilRecord:
        """What the check makes of it."""
        child = CAST[self.who]
        forename = (child.forename, f"{child.forename}{str(child.forename)[-1]}", None)[self.forename]
        number = (child.number, None, f"A{str(child.number)[1:]}")[self.number]
        written = replace(child, surname=SURNAMES[child.surname][self.surname], forename=forename,
                          born=(child.born, date(2018, 2, 3), None)[self.born], upn=number)
        day = None if self.day is None else DAYS[self.day]
        more: dict[str, Any] = {"phone": f"01632 96000{self.phone}", "urgent": self.urgent, "address_protected": self.protected}
        if self.row_id:
            more["row_id"] = self.row_id
        if self.leaves:
            ground, destination = GOES[self.goes]
            made = leaver(written, day, ground, **(destination | more))
        else:
            made = joiner(written, day, **more, **({"enrolment_status": "guest"} if self.guest else {}))  # type: ignore[arg-type]
        lacks = not made.legal_surname or made.dob is None or day is None
        return replace(made, held=lacks or (self.leaves and GOES[self.goes] == ("a", {"destination": None})))


@dataclass(frozen=True)
class Given:
    """A row that was given in a parcel, for the school for which it speaks."""

    parcel: str
    school: str
    record: PupilRecord
