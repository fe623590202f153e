"""A temporary UPN should be replaced."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A temporary UPN should be replaced."""
    return YES if cell.trouble == "temporary" else None


RULE = cell_rule(
    "UPN-TEMPORARY", Severity.NOTE, ("upn",), check,
    title="A temporary UPN should be replaced.",
    wording="This is a temporary UPN.",
    hint="Replace it with the pupil’s permanent UPN as soon as the last school has sent it.",
    source="DfE UPN guide",
)
