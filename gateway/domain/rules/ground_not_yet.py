"""The 2024 list began on 19 August 2024."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """The 2024 list began on 19 August 2024."""
    return {"about": cell.about} if cell.trouble == "not-yet" else None


RULE = cell_rule(
    "GROUND-NOT-YET", Severity.QUERY, ("deletion_ground",), check,
    title="The 2024 list began on 19 August 2024.",
    wording="This is ground {about} of the 2024 Regulations, but the off-roll date lies before 19 August 2024.",
    hint="Check the off-roll date, or give the ground of regulation 8(1) of 2006.",
    source="SI 2024/208, in force 19 August 2024",
)
