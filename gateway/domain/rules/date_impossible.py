"""A date that matters must be a day of the calendar."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A date that matters must be a day of the calendar."""
    return YES if cell.trouble == "impossible" else None


RULE = cell_rule(
    "DATE-IMPOSSIBLE", Severity.ERROR, ("dob", "off_roll_date", "start_date"), check,
    title="A date that matters must be a day of the calendar.",
    wording="This is not a date that exists.",
    hint="Write day, month and year, such as 02/03/2014. A cell full of # is a column too narrow for its dates.",
    source="Terms of the return: what an answer means",
)
