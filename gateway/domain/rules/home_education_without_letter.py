"""Home education rests on the parent’s letter."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Home education rests on the parent’s letter."""
    return None if record.details.get("ehe_letter_date") else YES


RULE = row_rule(
    "EHE-NO-LETTER-DATE", Severity.QUERY, "ehe_letter_date", check, movement=MovementKind.LEAVER, grounds=("2024:9(1)(f)",),
    columns=("ehe_letter_date",),
    title="Home education rests on the parent’s letter.",
    wording="The date of the parent’s letter is not given.",
    hint="Give the day on which the parent wrote that the child will be educated otherwise than at school.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 9(1)(f)",
)
