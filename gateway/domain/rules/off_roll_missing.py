"""A leaver has an off-roll date."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A leaver has an off-roll date."""
    return YES if cell.text is None else None


RULE = cell_rule(
    "OFF-ROLL-MISSING", Severity.ERROR, ("off_roll_date",), check, movement=MovementKind.LEAVER,
    title="A leaver has an off-roll date.",
    wording="There is no off-roll date in this row.",
    hint="Give the day on which the name was, or will be, taken off the register.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 13(4)",
)
