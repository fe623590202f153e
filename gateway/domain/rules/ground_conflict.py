"""A cell names one ground."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A cell names one ground."""
    return {"about": cell.about} if cell.trouble == "conflict" else None


RULE = cell_rule(
    "GROUND-CONFLICT", Severity.QUERY, ("deletion_ground",), check,
    title="A cell names one ground.",
    wording="Two different grounds stand in this cell; one was recorded, as {about}.",
    hint="Give the one ground on which the name came off the register, such as 9(1)(f).",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 9(1)",
)
