"""Abroad: in which country?"""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import DestinationType, MovementKind, PupilRecord
from gateway.domain.rules.rule import STORY, YES, Facts, Situation, row_rule


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Abroad: in which country?"""
    return YES if record.destination_type is DestinationType.ABROAD and not record.destination_country else None


RULE = row_rule(
    "ABROAD-NO-COUNTRY", Severity.QUERY, "destination_country", check, movement=MovementKind.LEAVER, depends=STORY,
    title="Abroad: in which country?",
    wording="The destination is abroad, but no country is named.",
    hint="Give the country, and the new address and school if they are known.",
    source="The authority's return",
)
