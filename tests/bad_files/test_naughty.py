"""Every naughty text through every field of every form, in the real sandbox: it comes out as it went in, or a finding says so."""

from __future__ import annotations

import csv
import io
import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import pytest
from lxml import etree
from openpyxl import load_workbook

from adapters.sandbox import Sandbox
from gateway.domain.parcels.stages import Checked, Offered
from gateway.domain.policy import SenderTerms
from gateway.domain.returns.text import PLACEHOLDERS
from schemas.workbooks.text_copy import writable
from tests.bad_files.containers import packed, workbook_parts
from tests.bad_files.naughty import NAUGHTY
from tests.bad_files.plain import CTF

FERNBRIDGE = "9902001"
TEXTS = [text for _, text in NAUGHTY]
random.Random(4).shuffle(TEXTS)  # noqa: S311 - not a secret; controls by the hundred at a file's start would make it no text
GOOD = {
    "UPN": "",
    "Surname": "Ellery",
    "Forename": "Tia",
    "Date of birth": "",
    "Leaving date": "13/11/2026",
    "Reason for leaving": "9(1)(i)",
    "Destination school": "Unknown",
}
FIELDS = {
    "Surname": "legal_surname",
    "Forename": "legal_forename",
    "Middle names": "middle_names",
    "Preferred surname": "preferred_surname",
    "Previous surname": "former_surname",
    "Address": "address_lines",
    "Notes": "notes",
    "Telephone": "phone",
    "Email": "email",
    "Parent 1 name": "parents",
    "Siblings": "siblings",
    "Destination school": "destination_school",
    "Country": "destination_country",
    "Ethnicity": "ethnicity",
    "First language": "first_language",
    "Favourite colour": "unmapped",
}
ELEMENTS = {
    "Surname": "legal_surname",
    "Forename": "legal_forename",
    "BasicDetails/MiddleNames": "middle_names",
    "BasicDetails/Ethnicity": "ethnicity",
    "Address/BSAddress/Street": "address_lines",
    "Email": "email",
    "Phones/Phone/PhoneNo": "phone",
    "Contacts/Contact/Surname": "parents",
    "Anything": "unmapped",
}
NO_CHARACTERS = {"\ufffe", "\uffff"}  # code points that no workbook can hold: our own writer leaves them out
NOTHING = PLACEHOLDERS | {"none", "nil", "null", "(null)", "nan", "0"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    one = Sandbox(
        "gateway.bootstrap.reader",
        {"register": None, "annotating": True},
        terms=lambda sender: SenderTerms(sender, (sender,)),
        today=lambda: date(2026, 11, 16),
    )
    yield one
    one.close()


def born(number: int) -> date:
    """Each text's child has a birthday of its own, by which its row is found again."""
    return date(2010 + number // 324, number // 27 % 12 + 1, number % 27 + 1)


def rows(heading: str) -> list[list[str]]:
    headings = [*GOOD, *(name for name in FIELDS if name not in GOOD)]
    children = (GOOD | {"Date of birth": born(n).strftime("%d/%m/%Y"), heading: text} for n, text in enumerate(TEXTS))
    return [headings, *([child.get(name, "") for name in headings] for child in children)]


def as_csv(table: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    return out.getvalue().encode()


def as_xlsx(table: Sequence[Sequence[str]]) -> bytes:
    cells = (
        f'<row r="{r}">'
        + "".join(
            f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><t xml:space="preserve">{escape(writable(text))}</t></is></c>'
            for c, text in enumerate(row)
        )
        + "</row>"
        for r, row in enumerate(table, start=1)
    )
    return packed(workbook_parts("".join(cells)))


def as_ctf(path: str) -> tuple[bytes, list[int]]:
    """A file with every text that XML can hold, and which those are."""
    root = etree.fromstring(CTF.encode())
    data: Any = root.find("CTFpupilData")
    pattern = data[0]
    held = []
    for number, text in enumerate(TEXTS):
        pupil: Any = etree.fromstring(etree.tostring(pattern))
        element: Any = pupil
        for part in path.split("/"):
            found = element.find(part)
            element = etree.SubElement(element, part) if found is None else found
        try:
            element.text = text
        except ValueError:
            continue
        pupil.find("DOB").text = born(number).isoformat()
        data.append(pupil)
        held.append(number)
    data.remove(pattern)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8"), held


def same(text: str) -> str:
    """What two texts have in common that look the same: NFC, spaces as one, none at the ends."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def said(value: Any) -> str:
    if isinstance(value, dict):
        return " | ".join(map(said, value.values()))
    return " | ".join(map(said, value)) if isinstance(value, list) else str(value or "")


def lost(checked: Checked, field: str, numbers: Sequence[int]) -> list[tuple[str, str]]:
    """Texts that came out otherwise than they went in, without a finding on their row and field."""
    records = {record.dob: record for record in checked.records}
    told = {(f.row, (f.field or "").partition(".")[0]) for f in checked.findings}
    found = []
    for number in numbers:
        record, text = records[born(number)], TEXTS[number]
        value = said(getattr(record, field, None) or record.details.get(field))
        if field == "destination_school":  # what names no school is kept as words
            value += " | " + said(record.details.get("destination_words"))
        kept = same(text) in same(value) if same(text) else same(value) == ""
        if not kept and (record.row, field) not in told and same(text).casefold() not in NOTHING:
            found.append((text, value))
    return found


def test_there_are_some_hundreds_in_many_categories() -> None:
    assert len(NAUGHTY) == len(set(NAUGHTY)) > 400
    assert len({category for category, _ in NAUGHTY}) > 20


@pytest.mark.parametrize(("heading", "field"), FIELDS.items())
@pytest.mark.parametrize("form", [as_csv, as_xlsx])
def test_no_text_in_a_table_is_changed_or_lost_without_notice(sandbox: Sandbox, form: Any, heading: str, field: str) -> None:
    checked = sandbox.examine(Offered("leavers.csv", form(rows(heading)), FERNBRIDGE))
    assert checked.rows.read == len(TEXTS)
    held = [n for n, text in enumerate(TEXTS) if form is as_csv or not NO_CHARACTERS & set(text)]
    assert lost(checked, field, held) == []


@pytest.mark.parametrize(("path", "field"), ELEMENTS.items())
def test_no_text_in_a_transfer_file_is_changed_or_lost_without_notice(sandbox: Sandbox, path: str, field: str) -> None:
    content, held = as_ctf(path)
    checked = sandbox.examine(Offered("9902001_CML_990LLLL_001.xml", content, FERNBRIDGE))
    assert checked.rows.read == len(held) > 300
    assert lost(checked, field, held) == []


def test_a_csv_comes_back_as_a_workbook_in_which_every_text_is_what_it_was(sandbox: Sandbox) -> None:
    table = rows("Surname")
    for row in table[1:]:
        row[3] = "31/02/2016"  # every row is faulty, so every row comes back marked
    offered = Offered("leavers.csv", as_csv(table), FERNBRIDGE)
    book = sandbox.annotate(offered, sandbox.examine(offered))
    assert book is not None
    again = sandbox.examine(Offered("again.xlsx", book, FERNBRIDGE))
    before = sandbox.examine(offered)
    assert [r.legal_surname for r in again.records] == [r.legal_surname for r in before.records]


def test_no_text_becomes_a_formula_in_a_workbook_of_ours(sandbox: Sandbox) -> None:
    table = rows("Surname")
    for row in table[1:]:
        row[3] = "31/02/2016"
    for offered in (Offered("a.csv", as_csv(table), FERNBRIDGE), Offered("a.xlsx", as_xlsx(table), FERNBRIDGE)):
        book = sandbox.annotate(offered, sandbox.examine(offered))
        assert book is not None
        sheet = load_workbook(io.BytesIO(book)).worksheets[0]
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
        assert kinds <= {"s", "inlineStr"}
