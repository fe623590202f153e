"""The next school begins after this one ends."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """The next school begins after this one ends."""
    start = record.details.get("destination_start_date")
    last = record.last_attendance_date
    return YES if start and last and len(start) == 10 and start < last.isoformat() else None


RULE = row_rule(
    "NEXT-START-TOO-EARLY", Severity.QUERY, "destination_start_date", check, movement=MovementKind.LEAVER,
    columns=("destination_start_date",),
    title="The next school begins after this one ends.",
    wording="The start at the next school lies before the last attendance here.",
    hint="Check both dates.",
    source="The authority's return",
)
