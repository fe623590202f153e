"""A name is written in one alphabet."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.scripts import mixed_alphabets
from gateway.domain.rules.rule import NAME_FIELDS, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A name is written in one alphabet."""
    found = mixed_alphabets(cell.text) if cell.text else ()
    return {"alphabets": " and ".join(found)} if found else None


RULE = cell_rule(
    "NAME-MIXED-ALPHABETS", Severity.QUERY, (*NAME_FIELDS, "full_name"), check,
    title="A name is written in one alphabet.",
    wording="One word of the name mixes letters of two alphabets ({alphabets}), which may look alike. It was kept.",
    hint="Type the name again. If it is right as it stands, nothing need be done.",
    source="Unicode TR 39",
)
