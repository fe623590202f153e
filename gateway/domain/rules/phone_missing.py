"""A return gives an emergency telephone number."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """A return gives an emergency telephone number."""
    if record.details.get("phone") or record.details.get("emergency_contact"):
        return None
    return None if any(parent.get("phone") for parent in record.details.get("parents", ())) else YES


RULE = row_rule(
    "PHONE-MISSING", Severity.QUERY, "phone", check, columns=("phone",),
    title="A return gives an emergency telephone number.",
    wording="No telephone number is given.",
    hint="Give at least one emergency number for each parent with whom the child lives.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 13(4)(d)",
)
