"""Some returns are read by a person."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Facts, FileFacts, file_rule


def check(facts: FileFacts) -> list[Facts]:
    """Some returns are read by a person."""
    return [{"kind": facts.unread_kind}] if facts.unread_kind else []


RULE = file_rule(
    "KIND-FOR-A-PERSON", Severity.QUERY, None, check,
    title="Some returns are read by a person.",
    wording="This looks like {kind}. The gateway reads it for urgent flags alone: a person deals with it.",
    hint="Nothing need be done, unless it was meant as a return of leavers or joiners.",
    source="The authority's return",
)
