"""Every child has a date of birth."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """Every child has a date of birth."""
    return YES if cell.text is None else None


RULE = cell_rule(
    "DOB-MISSING", Severity.ERROR, ("dob",), check,
    title="Every child has a date of birth.",
    wording="There is no date of birth in this row.",
    hint="Give it as day, month and year, such as 02/03/2014.",
    source="Terms of the return: what an answer means",
)
