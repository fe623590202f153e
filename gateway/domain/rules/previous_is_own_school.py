"""Nobody joins from the school they join."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Nobody joins from the school they join."""
    own = record.school or situation.own_school
    return YES if own and record.details.get("previous_laestab") == own else None


RULE = row_rule(
    "PREVIOUS-OWN-SCHOOL", Severity.QUERY, "previous_school", check, movement=MovementKind.JOINER,
    title="Nobody joins from the school they join.",
    wording="The previous school is the school that sends this return.",
    hint="Give the school from which the child came.",
    source="The authority's return",
)
