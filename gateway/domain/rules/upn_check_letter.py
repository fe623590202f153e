"""A UPN’s first letter must agree with its digits."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A UPN’s first letter must agree with its digits."""
    return {"about": cell.about} if cell.trouble == "check-letter" else None


RULE = cell_rule(
    "UPN-CHECK-LETTER", Severity.QUERY, ("upn",), check,
    title="A UPN’s first letter must agree with its digits.",
    wording="{about}.",
    hint="Two digits may have been swapped when it was typed. Copy the number from the pupil’s record again.",
    source="DfE UPN guide; returns are read with the number as given",
)
