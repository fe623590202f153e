"""An urgent or safeguarding flag is passed on at once."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """An urgent or safeguarding flag is passed on at once."""
    return YES if record.urgent else None


RULE = row_rule(
    "URGENT", Severity.NOTE, "urgent", check,
    title="An urgent or safeguarding flag is passed on at once.",
    wording="The row is flagged as urgent or a safeguarding matter; the duty contact is told at once.",
    hint="This return is not a safeguarding referral: make one by your usual route as well.",
    source="Keeping children safe in education",
)
