"""A joiner has a start date."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A joiner has a start date."""
    return YES if cell.text is None else None


RULE = cell_rule(
    "START-MISSING", Severity.ERROR, ("start_date",), check, movement=MovementKind.JOINER,
    title="A joiner has a start date.",
    wording="There is no start date in this row.",
    hint="Give the day on which the child was, or will be, entered as a pupil.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, regs 8 and 13(1)",
)
