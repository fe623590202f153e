"""A movement may be dated ahead."""

from __future__ import annotations

from gateway.domain.counting import counted
from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """A movement may be dated ahead."""
    day = record.movement_date
    if day is None or day <= situation.today:
        return None
    leaver = record.movement is MovementKind.LEAVER
    return {"what": "off-roll date" if leaver else "start date", "days": counted((day - situation.today).days, "day"),
            "field": "off_roll_date" if leaver else "start_date"}


RULE = row_rule(
    "MOVEMENT-AHEAD", Severity.NOTE, "off_roll_date", check, depends=("movement_date",),
    title="A movement may be dated ahead.",
    wording="The {what} lies {days} ahead. It is looked at again on its day.",
    hint="Check the year if that is not meant.",
    source="The authority's return",
)
