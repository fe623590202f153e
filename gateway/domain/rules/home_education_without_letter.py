"""Home education rests on the parent’s letter."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.dates import day_reached
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Home education rests on the parent’s letter."""
    return None if day_reached(record.details.get("ehe_letter_date"), situation.today) else YES


RULE = row_rule(
    "EHE-NO-LETTER-DATE", Severity.QUERY, "ehe_letter_date", check, movement=MovementKind.LEAVER, grounds=("2024:9(1)(f)",),
    columns=("ehe_letter_date",),
    title="Home education rests on the parent’s letter.",
    wording="No day that has been is given for the parent’s letter.",
    hint="Give the date on which the parent wrote that the child will be educated otherwise than at school.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 9(1)(f)",
)
