"""One ``Pupil`` element as values by field name.

1. Elements are taken by name, in whatever order they stand; what has no field is kept under ``unmapped``.
2. Leaving date, entry date and ground stand in the *source school's* entry of ``SchoolHistory``. ``LeavingReason`` is the
   system's own code and never a ground.
3. The destination is the pupil's ``DestSchool``; else, for a leaver, a school entered after the source school was left; else what
   the caller knows from the header.
4. Seven characters of X are an unknown destination; of M one outside the maintained sector; ``LLLL`` is an authority.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gateway.domain.parcels.kinds import Kind
from schemas.ctf.address import read_address, read_contacts, read_phones
from schemas.ctf.elements import Element, child_text, children, raw, text_of
from schemas.ctf.history import read_history

Values = dict[str, Any]
_HOME_COUNTRY = ("united kingdom", "uk", "gbr", "gb", "england", "great britain")

_DIRECT = {
    "upn": "upn", "uniquelearnernumber": "uln", "uln": "uln", "surname": "legal_surname", "forename": "legal_forename",
    "dob": "dob", "sex": "sex", "gender": "sex", "email": "email", "formerupn": "former_upn",
    # Of BasicDetails, read the same way whether or not a writer wraps them:
    "preferredsurname": "preferred_surname", "preferredforename": "preferred_forename", "formersurname": "former_surname",
    "middlenames": "middle_names", "middlename": "middle_names", "ncyearactual": "year_group", "ncyear": "year_group",
    "ethnicity": "ethnicity", "servicechild": "service_child", "enrolstatus": "enrolment_status",
    "removalgrounds": "deletion_ground",
}


def read_pupil(element: Element, kind: Kind, source: str | None, destination: str | None) -> Values:
    """The pupil's values; ``source`` and ``destination`` are the header's seven characters."""
    values: Values = {}
    unmapped: Values = {}
    history = dest = None
    for tag, found in children(element):
        if tag == "schoolhistory":
            history = found
        elif tag == "destschool":
            dest = found
        else:
            _read_child(tag, found, values, unmapped)
    read_history(history, dest, kind, source, destination, values)
    if unmapped:
        values["unmapped"] = unmapped
    return values


def _read_child(tag: str, found: Element, values: Values, unmapped: Values) -> None:
    field = _DIRECT.get(tag)
    if field is not None:
        text = text_of(found)
        if text is not None and field not in values:
            values[field] = text
        return
    reader = _READERS.get(tag)
    if reader is not None:
        reader(found, values, unmapped)
    else:
        kept = raw(found)
        if kept:
            unmapped[tag] = kept


def _put(values: Values, field: str, text: str | None) -> None:
    if text is not None and field not in values:
        values[field] = text


def _basic(element: Element, values: Values, unmapped: Values) -> None:
    for tag, found in children(element):
        if tag == "upn":           # the ATF habit: BasicDetails/UPN is the former number
            _put(values, "former_upn", text_of(found))
        else:
            _read_child(tag, found, values, unmapped)


def _nationalities(element: Element, values: Values, unmapped: Values) -> None:
    _put(values, "nationality", ", ".join(filter(None, (text_of(n) for _, n in children(element)))) or None)


def _languages(element: Element, values: Values, unmapped: Values) -> None:
    spoken = [(child_text(t, "languagetype"), child_text(t, "language")) for _, t in children(element)]
    first = next((language for kind, language in spoken if kind == "F"), None)
    _put(values, "first_language", first or next((language for _, language in spoken if language), None))


def _looked_after(element: Element, values: Values, unmapped: Values) -> None:
    _put(values, "looked_after", child_text(element, "incare") or text_of(element))
    _put(values, "looked_after_la", child_text(element, "careauthority"))


def _sen(element: Element, values: Values, unmapped: Values) -> None:
    """The provision that has not ended; else the one that began last."""
    spells = [s for tag, s in children(element) if tag == "sen"] or [element]
    spells.sort(key=lambda s: (child_text(s, "enddate") is None, child_text(s, "startdate") or ""))
    provision = child_text(spells[-1], "senprovision")
    _put(values, "sen_status", provision)
    needs = raw(element).get("senneeds") if len(element) else None
    if needs:
        unmapped["senneeds"] = needs


def _address(element: Element, values: Values, unmapped: Values) -> None:
    address = read_address(element)
    for field, key in (("address_lines", "lines"), ("home_postcode", "postcode"), ("uprn", "uprn")):
        if address.get(key):
            values.setdefault(field, address[key])
    for key in ("country", "easting", "northing", "zip"):
        if address.get(key) and address[key].lower() not in _HOME_COUNTRY:
            unmapped[f"address {key}"] = address[key]


def _new_address(element: Element, values: Values, unmapped: Values) -> None:
    address = read_address(element)
    for field, key in (("new_address_lines", "lines"), ("new_postcode", "postcode")):
        if address.get(key):
            values.setdefault(field, address[key])
    _put(values, "new_address_from", child_text(element, "startdate") or child_text(element, "datefrom"))


def _phones(element: Element, values: Values, unmapped: Values) -> None:
    numbers = read_phones(element)
    _put(values, "phone", "; ".join(numbers) or None)


def _contacts(element: Element, values: Values, unmapped: Values) -> None:
    parents = read_contacts(element, values.get("address_lines"), values.get("home_postcode"))
    if parents:
        values["parents"] = parents
        _put(values, "emergency_contact", next((p["phone"] for p in parents if p.get("phone")), None))


_READERS: dict[str, Callable[[Element, Values, Values], None]] = {
    "basicdetails": _basic, "nationalities": _nationalities, "languages": _languages, "lookedafter": _looked_after,
    "senhistory": _sen, "address": _address, "newaddress": _new_address, "futureaddress": _new_address, "phones": _phones,
    "contacts": _contacts,
}
