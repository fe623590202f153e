"""The annotated return: the sender's own file, marked, and understood when it comes back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from gateway.domain.parcels.kinds import Finding, Severity
from gateway.domain.parcels.stages import Checked, Offered
from gateway.domain.policy import SenderTerms
from gateway.domain.register.establishments import Register
from gateway.pipeline.check import check
from schemas.headings import load_synonyms
from schemas.screening.locked import lock, unlock
from schemas.workbooks.annotate import annotate
from schemas.workbooks.columns import content_mark, row_id
from tests.bad_files import containers
from tests.bad_files.containers import header_row
from tests.bad_files.sheets import CHILD, part, written
from tests.samples.make_samples import FERNBRIDGE, LEAVER_HEADINGS, LEAVERS, report, template, text, transfer, workbook
from tests.schemas.readings import read

CSV = text(LEAVER_HEADINGS, LEAVERS).encode("utf-8-sig")


def checked(content: bytes, name: str = "return.xlsx") -> Checked:
    terms = SenderTerms(FERNBRIDGE, (FERNBRIDGE,))
    return check(read(content, name), Register(), terms, load_synonyms(), today=date(2026, 11, 16))


def annotated(content: bytes, name: str = "return.xlsx") -> Any:
    book = annotate(Offered(name, content, FERNBRIDGE), checked(content, name))
    assert book is not None
    return load_workbook(io.BytesIO(book))


def error(row: int, column: str, sheet: str | None = None, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("X", severity, "It is wrong.", "Mend it.", sheet=sheet, row=row, column=column)


def said(findings: Iterable[Finding], read_rows: int = 3) -> Checked:
    from gateway.domain.parcels.kinds import Kind, Verdict
    from gateway.domain.parcels.stages import Counts

    return Checked("f", Kind.LEAVERS, Verdict.PART_ACCEPTED, FERNBRIDGE, Counts(read_rows, read_rows, 0), tuple(findings))


def test_a_faulty_cell_has_a_fill_and_a_comment_and_its_row_the_words() -> None:
    sheet = annotated(template())["Leavers"]
    heading = {cell.value: cell.column for cell in sheet[5]}
    cell = sheet.cell(row=9, column=heading["Date of birth"])
    assert cell.comment is not None and "date" in cell.comment.text
    assert cell.fill.fgColor.rgb == "FFF8CBAD"
    assert str(sheet.cell(row=9, column=heading["Errors"]).value).startswith("CORRECT Date of birth:")
    assert sheet.freeze_panes == "A6"


def test_nothing_else_of_the_workbook_changes() -> None:
    before, after = load_workbook(io.BytesIO(template())), annotated(template())
    assert after.sheetnames == before.sheetnames
    assert after["Lists"].sheet_state == "hidden"
    for sheet in before:
        for row in sheet.iter_rows():
            for cell in row:
                assert after[sheet.title][cell.coordinate].value == cell.value


def test_each_block_of_a_sheet_has_its_own_columns() -> None:
    sheet = annotated(report())["Leavers and Joiners"]
    headers = [row[0].row for row in sheet.iter_rows() if any(c.value == "Errors" for c in row)]
    assert 5 in headers


def test_the_row_id_is_hidden() -> None:
    sheet = annotated(template())["Leavers"]
    column = next(c.column_letter for c in sheet[5] if c.value == "Gateway row")
    assert sheet.column_dimensions[column].hidden


@pytest.mark.parametrize(("content", "name"), [(template(), "a.xlsx"), (report(), "a.xlsx"), (CSV, "a.csv")])
def test_what_goes_back_and_forth_is_read_the_same(content: bytes, name: str) -> None:
    first = checked(content, name)
    book = annotate(Offered(name, content, FERNBRIDGE), first)
    assert book is not None
    second = checked(book)
    assert [r.legal_surname for r in second.records] == [r.legal_surname for r in first.records]
    assert [(f.code, f.row) for f in second.findings] == [(f.code, f.row) for f in first.findings]
    held = next(r for r in second.records if r.held)
    assert held.details["row_id"] == row_id(content_mark(content), next(r for r in first.records if r.held).sheet, held.row)


def test_a_row_keeps_its_id_over_a_second_round() -> None:
    first = annotate(Offered("a.csv", CSV, FERNBRIDGE), checked(CSV, "a.csv"))
    assert first is not None
    second = annotate(Offered("a.xlsx", first, FERNBRIDGE), checked(first))
    assert second is not None
    ids = [next(r.details["row_id"] for r in checked(book).records if r.held) for book in (first, second)]
    assert ids[0] == ids[1]


def test_a_text_return_comes_back_as_text_cells() -> None:
    content = text(("UPN", "Surname", "Telephone"), [("", "=HYPERLINK(1)", "07700900123"), ("", "+Brook", "01/02/2016")]).encode()
    book = annotate(Offered("a.csv", content), said([error(2, "Surname")]))
    assert book is not None
    sheet = load_workbook(io.BytesIO(book)).worksheets[0]
    cells = [sheet["B2"], sheet["C2"], sheet["B3"], sheet["C3"]]
    assert [c.value for c in cells] == ["=HYPERLINK(1)", "07700900123", "+Brook", "01/02/2016"]
    assert [c.data_type for c in cells] == ["s"] * 4


def test_formula_like_text_in_a_workbook_stays_text() -> None:
    content = workbook({"S": [("UPN", "Surname", "Forename"), ("x", "Ng", "Wai")]})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    parts[part] = parts[part].replace(b">Ng<", b">=1+1<")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, one in parts.items():
            archive.writestr(name, one)
    book = annotate(Offered("a.xlsx", out.getvalue()), said([error(2, "Forename", "S")]))
    assert book is not None
    cell = load_workbook(io.BytesIO(book))["S"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_large_return_comes_back_as_its_faulty_rows_alone() -> None:
    rows = [("", f"Ng-{'abc'[n % 3]}", "Wai") for n in range(6000)]
    content = text(("UPN", "Surname", "Forename"), rows).encode()
    book = annotate(Offered("a.csv", content), said([error(5000, "Surname"), error(17, "Surname")], 6000))
    assert book is not None
    sheet = load_workbook(io.BytesIO(book)).worksheets[0]
    assert sheet.max_row == 3
    assert [c.value for c in sheet[1]] == ["UPN", "Surname", "Forename", "Errors", "Gateway row"]
    assert sheet["B2"].value == rows[15][1]
    assert sheet["E3"].value == row_id(content_mark(content), None, 5000)


def test_a_locked_return_is_answered_under_the_same_password() -> None:
    content = lock(template(), "s3cret", spins=10)
    found = checked(template())
    book = annotate(Offered("a.xlsx", content, FERNBRIDGE), found, ["other", "s3cret"])
    assert book is not None
    assert not book.startswith(b"PK")
    assert unlock(book, ["s3cret"])[0].startswith(b"PK")


def test_nothing_comes_back_when_there_is_nothing_to_mark() -> None:
    assert annotate(Offered("a.csv", CSV), said([])) is None
    assert annotate(Offered("a.csv", CSV), said([Finding("F", Severity.QUERY, "m", "h")])) is None
    assert annotate(Offered("a.xml", transfer()), said([error(1, "Surname")])) is None


def test_a_senders_own_comment_is_kept() -> None:
    from openpyxl.comments import Comment

    book = load_workbook(io.BytesIO(template()))
    column = next(c.column_letter for c in book["Leavers"][5] if c.value == "Date of birth")
    book["Leavers"][f"{column}9"].comment = Comment("seen by the head", "Head")
    out = io.BytesIO()
    book.save(out)
    found = annotated(out.getvalue())["Leavers"][f"{column}9"].comment.text
    assert found.startswith("seen by the head")
    assert "date" in found


@pytest.mark.parametrize(
    "after",
    [
        '<mergeCells count="1"><mergeCell ref="A5:XFD1048576"/></mergeCells>',
        '<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>',
    ],
)
def test_merged_cells_or_links_over_a_whole_sheet_leave_the_faulty_rows_alone(after: str) -> None:
    faulty = containers.row(3, "", "Ng", "Wai", "31/02/2016", "13/11/2026", "9(1)(i)", "Unknown")
    sheet = annotated(part(written(header_row() + CHILD + faulty, after=after)))["Leavers"]
    assert [cell.value for cell in sheet["B"]] == ["Surname", "Ellery", "Ng"]


def test_a_stray_cell_far_below_makes_no_cells_in_between() -> None:
    faulty = containers.row(3, "", "Ng", "Wai", "31/02/2016", "13/11/2026", "9(1)(i)", "Unknown")
    stray = '<row r="100000"><c r="A100000"><v>1</v></c></row>'
    sheet = annotated(part(written(header_row() + CHILD + faulty + stray)))["Leavers"]
    assert len(list(sheet._cells)) < 100


def test_a_workbook_that_the_reader_reads_and_the_writing_library_cannot_leaves_the_faulty_rows() -> None:
    faulty = containers.row(3, "", "Ng", "Wai", "31/02/2016", "13/11/2026", "9(1)(i)", "Unknown")
    parts = containers.workbook_parts(header_row() + CHILD + faulty, extra={"docProps/core.xml": b"<a b/>"})
    override = b'<Override PartName="/docProps/core.xml" ContentType="x"/></Types>'
    types = parts["[Content_Types].xml"].replace(b"</Types>", override)
    sheet = annotated(containers.packed(parts | {"[Content_Types].xml": types}))["Leavers"]
    assert "Ng" in [cell.value for cell in sheet["B"]]


@pytest.mark.parametrize("content", [CSV, template()], ids=["a CSV", "their own workbook"])
def test_a_rehearsals_workbook_says_so_in_every_rows_words_and_reads_the_same(content: bytes) -> None:
    name = "a.csv" if content is CSV else "a.xlsx"
    first = checked(content, name)
    made = annotate(Offered(name, content, FERNBRIDGE), first, rehearsal=True)
    assert made is not None
    book = load_workbook(io.BytesIO(made))
    assert book.properties.title == "REHEARSAL"
    sheet = book.worksheets[0]
    assert sheet.oddHeader is not None and sheet.oddHeader.center.text == "REHEARSAL"
    cells = [cell for one in book.worksheets for row in one.iter_rows() for cell in row]
    words = [str(cell.value) for cell in cells if "CORRECT" in str(cell.value)]
    assert words and all(said.startswith("NOTE: REHEARSAL.") for said in words)
    again = checked(made)
    assert [record.legal_surname for record in again.records] == [record.legal_surname for record in first.records]
    assert [(f.code, f.row) for f in again.findings if f.row] == [(f.code, f.row) for f in first.findings if f.row]


def test_a_text_return_has_columns_as_wide_as_what_stands_in_them() -> None:
    sheet = annotated(CSV, "a.csv").worksheets[0]
    widths = {column: dimension.width for column, dimension in sheet.column_dimensions.items()}
    headings = {cell.column_letter: str(cell.value) for cell in sheet[1] if cell.value}
    for column, heading in headings.items():
        if heading != "Gateway row":
            assert widths[column] >= min(len(heading), 38)


def test_two_blocks_of_different_width_have_our_columns_in_one_place_and_the_ids_hidden() -> None:
    content = report()
    sheet = annotated(content).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    heads = [(cell.value, cell.column_letter) for cell in cells if cell.value in ("Errors", "Gateway row")]
    columns = {name: {letter for value, letter in heads if value == name} for name in ("Errors", "Gateway row")}
    assert all(len(letters) == 1 for letters in columns.values()), heads
    [ids], [words] = columns["Gateway row"], columns["Errors"]
    assert sheet.column_dimensions[ids].hidden and sheet.column_dimensions[words].width == 70
