"""Sex is M or F."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """Sex is M or F."""
    return YES if cell.trouble else None


RULE = cell_rule(
    "SEX-NOT-UNDERSTOOD", Severity.QUERY, ("sex",), check,
    title="Sex is M or F.",
    wording="This is neither M nor F; it was left out.",
    hint="Give M or F, as in the admission register.",
    source="CBDS, sex",
)
