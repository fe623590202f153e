"""Nobody is born in the future."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """Nobody is born in the future."""
    return YES if cell.value is not None and cell.value > cell.today else None


RULE = cell_rule(
    "DOB-IN-FUTURE", Severity.ERROR, ("dob",), check,
    title="Nobody is born in the future.",
    wording="The date of birth lies in the future.",
    hint="A two-digit year is read as 20xx: write four digits.",
    source="Terms of the return: what an answer means",
)
