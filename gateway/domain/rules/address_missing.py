"""A return gives the child’s address."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """A return gives the child’s address."""
    if record.home_postcode or record.details.get("address_lines"):
        return None
    return YES


RULE = row_rule(
    "ADDRESS-MISSING", Severity.QUERY, "address_lines", check, columns=("address_lines", "home_postcode"),
    title="A return gives the child’s address.",
    wording="The home address is not given.",
    hint="Give the full home address with its postcode.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 13(4)(b)",
)
