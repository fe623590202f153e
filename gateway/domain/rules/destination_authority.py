"""The new school lies in the authority given."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """The new school lies in the authority given."""
    if cell.trouble == "authority-disagrees":
        return {"about": f"The register has the new school in authority {cell.about}, not in the one given.",
                "field": "destination_la"}
    if cell.trouble == "authority-unknown":
        return {"about": "The authority given is not in the register of authorities.", "field": "destination_la"}
    return None


RULE = cell_rule(
    "DESTINATION-AUTHORITY", Severity.QUERY, ("destination_school",), check,
    title="The new school lies in the authority given.",
    wording="{about}",
    hint="Give the authority by its name or its three-digit code.",
    source="Get Information about Schools",
)
