"""The admission register holds each pupil’s sex."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """The admission register holds each pupil’s sex."""
    return YES if cell.text is None else None


RULE = cell_rule(
    "SEX-MISSING", Severity.QUERY, ("sex",), check,
    title="The admission register holds each pupil’s sex.",
    wording="The sex is not given.",
    hint="Give M or F.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 8",
)
