"""Ground and destination tell one story."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.grounds import Ground
from gateway.domain.returns.record import DestinationType, MovementKind, PupilRecord
from gateway.domain.rules.rule import STORY, Facts, Situation, row_rule

_T = DestinationType
FITTING = {
    "home education": {_T.EHE, _T.UNKNOWN, _T.OTHER_LA, _T.ABROAD},
    "detained": {_T.CUSTODY, _T.UNKNOWN, _T.OTHER_LA},
    "died": {_T.DECEASED},
    "another school": {_T.SCHOOL, _T.INDEPENDENT, _T.AP, _T.ABROAD, _T.POST_16, _T.UNKNOWN, _T.OTHER_LA},
    "dual registration": {_T.SCHOOL, _T.INDEPENDENT, _T.AP, _T.UNKNOWN},
    "order revoked": {_T.EHE, _T.AP, _T.UNKNOWN, _T.SCHOOL, _T.INDEPENDENT},
    "over school age": {_T.POST_16, _T.UNKNOWN, _T.SCHOOL, _T.INDEPENDENT, _T.ABROAD, _T.OTHER_LA},
    "not returned from leave": {_T.UNKNOWN, _T.ABROAD, _T.OTHER_LA},
    "absent twenty days": {_T.UNKNOWN, _T.ABROAD, _T.OTHER_LA},
}


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """Ground and destination tell one story."""
    if record.deletion_ground is None or record.destination_type is None:
        return None
    ground = Ground.of(record.deletion_ground)
    allowed = FITTING.get(ground.reason)
    if allowed is None or record.destination_type in allowed:
        return None
    return {"ground": ground.words, "destination": record.destination_type.value}


RULE = row_rule(
    "GROUND-DESTINATION", Severity.QUERY, "destination_school", check, movement=MovementKind.LEAVER, depends=STORY,
    title="Ground and destination tell one story.",
    wording="The ground says {ground}, the destination says {destination}.",
    hint="Correct one of them, or explain in the notes.",
    source="The authority's return",
)
