"""A column keeps to one order of day and month."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import DATE_FIELDS, YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A column keeps to one order of day and month."""
    return YES if cell.trouble == "either-order" else None


RULE = cell_rule(
    "DATE-EITHER-ORDER", Severity.QUERY, DATE_FIELDS, check,
    title="A column keeps to one order of day and month.",
    wording="This date can be read both ways, and other dates of its column are month first.",
    hint="Check the day and the month of this date.",
    source="Terms of the return: what an answer means",
)
