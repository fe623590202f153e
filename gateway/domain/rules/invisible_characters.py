"""Characters that nobody can see do not belong in a value."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.text import INVISIBLE
from gateway.domain.rules.rule import TEXT_FIELDS, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """Characters that nobody can see do not belong in a value."""
    count = len(INVISIBLE.findall(cell.raw)) if cell.raw and not cell.raw.isprintable() else 0
    return {"count": str(count)} if count else None


RULE = cell_rule(
    "INVISIBLE-CHARACTERS", Severity.QUERY, TEXT_FIELDS, check,
    title="Characters that nobody can see do not belong in a value.",
    wording=(
        "The cell holds {count} character(s) that cannot be seen, such as direction marks or zero-width spaces. They "
        "were taken out."
    ),
    hint="Type the value again instead of pasting it.",
    source="Unicode TR 36",
)
