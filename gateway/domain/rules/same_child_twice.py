"""One row for each child."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Facts, Repeat, pair_rule


def check(repeat: Repeat) -> Facts | None:
    """One row for each child."""
    return {"row": repeat.row} if repeat.same_child and repeat.same_words else None


RULE = pair_rule(
    "SAME-CHILD-TWICE", Severity.NOTE, "upn", check,
    title="One row for each child.",
    wording="The same child stands in row {row} already, with the same words.",
    hint="Nothing need be done.",
    source="Terms of the return: what an answer means",
)
