"""A postcode has the shape of one."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule


def check(cell: Cell) -> Facts | None:
    """A postcode has the shape of one."""
    return YES if cell.trouble else None


RULE = cell_rule(
    "POSTCODE-SHAPE", Severity.QUERY, ("home_postcode", "new_postcode"), check,
    title="A postcode has the shape of one.",
    wording="This is not a postcode; it was kept as written.",
    hint="Write it as ZY1 2AB; a letter O may stand where a nought belongs.",
    source="Royal Mail, postcode format",
)
