"""A school’s name may be borne by several."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A school’s name may be borne by several."""
    return {"about": cell.about} if cell.trouble == "shared-name" else None


RULE = cell_rule(
    "DESTINATION-NAME-SHARED", Severity.QUERY, ("destination_school",), check,
    title="A school’s name may be borne by several.",
    wording="Several schools of the register bear this name, so none was chosen.",
    hint="Give its DfE number or its authority. Candidates: {about}.",
    source="Get Information about Schools",
)
