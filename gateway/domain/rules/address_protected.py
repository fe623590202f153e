"""A protected address stays here."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """A protected address stays here."""
    return YES if record.address_protected else None


RULE = row_rule(
    "ADDRESS-PROTECTED", Severity.NOTE, "address_protected", check,
    title="A protected address stays here.",
    wording="The address is marked as protected: no outgoing paper or file will carry it.",
    hint="Nothing need be done.",
    source="The authority's return",
)
