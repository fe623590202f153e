"""One row for each child."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Facts, Repeat, pair_rule


def check(repeat: Repeat) -> Facts | None:
    """One row for each child."""
    return {"row": repeat.row} if repeat.same_child else None


RULE = pair_rule(
    "SAME-CHILD-TWICE", Severity.NOTE, "upn", check,
    title="One row for each child.",
    wording="The same child stands in row {row} already.",
    hint="Nothing need be done if both rows say the same; else leave only the right one.",
    source="Terms of the return: what an answer means",
)
