"""Writes a Common Transfer File of ours: version 25, one fixed order, as importers are known to take it.

1. UTF-8 without a byte order mark, no namespace, no attribute, LF.
2. The order is the one observed in files of the field (see ``docs/reference/ctf.md``); ``Sex``, never ``Gender``, from 24 on.
3. No optional element is empty: blank ones break importers.
4. ``partial``: we hold what a return said, not the pupil's whole record.
5. A rehearsal's says so where the authority's name stands, which importers show, and in a comment before everything.
6. Only what a field of the record holds is written; nothing is made up, no number least of all.
"""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from gateway.domain.s2s.own_file import OwnFile

VERSION = "25.0"
REHEARSAL = "REHEARSAL"
LONDON = ZoneInfo("Europe/London")
NEW_YEAR_MONTH = 9     # most writers begin the academic year in September, some in August: both are read
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")   # XML 1.0 knows no such characters
_NAMES = (("FormerUPN", "former_upn"), ("PreferredSurname", "preferred_surname"), ("FormerSurname", "former_surname"),
          ("PreferredForename", "preferred_forename"), ("MiddleNames", "middle_names"))


def write_transfer(file: OwnFile) -> bytes:
    """The file's bytes; the same values give the same bytes."""
    root = etree.Element("CTfile")
    _header(etree.SubElement(root, "Header"), file)
    _pupil(etree.SubElement(etree.SubElement(root, "CTFpupilData"), "Pupil"), file)
    etree.indent(root, space="\t")
    if file.rehearsal:
        root.addprevious(etree.Comment(f" {REHEARSAL}. Not for upload: nothing in this file is about a real child. "))
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="utf-8") + b"\n"


def _header(header: Any, file: OwnFile) -> None:
    written = file.written.astimezone(LONDON)
    year = written.year if written.month >= NEW_YEAR_MONTH else written.year - 1
    name = f"{REHEARSAL} {file.authority}" if file.rehearsal else file.authority
    _put(header, "DocumentName", "Common Transfer File")
    _put(header, "CTFversion", VERSION)
    _put(header, "DateTime", f"{written:%Y-%m-%dT%H:%M:%S}")
    _put(header, "DocumentQualifier", "partial")
    _put(header, "SupplierID", "CME Gateway")
    _group(header, "SourceSchool", (("LEA", file.la), ("Estab", "LLLL"), ("SchoolName", name), ("AcademicYear", year)))
    _group(header, "DestSchool", (("LEA", file.destination[:3]), ("Estab", file.destination[3:])))


def _pupil(pupil: Any, file: OwnFile) -> None:
    record, details = file.record, file.record.details
    _put(pupil, "UPN", record.upn)
    _put(pupil, "UniqueLearnerNumber", details.get("uln"))
    _put(pupil, "Surname", record.legal_surname)
    _put(pupil, "Forename", record.legal_forename)
    _put(pupil, "DOB", record.dob)
    _put(pupil, "Sex", record.sex)
    basic = [(tag, details.get(name)) for tag, name in _NAMES]
    _group(pupil, "BasicDetails", (*basic, ("NCyearActual", record.year_group)))
    _address(pupil, details.get("address_lines"), record.home_postcode)
    _phones(pupil, details.get("phone"))
    _put(pupil, "Email", details.get("email"))
    _history(pupil, file)


def _address(pupil: Any, lines: Any, postcode: str | None) -> None:
    given = [str(line) for line in lines or () if str(line).strip()][:5]
    if not given and not postcode:
        return
    address = etree.SubElement(pupil, "Address")
    _group(address, "AddressLines", tuple((f"AddressLine{n}", line) for n, line in enumerate(given, start=1)))
    _put(address, "PostCode", postcode)


def _phones(pupil: Any, number: Any) -> None:
    if number:
        _group(etree.SubElement(pupil, "Phones"), "Phone", (("TelephoneType", "H"), ("PhoneNo", number)))


def _history(pupil: Any, file: OwnFile) -> None:
    school = file.last_school
    if school is None or len(school) != 7:
        return
    record = file.record
    _group(etree.SubElement(pupil, "SchoolHistory"), "School", (
        ("LEA", school[:3]), ("Estab", school[3:]), ("SchoolName", file.last_school_name),
        ("EntryDate", record.details.get("admission_date")), ("LeavingDate", record.off_roll_date), ("LastSchool", "true")))


def _group(parent: Any, tag: str, values: tuple[tuple[str, Any], ...]) -> None:
    """A container, when there is anything to put into it."""
    if any(value not in (None, "") for _, value in values):
        group = etree.SubElement(parent, tag)
        for name, value in values:
            _put(group, name, value)


def _put(parent: Any, tag: str, value: Any) -> None:
    text = _FORBIDDEN.sub("", str(value)).strip() if value is not None else ""
    if text:
        etree.SubElement(parent, tag).text = text
