"""Every child has a surname."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """Every child has a surname."""
    return YES if cell.value is None else None


RULE = cell_rule(
    "SURNAME-MISSING", Severity.ERROR, ("legal_surname",), check,
    title="Every child has a surname.",
    wording="There is no surname in this row.",
    hint="Give the legal surname. A child with one name has it in the surname column.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 13(4)(a); The authority's return",
)
