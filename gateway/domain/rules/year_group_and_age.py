"""Year group and age belong together."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import PupilRecord
from gateway.domain.returns.year_groups import age_on, years_apart
from gateway.domain.rules.rule import Facts, Situation, row_rule

ALLOWED = 2
YOUNGEST, OLDEST = 3, 19   # outside these the date of birth is asked about instead


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Year group and age belong together."""
    day = record.movement_date or situation.today
    if record.year_group is None or record.dob is None or not YOUNGEST <= age_on(record.dob, day) <= OLDEST:
        return None
    apart = years_apart(record.year_group, record.dob, day)
    if -ALLOWED < apart < ALLOWED:
        return None
    side = "lower" if apart > 0 else "higher"
    return {"year": record.year_group, "apart": str(abs(apart)), "side": side, "found": record.year_group}


RULE = row_rule(
    "YEAR-GROUP-AGE", Severity.QUERY, "year_group", check,
    title="Year group and age belong together.",
    wording="The child is in Year {year} but by age belongs {apart} years {side}.",
    hint="Check the year group and the year of birth.",
    source="Terms of the return: what an answer means",
)
