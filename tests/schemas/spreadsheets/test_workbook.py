"""Workbooks: Excel's own row numbers, dates that are dates, digits that stay digits."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from gateway.errors import RefusedError
from tests.bad_files.containers import header_row, packed, row, workbook_parts
from tests.bad_files.sheets import many_sheets
from tests.samples.make_samples import template, workbook
from tests.schemas.readings import grid, read, rows

MORNING = datetime(2020, 9, 1, 8, 30)  # noqa: DTZ001 - a cell has no zone


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_row_numbers_are_those_that_excel_shows() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["C4"], sheet["D4"], sheet["C9"] = "Surname", "Forename", "Ng"
    read_rows = {r.number: r.cells for r in rows(saved(book), "a.xlsx")}
    assert read_rows[4] == ("Surname", "Forename")
    assert read_rows[9] == ("Ng", "")


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_dates_are_dates_in_both_date_systems(epoch: datetime | None) -> None:
    book = Workbook()
    if epoch:
        book.epoch = epoch
    book.worksheets[0].append(["Born", date(2016, 2, 29), MORNING])
    assert rows(saved(book), "a.xlsx")[0].cells == ("Born", date(2016, 2, 29), MORNING)


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_the_sheets_say_from_which_day_their_numbers_count(epoch: datetime | None) -> None:
    book = Workbook()
    if epoch:
        book.epoch = epoch
    book.worksheets[0].append(["Born", 40238])
    assert [one.date1904 for one in read(saved(book), "a.xlsx").grids] == [epoch is not None]


@pytest.mark.parametrize(("said", "counts"), [
    ('<workbookPr date1904="1"/>', True), ("<workbookPr date1904='true' codeName=\"x\"/>", True),
    ('<workbookPr date1904="on"/>', True),
    ('<x:workbookPr xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" date1904="1"/>', True),
    ('<workbookPr date1904="0"/>', False), ('<workbookPr/>', False), ('', False), ('<!-- <workbookPr date1904="1"/> -->', False),
    ('<workbookPr backupFile="1" date1904 = "1"></workbookPr>', True),
])
def test_the_day_is_read_from_the_workbooks_own_word(said: str, counts: bool) -> None:
    parts = workbook_parts(header_row())
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<sheets>", said.encode() + b"<sheets>")
    assert [one.date1904 for one in read(packed(parts), "a.xlsx").grids] == [counts]


def test_whole_numbers_keep_their_digits_and_text_keeps_its_zeros() -> None:
    content = workbook({"S": [("Telephone", 7700900365, 1234567890123, "07700900365", 1.5, "007", True)]})
    assert rows(content, "a.xlsx")[0].cells == ("Telephone", "7700900365", "1234567890123", "07700900365", 1.5, "007", True)


def test_hidden_sheets_are_marked() -> None:
    assert [(g.title, g.hidden) for g in read(template(), "a.xlsx").grids] == [
        ("Read me", False),
        ("Leavers", False),
        ("Joiners", False),
        ("Lists", True),
    ]


def test_very_hidden_sheets_are_hidden_and_charts_are_no_sheets() -> None:
    book = Workbook()
    book.create_sheet("Deep").sheet_state = "veryHidden"
    book.create_chartsheet("Chart")
    assert [(g.title, g.hidden) for g in read(saved(book), "a.xlsx").grids] == [("Sheet", False), ("Deep", True)]


def test_an_empty_sheet_has_no_rows() -> None:
    assert rows(saved(Workbook()), "a.xlsx") == []


def test_formulas_that_were_never_worked_out_are_asked_about() -> None:
    content = workbook({"S": [("Surname", "Forename"), ("=A1", "Tia")]})
    assert "SHEET-FORMULAS" in [f.code for f in read(content, "a.xlsx").screened.findings]


def test_error_cells_are_asked_about() -> None:
    parts = workbook_parts(header_row() + '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>')
    assert "SHEET-ERROR-CELLS" in [f.code for f in read(packed(parts), "a.xlsx").screened.findings]


def test_styled_but_empty_cells_far_away_do_no_harm() -> None:
    far = '<row r="3"><c r="XFD3" s="1"/></row>'
    assert len(rows(packed(workbook_parts(header_row() + row(2, "x", "Ng") + far)), "a.xlsx")) == 2


@pytest.mark.parametrize("cell", ['<c r="B2"r="XFD1048576"><v>1</v></c>', '<c r="B2" r = "XFD1048576"><v>1</v></c>'])
def test_a_cell_that_stands_in_two_places_is_refused_before_memory_is_taken_for_the_further(cell: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read(packed(workbook_parts(header_row() + f'<row r="2">{cell}</row>')), "a.xlsx")
    assert refused.value.code == "FILE-DAMAGED"


def test_the_same_large_sheet_many_times_is_too_much_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemas.spreadsheets.workbook.MAX_LAID_OUT", 20_000)
    sheets = read(many_sheets(5), "a.xlsx")
    with pytest.raises(RefusedError) as refused:
        [list(one.rows()) for one in sheets.grids]
    assert refused.value.code == "SHEET-TOO-LARGE"


def test_rows_can_be_read_again() -> None:
    one = grid(template(), "a.xlsx")
    assert list(one.rows()) == list(one.rows())


WHOLE = template()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_refused_or_harmless(at: int, change: int) -> None:
    content = WHOLE[:at] + bytes([WHOLE[at] ^ change]) + WHOLE[at + 1 :]
    try:
        for one in read(content, "a.xlsx").grids:
            list(one.rows())
    except RefusedError as refused:
        assert refused.hint


@settings(max_examples=40, deadline=None)
@given(st.integers(8, len(WHOLE) - 1))
def test_a_workbook_cut_short_is_refused(length: int) -> None:
    with pytest.raises(RefusedError):
        read(WHOLE[:length], "a.xlsx")
