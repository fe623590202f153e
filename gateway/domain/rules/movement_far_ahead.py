"""A movement is rarely dated a year ahead."""

from __future__ import annotations

from datetime import timedelta

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import Facts, Situation, row_rule

A_YEAR = timedelta(days=366)


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """A movement is rarely dated a year ahead."""
    day = record.movement_date
    if day is None or day - situation.today < A_YEAR:
        return None
    leaver = record.movement is MovementKind.LEAVER
    return {"what": "off-roll date" if leaver else "start date", "field": "off_roll_date" if leaver else "start_date"}


RULE = row_rule(
    "MOVEMENT-FAR-AHEAD", Severity.QUERY, "off_roll_date", check, depends=("movement_date",),
    title="A movement is rarely dated a year ahead.",
    wording="The {what} lies more than a year ahead.",
    hint="Check the year.",
    source="The authority's return",
)
