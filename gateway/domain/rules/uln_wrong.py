"""A ULN has ten digits that agree."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A ULN has ten digits that agree."""
    return {"about": cell.about} if cell.trouble else None


RULE = cell_rule(
    "ULN-WRONG", Severity.QUERY, ("uln",), check,
    title="A ULN has ten digits that agree.",
    wording="This is not a ULN: {about}.",
    hint="Copy it from the learner’s record, or leave the cell empty.",
    source="LRS, ULN check digit",
)
