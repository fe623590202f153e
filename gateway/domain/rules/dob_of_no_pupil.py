"""A pupil is between 3 and 19 on the day of the movement."""

from __future__ import annotations

from datetime import date

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import PupilRecord
from gateway.domain.returns.year_groups import age_on
from gateway.domain.rules.rule import Facts, Situation, row_rule

YOUNGEST, OLDEST = 3, 19
FIRST_DAY = date(1901, 1, 2)   # earlier ones have a rule of their own


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """A pupil is between 3 and 19 on the day of the movement."""
    day = record.movement_date or situation.today
    if record.dob is None or record.dob < FIRST_DAY or record.dob > situation.today:
        return None
    age = age_on(record.dob, day)
    return None if YOUNGEST <= age <= OLDEST else {"age": str(age)}


RULE = row_rule(
    "DOB-NOT-SCHOOL-AGE", Severity.QUERY, "dob", check,
    title="A pupil is between 3 and 19 on the day of the movement.",
    wording="By this date of birth the child is {age} on the day of the movement.",
    hint="Check the year of birth.",
    source="Terms of the return: what an answer means",
)
