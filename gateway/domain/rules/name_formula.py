"""Text that starts with =, + or @ looks like a formula."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import TEXT_FIELDS, Cell, Facts, cell_rule

_SIGNS = frozenset("=+@")


def _is_a_number(text: str) -> bool:
    """A telephone number such as +44 is no formula."""
    return text[0] == "+" and all(c.isdigit() or c in " ()-+" for c in text)


def check(cell: Cell) -> Facts | None:
    """Text that starts with =, + or @ looks like a formula."""
    sign = cell.text[:1] if cell.text else ""
    return {"sign": sign} if sign in _SIGNS and not _is_a_number(cell.text or "") else None


RULE = cell_rule(
    "FORMULA-TEXT", Severity.QUERY, TEXT_FIELDS, check,
    title="Text that starts with =, + or @ looks like a formula.",
    wording="The text starts with {sign}, as a formula does. It is kept as written and never worked out.",
    hint="If it is a typing error, correct it and send the row again; if it is right, nothing need be done.",
    source="OWASP, CSV injection",
)
