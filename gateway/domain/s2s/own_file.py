"""A file of ours for S2S: one child, under the authority's own number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from gateway.domain.returns.record import PupilRecord

_FORMER = ("former_surname", "former_upn")
_ADDRESSES = ("address_lines", "new_address_lines", "new_postcode", "parents", "phone", "email", "uprn", "emergency_contact")


@dataclass(frozen=True, slots=True)
class OwnFile:
    """What a Common Transfer File of ours says. ``written`` in UTC."""

    la: str
    authority: str                # its name
    destination: str              # seven characters
    written: datetime
    record: PupilRecord
    last_school: str | None = None      # LAESTAB
    last_school_name: str | None = None
    rehearsal: bool = False


def without_what_is_protected(record: PupilRecord, *, restricted: bool, address_protected: bool) -> PupilRecord:
    """The record without addresses, or without former names and numbers, where flags forbid them."""
    hidden = (_FORMER if restricted else ()) + (_ADDRESSES if address_protected else ())
    details = {name: value for name, value in record.details.items() if name not in hidden}
    return replace(record, details=details, upn=None if restricted else record.upn,
                   home_postcode=None if address_protected else record.home_postcode)
