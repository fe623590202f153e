"""Dates are written day first."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import DATE_FIELDS, YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """Dates are written day first."""
    return YES if cell.trouble == "other-order" else None


RULE = cell_rule(
    "DATE-OTHER-ORDER", Severity.QUERY, DATE_FIELDS, check,
    title="Dates are written day first.",
    wording="This date can only be read in the other order, or its column writes the month first; it was read so.",
    hint="Write dates day first. Check the day and the month of this one.",
    source="Terms of the return: what an answer means",
)
