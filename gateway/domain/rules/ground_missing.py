"""A deletion return states the ground."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """A deletion return states the ground."""
    if record.deletion_ground or not record.destination_type:
        return None
    return None if record.details.get("ground_words") else YES


RULE = row_rule(
    "GROUND-MISSING", Severity.QUERY, "deletion_ground", check, movement=MovementKind.LEAVER, columns=("deletion_ground",),
    title="A deletion return states the ground.",
    wording="The row gives no ground for deletion.",
    hint="Give the ground, such as 9(1)(a).",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 13(4)(f)",
)
