"""A closed school takes nobody."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A closed school takes nobody."""
    if cell.trouble != "closed":
        return None
    if cell.about:
        return {"about": f"It was followed by {cell.about}. Is that the school meant?"}
    return {"about": "Name the school that the child now attends."}


RULE = cell_rule(
    "DESTINATION-CLOSED", Severity.QUERY, ("destination_school",), check,
    title="A closed school takes nobody.",
    wording="The register says that this school has closed.",
    hint="{about}",
    source="Get Information about Schools",
)
