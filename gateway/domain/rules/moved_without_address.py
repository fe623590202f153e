"""Who has moved has a new address."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule

MOVED = frozenset({"2024:9(1)(g)", "2006:8(1)(e)"})


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Who has moved has a new address."""
    if record.destination_la or record.destination_country:
        return None
    return None if record.details.get("new_address_lines") or record.details.get("new_postcode") else YES


RULE = row_rule(
    "MOVED-NO-ADDRESS", Severity.QUERY, "new_address_lines", check, movement=MovementKind.LEAVER, grounds=MOVED,
    title="Who has moved has a new address.",
    wording="The ground says that the child has moved, but neither a new address nor an authority nor a country is given.",
    hint="Give the new address, or say where the family was last believed to go.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 13(4); The authority's return",
)
