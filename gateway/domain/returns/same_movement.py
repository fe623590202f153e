"""The same movement sent again: from one school the same normalised name, date of birth, date and kind is one movement.

1. The key is made of those; the store blinds it.
2. A held row may lack some of them. Then what it has makes the key, its forename and UPN included; with fewer than two
   identifying values it is known only by its place in its parcel, so that two faulty rows never become one child.
3. A repeated row changes something only where its content differs: row, sheet and the sender's numbering do not count.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from gateway.domain.identifiers.upn import Upn
from gateway.domain.matching.names import fold
from gateway.domain.matching.verdicts import Identity
from gateway.domain.returns.record import PupilRecord
from gateway.errors import GatewayError

Key = tuple[str, ...]
_PLACE_ONLY = frozenset({"row_id", "unmapped", "notes"})


def movement_key(record: PupilRecord, school: str, parcel: str) -> Key:
    """What names this movement."""
    name = f"{fold(record.legal_surname)}|{fold(record.legal_forename)}"
    born = record.dob.isoformat() if record.dob else ""
    day = record.movement_date.isoformat() if record.movement_date else ""
    if fold(record.legal_surname) and born and day:
        return (school, record.movement.value, name, born, day)
    known = sum(map(bool, (fold(record.legal_surname), fold(record.legal_forename), born, record.upn)))
    place = () if known >= 2 else (parcel, record.sheet or "", str(record.row))
    return (school, record.movement.value, name, born, day, record.upn or "", *place)


def identity_of(record: PupilRecord) -> Identity:
    """Who the record says the child is; its UPN only when the check letter is right."""
    return Identity(record.legal_surname, record.legal_forename, record.dob, verified_upn(record), record.home_postcode)


def verified_upn(record: PupilRecord) -> str | None:
    """The record's UPN when its check letter is right."""
    if not record.upn:
        return None
    try:
        return Upn.parse(record.upn).text
    except GatewayError:
        return None


def same_content(one: PupilRecord, other: PupilRecord) -> bool:
    """Whether two sendings of a movement say the same."""
    return _content(one) == _content(other)


def _content(record: PupilRecord) -> PupilRecord:
    details = {k: v for k, v in record.details.items() if k not in _PLACE_ONLY and v not in (None, "", [], {})}
    return replace(record, row=0, sheet=None, details=MappingProxyType(details))
