"""A UPN belongs to one child."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Facts, Repeat, pair_rule


def check(repeat: Repeat) -> Facts | None:
    """A UPN belongs to one child."""
    return None if repeat.same_child else {"row": repeat.row}


RULE = pair_rule(
    "UPN-OF-TWO-CHILDREN", Severity.QUERY, "upn", check,
    title="A UPN belongs to one child.",
    wording="The same UPN stands with another child in row {row}.",
    hint="Check both numbers; brothers and sisters have each their own.",
    source="DfE UPN guide",
)
