"""A return names each parent with whom the child lives."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """A return names each parent with whom the child lives."""
    return YES if not record.details.get("parents") else None


RULE = row_rule(
    "PARENT-MISSING", Severity.QUERY, "parents", check, columns=("parents",),
    title="A return names each parent with whom the child lives.",
    wording="No parent is named.",
    hint="Give the name and address of each parent with whom the child normally lives.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 13(4)(c)",
)
