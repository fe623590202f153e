"""What of a child is shown to a person: who may see it, what a restriction hides, and the entry that says who saw it.

1. Records are for those who work with children: officers, managers, the S2S administrator, and viewers. An operator keeps the
   machine and governance reads the logs; neither needs a name.
2. Of a restricted child no former name or number is shown: not in a row, and not in a record that was joined to it.
3. Whoever was shown a child's record stands in the access log, under the child's own id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from gateway.domain.actor import Actor, Role, require
from gateway.domain.matching.child import Child, root_of
from gateway.domain.matching.names import fold
from gateway.domain.returns.record import PupilRecord
from gateway.ports import Transaction

READERS = (Role.OFFICER, Role.MANAGER, Role.S2S, Role.VIEWER)
FORMER = ("former_surname", "former_upn", "unmapped", "notes")   # the last two hold whatever a school wrote
_NAMES = ("upn", "legal_surname", "legal_forename", "middle_names", "preferred_surname", "preferred_forename", "row_id")


def reads_records(actor: Actor) -> bool:
    """Whether this person may see whose record something is."""
    return bool(actor.roles & set(READERS))


def reader(tx: Transaction, actor: Actor, at: datetime, what: str, subject: str) -> None:
    """Write down that a person was shown this. NotAllowedError: their roles show them no records."""
    require(actor, *READERS)
    tx.access.note(actor, at, what, subject)


def roots(tx: Transaction, ids: Iterable[str | None]) -> Mapping[str, Child]:
    """Each id's child as known today: the record to which it was joined."""
    found = {child.id: child for child in tx.children.where(id={id for id in ids if id})}
    while missing := {c.same_as for c in found.values() if c.same_as} - set(found):
        found |= {child.id: child for child in tx.children.where(id=missing)}
    return {id: root_of(child, found.__getitem__) for id, child in found.items()}


def who(child: Child | None) -> dict[str, Any]:
    """A child's name, date of birth and number."""
    if child is None:
        return {"upn": None, "legal_surname": None, "legal_forename": None, "dob": None}
    return {"upn": child.upn, "legal_surname": child.legal_surname or None, "legal_forename": child.legal_forename,
            "dob": day(child.dob)}


def record_of(record: PupilRecord, child: Child, *, superseded: bool = False) -> dict[str, Any]:
    """A row as it may be shown."""
    restricted = child.restricted or record.restricted
    hidden = (FORMER if restricted else ()) + (_NAMES if is_former(record, child, superseded=superseded) else ())
    return {name: value for name, value in record.to_json().items() if name not in hidden}


def is_former(record: PupilRecord, child: Child | None, *, superseded: bool) -> bool:
    """Whether a row may bear a former name of a restricted child: it was superseded, or has another surname than today's."""
    if child is None or not child.restricted:
        return False
    return superseded or fold(record.legal_surname) != fold(child.legal_surname)


def joined(record: Child, root: Child) -> dict[str, Any]:
    """A record beside the child to which it was joined; of a restricted child it is a former name."""
    hidden = root.restricted and record.id != root.id
    named = who(None) if hidden else who(record)
    return {"id": record.id, **named, "postcode": None if hidden or root.address_protected else record.postcode,
            "restricted": root.restricted, "address_protected": root.address_protected}


def moment(at: datetime | None) -> str | None:
    """ISO, or None."""
    return at.isoformat() if at else None


def day(on: date | None) -> str | None:
    """ISO, or None."""
    return on.isoformat() if on else None
