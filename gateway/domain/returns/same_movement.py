"""The same movement sent again: from one school the same normalised name, date of birth, date and kind is one movement.

1. The key is made of those; the store blinds it.
2. A held row may lack some of them. Then what it has makes the key, its forename and UPN included; with fewer than two
   identifying values it is known only by its place in its parcel, so that two faulty rows never become one child.
3. Two verified UPNs are two children, whatever else agrees, unless the sender itself says that one took the other's place.
4. A repeated row changes something only where its content differs: row, sheet and the sender's numbering do not count, and
   silence takes nothing back.
"""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from gateway.domain.identifiers.upn import Upn
from gateway.domain.matching.names import fold
from gateway.domain.matching.verdicts import Identity
from gateway.domain.returns.record import GROUND_DOUBTFUL, PupilRecord
from gateway.errors import GatewayError

Key = tuple[str, ...]
PLACE_ONLY = frozenset({"row_id", "unmapped", "notes"})
_FILLED = ("upn", "legal_forename", "sex", "year_group", "home_postcode", "last_attendance_date", "deletion_ground", "school")
_DESTINATION = ("destination_type", "destination_school", "destination_laestab", "destination_la", "destination_country")
_OF_DESTINATION = ("destination_confirmed", "destination_confirmed_by", "destination_start_date", "destination_words",
                   "destination_sources")
_OF_GROUND = ("ground_words", GROUND_DOUBTFUL)
_core = attrgetter(*(name for name in PupilRecord.__dataclass_fields__ if name not in ("row", "sheet", "details")))
_WHOLE = 5         # school, kind, name, date of birth and date: parts of a key that lacks nothing


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


def is_whole(key: Key) -> bool:
    """Whether a movement's key lacks nothing: equal ones are one movement."""
    return len(key) == _WHOLE


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


def two_numbers(one: PupilRecord, other: PupilRecord) -> bool:
    """Whether two records have different UPNs, and neither names the other's as its former one."""
    a, b = verified_upn(one), verified_upn(other)
    return bool(a and b) and a != b and one.details.get("former_upn") != b and other.details.get("former_upn") != a


def same_content(one: PupilRecord, other: PupilRecord) -> bool:
    """Whether two sendings of a movement say the same."""
    return _core(one) == _core(other) and _said(one) == _said(other)


def content_mark(record: PupilRecord) -> str:
    """Equal for records of the same content."""
    return repr((_core(record), sorted(_said(record).items())))


def completed(later: PupilRecord, earlier: PupilRecord) -> PupilRecord:
    """The later sending of a movement, with what it leaves out filled from the earlier one.

    A CTF says less than a return, and a return less than a CTF: silence takes nothing back. The destination is taken as a
    whole from the row that names one; *not known* is a word, and no silence. So is a ground, with the doubt in it. Flags that
    protect stay up.
    """
    values: dict[str, Any] = {name: getattr(earlier, name) for name in _FILLED if getattr(later, name) is None}
    values |= {flag: getattr(earlier, flag) or getattr(later, flag) for flag in ("address_protected", "restricted")}
    details = {k: v for k, v in earlier.details.items() if k not in PLACE_ONLY and k not in _OF_DESTINATION}
    if later.destination_type is None:
        values |= {name: getattr(earlier, name) for name in _DESTINATION}
    if later.destination_type is None or same_place(later, earlier):
        details |= {k: earlier.details[k] for k in _OF_DESTINATION if k in earlier.details}
    if later.deletion_ground is not None:
        details = {k: v for k, v in details.items() if k not in _OF_GROUND}
    details |= {k: v for k, v in later.details.items() if v not in (None, "", [], {})}
    return replace(later, **values, details=MappingProxyType(details))


def same_place(one: PupilRecord, other: PupilRecord) -> bool:
    """Whether two records name the same destination."""
    return _place(one) == _place(other)


def _place(record: PupilRecord) -> tuple[object, ...]:
    if record.destination_laestab:
        return record.destination_type, record.destination_laestab
    return record.destination_type, fold(record.destination_school), record.destination_la, fold(record.destination_country)


def _said(record: PupilRecord) -> dict[str, Any]:
    return {k: v for k, v in record.details.items() if k not in PLACE_ONLY and v not in (None, "", [], {})}
