"""The 2006 list ended on 18 August 2024."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """The 2006 list ended on 18 August 2024."""
    return {"about": cell.about} if cell.trouble == "old-list" else None


RULE = cell_rule(
    "GROUND-OLD-LIST", Severity.QUERY, ("deletion_ground",), check,
    title="The 2006 list ended on 18 August 2024.",
    wording="This is ground {about} of the 2006 Regulations, which ended on 18 August 2024. It is recorded as such.",
    hint=(
        "Give the ground of regulation 9(1) of 2024. The same letter means something else there. A number alone "
        "always means the 2006 list."
    ),
    source="SI 2024/208, in force 19 August 2024",
)
