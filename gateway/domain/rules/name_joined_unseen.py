"""Between Latin letters no joining character is needed."""

from __future__ import annotations

from gateway.domain.counting import counted
from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.unseen import joins_latin
from gateway.domain.rules.rule import NAME_FIELDS, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """Between Latin letters no joining character is needed."""
    count = joins_latin(cell.text) if cell.text else 0
    return {"count": counted(count, "joining character")} if count else None


RULE = cell_rule(
    "NAME-JOINED-UNSEEN", Severity.QUERY, (*NAME_FIELDS, "full_name"), check,
    title="Between Latin letters no joining character is needed.",
    wording="The name holds {count} that cannot be seen: kept as it is.",
    hint="Type the name again instead of pasting it.",
    source="Unicode TR 39",
)
