"""Hidden sheets are not read."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Facts, FileFacts, file_rule


def check(facts: FileFacts) -> list[Facts]:
    """Hidden sheets are not read."""
    return [{"sheet": sheet} for sheet in facts.hidden]


RULE = file_rule(
    "HIDDEN-SHEET", Severity.QUERY, None, check,
    title="Hidden sheets are not read.",
    wording="The hidden sheet “{sheet}” holds pupils; it was not read.",
    hint="Unhide the sheet and send the file again if its pupils are to be reported; else delete it.",
    source="Terms of the return: what an answer means",
)
