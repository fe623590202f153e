"""Who is responsible for a child, and who is asked about a place.

1. Responsibility follows the home (Education Act 1996 s.436A): the authority of the new home address, else of the home address.
   Where no postcode tells, it is ours, and a person looks.
2. The authority of a named school is asked whether the child is on roll there; it is never responsible for that reason.
3. Every source that names the addressee is kept, one for each cell of the row that it rests on: two must agree before anything
   leaves, and what a register says of one cell's school is no second source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gateway.domain.register.establishments import Register
from gateway.domain.register.lookup import authority_key, home_la
from gateway.domain.returns.record import PupilRecord

LAST_PLACES = 3      # an address ends with town, perhaps county, perhaps country
_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]?\s*[0-9][A-Z]{2}\b", re.IGNORECASE | re.ASCII)
_CELLS = {"name": "school name", "number": "school number", "authority": "authority column"}


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
    """Sources that say in which authority the named school lies: one for each cell that names it, however it was looked up.

    A home in that authority speaks for it; a home elsewhere speaks against nothing, for children go to school across borders.
    """
    named = record.details.get("destination_sources") or {"name": record.destination_la}
    sources = {_CELLS.get(cell, cell): current(la, register) for cell, la in named.items() if la}
    la = record.destination_la or (record.destination_laestab or "")[:3]
    homes = {"new home postcode": record.details.get("new_postcode"), "home postcode": record.home_postcode}
    return sources | {home: found for home, postcode in homes.items()
                      if (found := authority_of(postcode, register)) and found == current(la, register)}


def asked_about(record: PupilRecord, register: Register) -> str | None:
    """The authority to be asked whether the child is on roll at the named school."""
    la = record.destination_la or (record.destination_laestab or "")[:3]
    return current(la, register) if la else None


def named_in(lines: object, register: Register) -> str | None:
    """The one authority whose name is one of the last places of an address: a street called after a town is not in it."""
    text = ", ".join(str(line) for line in lines) if isinstance(lines, list | tuple) else str(lines or "")
    places = [place for part in re.split(r"[,\n;]", text) if (place := authority_key(_POSTCODE.sub("", part)))]
    hits = {a.la for a in register.authorities.values() if authority_key(a.name) in places[1:][-LAST_PLACES:]}
    return current(hits.pop(), register) if len(hits) == 1 else None


def current(la: str, register: Register) -> str:
    """The authority itself, or the one that followed it."""
    authority = register.authorities.get(la)
    return authority.successor if authority and authority.successor else la
