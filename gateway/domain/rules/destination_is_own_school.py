"""Nobody leaves for the school they leave."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Nobody leaves for the school they leave."""
    own = record.school or situation.own_school
    return YES if own and record.destination_laestab == own else None


RULE = row_rule(
    "DESTINATION-OWN-SCHOOL", Severity.QUERY, "destination_school", check, movement=MovementKind.LEAVER,
    title="Nobody leaves for the school they leave.",
    wording="The destination is the school that sends this return.",
    hint="Give the school to which the child goes.",
    source="The authority's return",
)
