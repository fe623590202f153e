"""Year groups are N1, N2, R and 1 to 14."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """Year groups are N1, N2, R and 1 to 14."""
    return YES if cell.trouble else None


RULE = cell_rule(
    "YEAR-GROUP-NOT-UNDERSTOOD", Severity.QUERY, ("year_group",), check,
    title="Year groups are N1, N2, R and 1 to 14.",
    wording="This is not a year group; it was left out.",
    hint="Give the National Curriculum year: N1, N2, R or 1 to 14.",
    source="CBDS, year group",
)
