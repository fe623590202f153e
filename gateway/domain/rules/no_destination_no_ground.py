"""A leaver has a destination or a ground."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import STORY, YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """A leaver has a destination or a ground."""
    if record.deletion_ground or record.destination_type or record.destination_school:
        return None
    return YES


RULE = row_rule(
    "NO-DESTINATION-NO-GROUND", Severity.ERROR, "deletion_ground", check, movement=MovementKind.LEAVER, depends=STORY,
    title="A leaver has a destination or a ground.",
    wording="The row gives neither a destination nor a ground for deletion.",
    hint="Give the ground, such as 9(1)(a), and where the child goes. If nobody knows, write Unknown: that is an answer.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, regs 9(1), 13(4)(f)",
)
