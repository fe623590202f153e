"""Who is responsible for a child, and who is asked about a place.

1. Responsibility follows the home (Education Act 1996 s.436A): the authority of the new home address, else of the home address.
   Where no postcode tells, it is ours, and a person looks.
2. The authority of a named school is asked whether the child is on roll there; it is never responsible for that reason.
3. Every source that names the addressee is kept: two independent ones must agree before anything leaves.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.domain.register.establishments import Register
from gateway.domain.register.lookup import home_la
from gateway.domain.returns.record import PupilRecord


def authority_of(postcode: str | None, register: Register) -> str | None:
    """The authority of a postcode, as it is today."""
    found = home_la(register, postcode)
    return current(found, register) if found else None


def responsible(record: PupilRecord, register: Register, us: str) -> str:
    """The authority where the child lives; ours when nothing tells."""
    new = authority_of(record.details.get("new_postcode"), register)
    return new or authority_of(record.home_postcode, register) or us


def of_home(record: PupilRecord, register: Register) -> Mapping[str, str]:
    """Sources that say where the child lives: of the new home when there is one, else of the present one."""
    details = record.details
    moved = bool(details.get("new_postcode") or details.get("new_address_lines"))
    postcode = details.get("new_postcode") if moved else record.home_postcode
    lines = details.get("new_address_lines" if moved else "address_lines")
    sources = {"postcode": authority_of(postcode, register), "address": named_in(lines, register)}
    if record.destination_la and not record.destination_laestab:
        sources["destination"] = current(record.destination_la, register)
    return {f"{'new home ' if moved and k != 'destination' else ''}{k}": la for k, la in sources.items() if la}


def of_school(record: PupilRecord, register: Register) -> Mapping[str, str]:
    """Sources that say in which authority the named school lies."""
    sources: dict[str, str | None] = {"destination": record.destination_la}
    school = register.establishments.get(record.destination_laestab or "")
    if record.destination_laestab:
        sources["school number"] = record.destination_laestab[:3]
    if school:
        sources["school postcode"] = authority_of(school.postcode, register)
    return {source: current(la, register) for source, la in sources.items() if la}


def named_in(lines: object, register: Register) -> str | None:
    """The one authority whose name stands in the lines of an address, as its last named place."""
    text = " ".join(lines).casefold() if isinstance(lines, list | tuple) else str(lines or "").casefold()
    hits = {a.la for a in register.authorities.values() if len(a.name) > 3 and a.name.casefold() in text}
    return current(hits.pop(), register) if len(hits) == 1 else None


def current(la: str, register: Register) -> str:
    """The authority itself, or the one that followed it."""
    authority = register.authorities.get(la)
    return authority.successor if authority and authority.successor else la
