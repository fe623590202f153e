"""A whole column may be month first."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Facts, FileFacts, file_rule


def check(facts: FileFacts) -> list[Facts]:
    """A whole column may be month first."""
    return [{"column": heading, "sheet": sheet or ""} for sheet, heading in facts.month_first]


RULE = file_rule(
    "COLUMN-MONTH-FIRST", Severity.QUERY, None, check,
    title="A whole column may be month first.",
    wording="Every date of this column that can be read in one way only is month first, so the whole column was read so.",
    hint="Write dates day first.",
    source="Terms of the return: what an answer means",
)
