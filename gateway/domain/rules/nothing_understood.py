"""A return has a row of headings."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Facts, FileFacts, file_rule


def check(facts: FileFacts) -> list[Facts]:
    """A return has a row of headings."""
    return [YES] if facts.nothing_found else []


RULE = file_rule(
    "NO-TABLE-FOUND", Severity.ERROR, None, check,
    title="A return has a row of headings.",
    wording="No table of pupils was found: no row has headings such as Surname, Date of birth and Leaving date.",
    hint="Put one row of headings above the pupils, or use the authority’s template. If there is nothing to report, write NIL.",
    source="The authority's return",
)
