"""A ground’s letter and its words agree."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A ground’s letter and its words agree."""
    return {"about": cell.about} if cell.trouble == "conflict" else None


RULE = cell_rule(
    "GROUND-CONFLICT", Severity.QUERY, ("deletion_ground",), check,
    title="A ground’s letter and its words agree.",
    wording="The letter and the words beside it are two different grounds; the letter was recorded, as {about}.",
    hint="Give the regulation with the letter, such as 9(1)(f).",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 9(1)",
)
