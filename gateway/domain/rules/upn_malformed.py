"""A UPN is a letter, 11 digits, then a digit or letter."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A UPN is a letter, 11 digits, then a digit or letter."""
    return {"about": cell.about} if cell.trouble == "malformed" else None


RULE = cell_rule(
    "UPN-MALFORMED", Severity.QUERY, ("upn",), check,
    title="A UPN is a letter, 11 digits, then a digit or letter.",
    wording="This is not a UPN: {about}.",
    hint="Copy the number from the pupil’s record again; candidate and admission numbers are not UPNs.",
    source="DfE UPN guide",
)
