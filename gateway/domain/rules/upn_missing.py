"""A child without a UPN is hard to find again."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A child without a UPN is hard to find again."""
    return YES if cell.text is None else None


RULE = cell_rule(
    "UPN-MISSING", Severity.QUERY, ("upn",), check,
    title="A child without a UPN is hard to find again.",
    wording="There is no UPN in this row.",
    hint="Give the UPN, or a temporary one. If the child never had one, say so in the notes.",
    source="DfE UPN guide",
)
