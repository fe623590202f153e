"""Without a register, destinations stay text."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Facts, FileFacts, file_rule


def check(facts: FileFacts) -> list[Facts]:
    """Without a register, destinations stay text."""
    return [YES] if facts.without_register else []


RULE = file_rule(
    "NO-REGISTER", Severity.NOTE, None, check,
    title="Without a register, destinations stay text.",
    wording="No register of schools is at hand: destinations were not looked up.",
    hint="Run the check with --home, or put schools.csv into the home’s register folder.",
    source="Terms of the return: what an answer means",
)
