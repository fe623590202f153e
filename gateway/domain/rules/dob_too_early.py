"""Nobody at school was born before 2 January 1901."""

from __future__ import annotations

from datetime import date

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule

EARLIEST = date(1901, 1, 2)


def check(cell: Cell) -> Facts | None:
    """Nobody at school was born before 2 January 1901."""
    return YES if cell.value is not None and cell.value < EARLIEST else None


RULE = cell_rule(
    "DOB-TOO-EARLY", Severity.ERROR, ("dob",), check,
    title="Nobody at school was born before 2 January 1901.",
    wording="The date of birth lies before 2 January 1901.",
    hint="01/01/1900 is what a spreadsheet shows for an empty date: give the real one.",
    source="Terms of the return: what an answer means",
)
