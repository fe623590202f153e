"""A whole name in one cell is split."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A whole name in one cell is split."""
    return {"field": "legal_surname"} if cell.trouble == "guessed" else None


RULE = cell_rule(
    "NAME-SPLIT", Severity.QUERY, ("full_name",), check,
    title="A whole name in one cell is split.",
    wording="The whole name stands in one cell without a comma; which part is the surname was guessed.",
    hint="Use one column for the surname and one for the forename, or write SURNAME, Forename.",
    source="The authority's return",
)
