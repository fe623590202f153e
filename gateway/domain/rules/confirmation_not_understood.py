"""A place is confirmed, or it is not."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A place is confirmed, or it is not."""
    return YES if cell.trouble == "not-understood" else None


RULE = cell_rule(
    "CONFIRMATION-NOT-UNDERSTOOD", Severity.QUERY, ("destination_confirmed",), check, movement=MovementKind.LEAVER,
    title="A place is confirmed, or it is not.",
    wording="This is neither Yes nor No; the place was recorded as not confirmed.",
    hint="Write Yes only when the new school has said that the child is, or will be, on its roll. Tell the rest in the notes.",
    source="The authority’s return: confirmed places",
)
