"""A name is rarely longer than 60 characters."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Cell, Facts, cell_rule

LONGEST = 60


def check(cell: Cell) -> Facts | None:
    """A name is rarely longer than 60 characters."""
    return {"length": str(len(cell.text))} if cell.text and len(cell.text) > LONGEST else None


RULE = cell_rule(
    "NAME-TOO-LONG", Severity.QUERY, ("legal_surname", "legal_forename"), check,
    title="A name is rarely longer than 60 characters.",
    wording="The name has {length} characters.",
    hint="Check that two cells have not run together.",
    source="CTF specification: names of 35 characters",
)
