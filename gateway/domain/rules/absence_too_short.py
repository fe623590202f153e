"""Absence grounds need their days of absence."""

from __future__ import annotations

from datetime import timedelta

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import Facts, Situation, row_rule

NEEDED = {"2024:9(1)(h)": 10, "2024:9(1)(i)": 20, "2006:8(1)(f)": 10, "2006:8(1)(h)": 20}   # school days


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Absence grounds need their days of absence."""
    off, last = record.off_roll_date, record.last_attendance_date
    needed = NEEDED.get(record.deletion_ground or "")
    if needed is None or off is None or last is None or off < last:
        return None
    weekdays = sum((last + timedelta(days=n)).weekday() < 5 for n in range(1, (off - last).days + 1))   # at the most
    return {"needed": str(needed), "days": str(weekdays)} if weekdays < needed else None


RULE = row_rule(
    "ABSENCE-TOO-SHORT", Severity.QUERY, "deletion_ground", check, movement=MovementKind.LEAVER, grounds=NEEDED,
    title="Absence grounds need their days of absence.",
    wording=(
        "The ground needs {needed} school days of absence in a row; between the last attendance and the off-roll date there"
        " are no more than {days}."
    ),
    hint="Check the dates. The name may not come off earlier, nor the date be set back.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 9(1)(h) and (i)",
)
