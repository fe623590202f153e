"""A destination’s number and name agree."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A destination’s number and name agree."""
    if cell.trouble == "number-unknown":
        return {"about": "The number given for the new school is not in the register."}
    if cell.trouble == "number-disagrees":
        return {"about": f"The number given is that of {cell.about}, not of the school named; neither was chosen."}
    return None


RULE = cell_rule(
    "DESTINATION-NUMBER", Severity.QUERY, ("destination_school",), check,
    title="A destination’s number and name agree.",
    wording="{about}",
    hint="Check the DfE number and the name of the new school.",
    source="Get Information about Schools",
)
