"""Two rows about one child say the same."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Facts, Repeat, pair_rule


def check(repeat: Repeat) -> Facts | None:
    """Two rows about one child say the same."""
    return {"row": repeat.row} if repeat.same_child and not repeat.same_words else None


RULE = pair_rule(
    "SAME-CHILD-DIFFERS", Severity.QUERY, "upn", check,
    title="Two rows about one child say the same.",
    wording="The same child stands in row {row} already, and this row says something else.",
    hint="Leave only the right row and send the return again. If they are two children, check both UPNs and dates of birth.",
    source="Terms of the return: what an answer means",
)
