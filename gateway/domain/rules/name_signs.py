"""Names hold letters, hyphens, apostrophes and spaces."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.names import looks_wrong
from gateway.domain.rules.rule import NAME_FIELDS, YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """Names hold letters, hyphens, apostrophes and spaces."""
    return YES if cell.text and cell.text[0] not in "=+@" and looks_wrong(cell.text) else None


RULE = cell_rule(
    "NAME-SIGNS", Severity.QUERY, NAME_FIELDS, check,
    title="Names hold letters, hyphens, apostrophes and spaces.",
    wording="The name holds digits or signs that names do not have.",
    hint="Take out anything that is not part of the legal name.",
    source="The authority's return",
)
