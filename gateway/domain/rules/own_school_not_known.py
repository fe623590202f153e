"""A return names its school as the register does."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A return names its school as the register does."""
    return YES if cell.trouble == "not-known" else None


RULE = cell_rule(
    "SCHOOL-NOT-KNOWN", Severity.QUERY, ("school_name", "school_number"), check,
    title="A return names its school as the register does.",
    wording="The register does not know this school, so the row counts as the sender’s own.",
    hint="Give the school’s name or DfE number as in the national register.",
    source="Get Information about Schools",
)
