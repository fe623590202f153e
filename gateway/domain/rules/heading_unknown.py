"""A heading that nobody knows is kept."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Facts, FileFacts, file_rule


def check(facts: FileFacts) -> list[Facts]:
    """A heading that nobody knows is kept."""
    return [{"column": heading, "sheet": sheet or ""} for sheet, heading in facts.unknown_headings]


RULE = file_rule(
    "HEADING-UNKNOWN", Severity.NOTE, None, check,
    title="A heading that nobody knows is kept.",
    wording="This heading is not known; what stands below it is kept with each row but not understood.",
    hint="Nothing need be done. The authority can teach the gateway what it means.",
    source="The authority's return",
)
