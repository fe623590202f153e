"""A ground is one of the list."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A ground is one of the list."""
    return YES if cell.trouble == "not-understood" else None


RULE = cell_rule(
    "GROUND-NOT-UNDERSTOOD", Severity.QUERY, ("deletion_ground",), check,
    title="A ground is one of the list.",
    wording="This is not a ground of either list; none was recorded.",
    hint="Give a ground of regulation 9(1), such as 9(1)(a). Reasons of your own system are not grounds.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 9(1)",
)
