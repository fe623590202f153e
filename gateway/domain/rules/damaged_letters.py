"""Accented letters must survive the export."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.names import looks_damaged
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """Accented letters must survive the export."""
    return YES if cell.text and looks_damaged(cell.text) else None


RULE = cell_rule(
    "DAMAGED-LETTERS", Severity.QUERY, ("legal_surname", "legal_forename", "middle_names", "preferred_surname",
                                        "preferred_forename", "destination_school"), check,
    title="Accented letters must survive the export.",
    wording="Letters seem to have been damaged on the way: the text holds signs that stand for a wrong encoding.",
    hint="Export the file again as UTF-8, or correct the name.",
    source="The authority's return",
)
