"""A destination can be found in the register."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A destination can be found in the register."""
    return YES if cell.trouble == "not-in-register" else None


RULE = cell_rule(
    "DESTINATION-NOT-IN-REGISTER", Severity.QUERY, ("destination_school",), check,
    title="A destination can be found in the register.",
    wording="No school of the register has this name.",
    hint="Give the full name as in the national register, or its DfE number.",
    source="Get Information about Schools",
)
