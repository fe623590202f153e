"""A lost pupil’s file holds one pupil."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Facts, FileFacts, file_rule


def check(facts: FileFacts) -> list[Facts]:
    """A lost pupil’s file holds one pupil."""
    return [{"count": str(facts.pupils_in_lost_file)}] if facts.pupils_in_lost_file > 1 else []


RULE = file_rule(
    "LOST-FILE-MANY", Severity.QUERY, None, check,
    title="A lost pupil’s file holds one pupil.",
    wording="A file for an unknown or outside destination may hold one pupil; this one holds {count}.",
    hint="Make one file for each pupil before it is uploaded to S2S.",
    source="DfE S2S guide 2019, p 15",
)
