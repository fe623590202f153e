"""Addresses, telephones and contacts of the family.

1. An address is BS7666 parts or plain lines; both become lines, in the order an envelope has them.
2. A contact whose address is "as pupil" lives with the child and gets the child's address.
"""

from __future__ import annotations

from typing import Any

from schemas.ctf.elements import Element, child, child_text, children, leaves, text_of

_BS7666 = ("saon", "paon", "street", "locality", "town", "administrativearea", "posttown")
_TRUE = ("true", "1", "y", "yes")


def read_address(element: Element) -> dict[str, Any]:
    """``lines``, ``postcode``, ``uprn``, ``country``, ``as_pupil`` where they are given."""
    found: dict[str, Any] = {}
    lines: list[str] = []
    for tag, part in children(element):
        if tag == "bs7666address":
            lines += _bs7666_lines(part, found)
        elif tag == "addresslines":
            lines += [text for _, line in children(part) if (text := text_of(line))]
        elif tag == "addressaspupil":
            found["as_pupil"] = (text_of(part) or "").lower() in _TRUE
        elif tag.startswith("addressline") or tag == "county":
            lines += [text_of(part) or ""]
        elif tag in ("postcode", "country", "easting", "northing", "zip") and (text := text_of(part)):
            found[tag] = text
    if any(lines):
        found["lines"] = [line for line in lines if line]
    return found


def _bs7666_lines(element: Element, found: dict[str, Any]) -> list[str]:
    parts: dict[str, str] = {}
    for tag, padded in leaves(element).items():
        text = " ".join(padded.split())
        if tag == "uniquepropertyreferencenumber":
            found["uprn"] = text
        else:
            parts[tag] = text
    house = parts.get("paon", "")
    if house and house[0].isdigit() and "street" in parts:      # "89 Tanner Lane" is one line on an envelope
        parts["street"] = f"{house} {parts['street']}"
        del parts["paon"]
    lines = [parts[name] for name in _BS7666 if name in parts]
    return [line for n, line in enumerate(lines) if line not in lines[:n]]


def read_phones(element: Element) -> list[str]:
    """Every number, in order."""
    numbers = (leaves(phone).get("phoneno") if len(phone) else text_of(phone) for phone in element)
    return [number for number in numbers if number]


def read_contacts(element: Element, home: list[str] | None, postcode: str | None) -> list[dict[str, Any]]:
    """Contacts in their order: name, relationship, address, postcode, phone, email, lives_with."""
    contacts = [(child_text(c, "order") or "~", c) for tag, c in children(element) if tag == "contact"]
    contacts.sort(key=lambda pair: pair[0].zfill(4))
    return [_contact(contact, home, postcode) for _, contact in contacts]


def _contact(element: Element, home: list[str] | None, postcode: str | None) -> dict[str, Any]:
    say = leaves(element).get
    names = (say(part) for part in ("title", "forename", "surname"))
    person: dict[str, Any] = {"name": " ".join(filter(None, names)) or None, "relationship": say("relationship")}
    where = child(element, "address")
    address = read_address(where) if where is not None else {}
    if address.get("as_pupil"):
        address |= {"lines": home, "postcode": postcode}
        person["lives_with"] = True
    person["address"] = ", ".join(address["lines"]) if address.get("lines") else None
    person["postcode"] = address.get("postcode")
    phones = child(element, "phones")
    person["phone"] = "; ".join(read_phones(phones)) or None if phones is not None else None
    person["email"] = say("email")
    responsible = say("responsibility")
    if responsible:
        person["responsibility"] = responsible.lower() in _TRUE
    return {key: value for key, value in person.items() if value is not None}
