"""Absence grounds need their days of absence."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import Facts, Situation, row_rule

NEEDED = {"2024:9(1)(h)": 10, "2024:9(1)(i)": 20, "2006:8(1)(f)": 10, "2006:8(1)(h)": 20}   # school days; five to a week


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Absence grounds need their days of absence."""
    off, last = record.off_roll_date, record.last_attendance_date
    needed = NEEDED.get(record.deletion_ground or "")
    if needed is None or off is None or last is None or off < last:
        return None
    days = (off - last).days
    return {"needed": str(needed), "days": str(days)} if days < needed * 7 // 5 - 2 else None


RULE = row_rule(
    "ABSENCE-TOO-SHORT", Severity.QUERY, "deletion_ground", check, movement=MovementKind.LEAVER, grounds=NEEDED,
    title="Absence grounds need their days of absence.",
    wording=(
        "The ground needs {needed} school days of absence, but only {days} day(s) lie between the last attendance and"
        " the off-roll date."
    ),
    hint="Check the dates. The name may not come off earlier, nor the date be set back.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 9(1)(h) and (i)",
)
