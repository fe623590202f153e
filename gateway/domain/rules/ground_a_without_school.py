"""Registered at another school: which one?"""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import STORY, YES, Facts, Situation, row_rule

ANOTHER_SCHOOL = frozenset({"2024:9(1)(a)", "2006:8(1)(b)"})   # the same reason in both lists


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Registered at another school: which one?"""
    if record.deletion_ground not in ANOTHER_SCHOOL or record.destination_laestab or record.destination_school:
        return None
    return YES


RULE = row_rule(
    "GROUND-A-NO-SCHOOL", Severity.ERROR, "destination_school", check, movement=MovementKind.LEAVER, depends=STORY,
    title="Registered at another school: which one?",
    wording="The ground says that the child is registered at another school, but no school is named.",
    hint=(
        "Name the school. If its place is not yet confirmed, the ground is not met; if nobody knows the school, use "
        "another ground."
    ),
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 9(1)(a)",
)
