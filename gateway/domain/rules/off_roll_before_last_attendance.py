"""A name comes off the register on or after the last day of attendance."""

from __future__ import annotations

from gateway.domain.counting import counted
from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """A name comes off the register on or after the last day of attendance."""
    off, last = record.off_roll_date, record.last_attendance_date
    return {"days": counted((last - off).days, "day")} if off and last and off < last else None


RULE = row_rule(
    "OFF-ROLL-BEFORE-LAST-ATTENDANCE", Severity.ERROR, "off_roll_date", check, movement=MovementKind.LEAVER,
    title="A name comes off the register on or after the last day of attendance.",
    wording="The off-roll date lies {days} before the last attendance.",
    hint="One of the two dates is wrong: correct it. The last day attended is a day on roll.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, reg 9",
)
