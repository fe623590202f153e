"""Some grounds need an age."""

from __future__ import annotations

from datetime import timedelta

from gateway.domain.clocks.school_age import begins, ends
from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.grounds import Ground
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import Facts, Situation, row_rule

_ABOVE = frozenset({"2024:9(1)(l)", "2006:8(1)(k)"})
_BELOW = frozenset({"2024:9(1)(b)", "2006:8(1)(n)"})
ONE_TERM = timedelta(days=120)   # Ground (l) speaks of the school's next meeting after the school leaving date.


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Some grounds need an age."""
    if record.deletion_ground is None or record.dob is None or record.off_roll_date is None:
        return None
    if record.deletion_ground in _ABOVE:
        wrong = ends(record.dob) > record.off_roll_date + ONE_TERM
    else:
        wrong = begins(record.dob) <= record.off_roll_date
    if not wrong:
        return None
    ground = Ground.of(record.deletion_ground)
    return {"ground": ground.words, "side": "not over" if record.deletion_ground in _ABOVE else "of"}


RULE = row_rule(
    "GROUND-AGE", Severity.QUERY, "deletion_ground", check, movement=MovementKind.LEAVER, grounds=_ABOVE | _BELOW,
    title="Some grounds need an age.",
    wording="The ground is {ground}, but on that day the child is {side} compulsory school age.",
    hint="Check the ground and the date of birth.",
    source="Education Act 1996, s 8; The School Attendance (Pupil Registration) (England) Regulations 2024, reg 9(1)",
)
