"""A return has a column for every statutory item."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Facts, FileFacts, file_rule


def check(facts: FileFacts) -> list[Facts]:
    """A return has a column for every statutory item."""
    return [{"field": field, "item": item, "among": among} for field, item, among in facts.absent]


RULE = file_rule(
    "COLUMN-ABSENT", Severity.QUERY, None, check,
    title="A return has a column for every statutory item.",
    wording="Among the {among} there is no column for {item}, which a return must give.",
    hint="Add the column. If your system cannot export it, tell the authority how it will be given.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, regs 8 and 13",
)
