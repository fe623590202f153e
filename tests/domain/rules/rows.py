"""Records and cells for the tests of rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from gateway.domain.returns.record import DestinationType, MovementKind, PupilRecord
from gateway.domain.rules.rule import Cell, Situation

TODAY = date(2026, 11, 20)
LEAVER = PupilRecord(
    row=2,
    sheet=None,
    movement=MovementKind.LEAVER,
    upn="R201100018042",
    legal_surname="Ash",
    legal_forename="Bo",
    dob=date(2017, 3, 2),
    sex="M",
    year_group="5",
    home_postcode="ZY1 3AB",
    off_roll_date=date(2026, 11, 2),
    last_attendance_date=date(2026, 10, 1),
    deletion_ground="2024:9(1)(a)",
    destination_type=DestinationType.SCHOOL,
    destination_school="Tanyard Academy",
    destination_laestab="9914010",
    destination_la="991",
    details={"parents": [{"name": "Mrs Ash", "phone": "01632 960001"}], "address_lines": ["1 Mill Lane"]},
)
JOINER = PupilRecord(
    row=3,
    sheet=None,
    movement=MovementKind.JOINER,
    legal_surname="Elm",
    dob=date(2017, 3, 2),
    year_group="5",
    start_date=date(2026, 11, 2),
    details={
        "previous_school": "Tanyard Academy",
        "parents": [{"name": "Mr Elm", "phone": "1"}],
        "address_lines": ["2 Mill Lane"],
    },
)


def leaver(**changes: Any) -> PupilRecord:
    """The sound leaver with some values changed."""
    return replace(LEAVER, **changes)


def joiner(**changes: Any) -> PupilRecord:
    """The sound joiner with some values changed."""
    return replace(JOINER, **changes)


def situation(*columns: str) -> Situation:
    """What the rule may know besides: the day, the school, the columns."""
    return Situation(TODAY, "9902001", frozenset(columns))


def cell(field: str, text: str | None, **more: Any) -> Cell:
    """A cell as its reader gives it."""
    return Cell(field, text, **{"raw": text or "", "today": TODAY, **more})
