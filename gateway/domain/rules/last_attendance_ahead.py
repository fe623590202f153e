"""Nobody has attended tomorrow."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """Nobody has attended tomorrow."""
    return YES if cell.value is not None and cell.value > cell.today else None


RULE = cell_rule(
    "LAST-ATTENDANCE-AHEAD", Severity.QUERY, ("last_attendance_date",), check,
    title="Nobody has attended tomorrow.",
    wording="The last attendance lies in the future.",
    hint="Give the last day on which the child was in school so far.",
    source="The authority's return",
)
