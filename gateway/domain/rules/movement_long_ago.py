"""A movement is reported when it happens."""

from __future__ import annotations

from datetime import timedelta

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import Facts, Situation, row_rule

A_YEAR = timedelta(days=366)


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """A movement is reported when it happens."""
    day = record.movement_date
    if day is None or situation.today - day < A_YEAR:
        return None
    leaver = record.movement is MovementKind.LEAVER
    return {"what": "off-roll date" if leaver else "start date", "field": "off_roll_date" if leaver else "start_date"}


RULE = row_rule(
    "MOVEMENT-LONG-AGO", Severity.QUERY, "off_roll_date", check, depends=("movement_date",),
    title="A movement is reported when it happens.",
    wording="The {what} lies more than a year back.",
    hint="Check the year. If it is right, say why it is reported only now.",
    source=(
        "The School Attendance (Pupil Registration) (England) Regulations 2024, reg 13: within five days of joining, "
        "no later than the removal of a leaver"
    ),
)
