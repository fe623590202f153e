"""Some grounds speak of another school."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import STORY, YES, Facts, Situation, row_rule

OTHER_SCHOOL = frozenset({"2024:9(1)(c)", "2024:9(1)(d)", "2006:8(1)(c)"})


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Some grounds speak of another school."""
    if record.deletion_ground not in OTHER_SCHOOL or record.destination_laestab or record.destination_school:
        return None
    return YES


RULE = row_rule(
    "GROUND-SCHOOL-EXPECTED", Severity.QUERY, "destination_school", check, movement=MovementKind.LEAVER, depends=STORY,
    title="Some grounds speak of another school.",
    wording="The ground speaks of another school, but none is named.",
    hint="Name the other school.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 9(1)(c) and (d)",
)
