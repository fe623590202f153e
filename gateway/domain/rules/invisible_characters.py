"""Characters that nobody can see do not belong in a value."""

from __future__ import annotations

from gateway.domain.counting import counted
from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.unseen import hidden, visible
from gateway.domain.rules.rule import ANY_FIELD, Cell, Facts, cell_rule

SHOWN = 200                       # characters of the text in which they stood


def check(cell: Cell) -> Facts | None:
    """Characters that nobody can see do not belong in a value."""
    return facts(cell.raw)


def facts(raw: str) -> Facts | None:
    """What is to be said of a text as it came; None when all of it can be seen."""
    count = hidden(raw)
    return {"count": counted(count, "character"), "found": visible(raw[:SHOWN])} if count else None


RULE = cell_rule(
    "INVISIBLE-CHARACTERS", Severity.QUERY, (ANY_FIELD,), check,
    title="Characters that nobody can see do not belong in a value.",
    wording=(
        "The cell holds {count} that cannot be seen, such as direction marks or zero-width spaces: taken out."
    ),
    hint="Type the value again instead of pasting it.",
    source="Unicode TR 36",
)
