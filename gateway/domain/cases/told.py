"""A child's particulars as a person tells them: by telephone, in a letter, from an agency. Read as strictly as a return.

1. One line for each, ``Name: value``; the names are those of ``TOLD``. A name that is not known is refused, not dropped.
2. A surname must be there; a date, a UPN and a postcode must be what they say they are.
3. They become a record like a row's, so that the same matching, clocks and drafts judge it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from gateway.domain.identifiers.laestab import Laestab
from gateway.domain.identifiers.postcode import Postcode
from gateway.domain.identifiers.upn import Upn
from gateway.domain.returns.dates import read_date
from gateway.domain.returns.flags import read_flag, read_sex
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.text import cell_text
from gateway.errors import GatewayError, UsageError

TOLD: Mapping[str, str] = {
    "surname": "legal_surname", "forename": "legal_forename", "date of birth": "dob", "upn": "upn", "sex": "sex",
    "address": "address_lines", "postcode": "home_postcode", "new address": "new_address_lines", "new postcode": "new_postcode",
    "parent": "parent", "telephone": "phone", "last school": "school", "last attended": "last_attendance_date",
    "address protected": "address_protected", "restricted": "restricted",
}
"""What may be told → the field of a record."""


def read_told(lines: Iterable[str], today: date) -> PupilRecord:
    """The record of these lines. UsageError names the line and what was expected there, never what stands in it."""
    said: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        name, colon, value = line.partition(":")
        key = " ".join(name.split()).casefold()
        if not line.strip():
            continue
        if not colon or key not in TOLD:
            raise _bad(number, "begins with no name that is known, followed by a colon", "Names: " + ", ".join(TOLD) + ".")
        if text := cell_text(value):
            said[TOLD[key]] = _read(TOLD[key], text, number)
    return told_record(said, today)


def told_record(said: Mapping[str, Any], today: date) -> PupilRecord:
    """A record of values that were read; born and last seen in the past."""
    if not said.get("legal_surname"):
        raise UsageError("the particulars name no surname, one was expected", code="TOLD-NO-SURNAME",
                         hint="One line each, such as: Surname: Ellery")
    for field in ("dob", "last_attendance_date"):
        if said.get(field) and said[field] > today:
            raise UsageError(f"a {'date of birth' if field == 'dob' else 'last day'} is given that lies ahead of {today}",
                             code="TOLD-AHEAD", hint="Days are day first, or as 2017-04-01.")
    core = {name: value for name, value in said.items() if name in PupilRecord.__dataclass_fields__}
    details = {name: value for name, value in said.items() if name not in core and name != "parent"}
    if said.get("parent"):
        parent = {"name": said["parent"], "phone": said.get("phone")}
        details["parents"] = [{name: value for name, value in parent.items() if value}]
    return PupilRecord(row=0, sheet=None, movement=MovementKind.LEAVER, **core, details=MappingProxyType(details))


def _read(field: str, text: str, number: int) -> Any:
    try:
        return _READERS.get(field, str)(text)
    except GatewayError as error:
        raise _bad(number, "does not read", error.hint) from None
    except ValueError as error:
        raise _bad(number, "does not read", str(error)) from None


def _date(text: str) -> date:
    read = read_date(text)
    if read.value is None or read.trouble is not None:
        raise ValueError("Write a day as 01/04/2017 or 2017-04-01.")
    return read.value


def _sex(text: str) -> str:
    found = read_sex(text)
    if found is None:
        raise ValueError("Write M or F.")
    return found


def _lines(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _bad(number: int, what: str, hint: str) -> UsageError:
    return UsageError(f"line {number} of the particulars {what}", code="TOLD-UNREAD", hint=hint)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "dob": _date, "last_attendance_date": _date, "sex": _sex, "address_lines": _lines, "new_address_lines": _lines,
    "upn": lambda text: Upn.parse(text).text, "home_postcode": lambda text: Postcode.parse(text).text,
    "new_postcode": lambda text: Postcode.parse(text).text, "school": lambda text: Laestab.parse(text).text,
    "address_protected": read_flag, "restricted": read_flag,
}
