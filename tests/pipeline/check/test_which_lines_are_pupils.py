"""A pupil's row is never lost without a finding, and a line that is no pupil is never held: both sides of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest

from gateway.domain.parcels.kinds import Severity, Verdict
from tests.pipeline.check.grids import ASH, HEADINGS, Rows, checked, grid

TRADE = ("Key", "Sims", "Count", "Note", "Notes", "Total", "Totals", "Page", "Sign", "Signed", "Signature", "Source", "Filter",
         "Principal", "Position", "Please", "Arbor", "Head", "Example", "Sample", "Nil", "None", "No", "Na", "Null", "School",
         "Academy", "Left", "Starter", "Name", "Date", "Mr", "Dean", "Guidance", "End", "Regards", "Thanks", "Required", "Office")
LEAVING = ("02/11/2026", "9(1)(a)", "Tanyard Academy")
ONE_NAME = ("Pupil name", "Date of birth", "Leaving date", "Ground", "Destination", "Notes")
FLAGGED = (*HEADINGS, "Urgent", "Notes")


def numbers(rows: Sequence[Sequence[Any]]) -> list[int]:
    """The numbers of the rows that were read as pupils."""
    return [record.row for record in checked(rows).records]


def noted(rows: Sequence[Sequence[Any]]) -> list[int | None]:
    """The numbers of the lines that were put aside with a word about it."""
    return [f.row for f in checked(rows).findings if f.code == "LINE-NOT-READ"]


@pytest.mark.parametrize("surname", TRADE)
def test_a_row_that_opens_with_a_surname_like_a_word_of_the_trade_is_a_pupil(surname: str) -> None:
    rows = [HEADINGS[1:], (surname, "Amy", "01/02/2017", *LEAVING), *[ASH[1:]] * 14, (surname, "Ben", "01/02/2017", *LEAVING)]
    assert numbers(rows) == list(range(2, 18))
    assert noted(rows) == []


@pytest.mark.parametrize("surname", TRADE)
def test_so_it_is_in_a_table_with_one_column_for_the_whole_name(surname: str) -> None:
    rows = [ONE_NAME[:5], (f"{surname}, Amy", "01/02/2017", *LEAVING), ("Ash, Bo", "01/02/2017", *LEAVING)]
    assert numbers(rows) == [2, 3]
    assert checked(rows).records[0].legal_surname == surname


@pytest.mark.parametrize("surname", ["Key", "Sims", "Count", "Note", "Total", "School", "Example"])
@pytest.mark.parametrize("missing", [1, 2])
def test_so_it_is_when_its_forename_or_date_of_birth_is_missing(surname: str, missing: int) -> None:
    row = ["", surname, "Amy", "01/02/2017", *LEAVING]
    row[1 + missing] = ""
    assert numbers([HEADINGS, ASH, row]) == [2, 3]


@pytest.mark.parametrize("note", ["E.g. the grandmother says Poland", "Delete this row if he comes back", "eg see the e-mail",
                                  "For example, not seen since May", "Example of a good leaver", "sample of work sent on"])
def test_a_pupil_with_a_note_that_speaks_like_a_template_is_a_pupil(note: str) -> None:
    rows = [ONE_NAME, ("Ash, Bo", "01/02/2017", *LEAVING, note), ("Elm, Cy", "01/02/2017", *LEAVING, "")]
    assert numbers(rows) == [2, 3]


@pytest.mark.parametrize("row", [
    (ASH[0], "", "", "", "02/11/2026", "", "", "", ""),
    ("", "Ash", "", "", "", "", "", "Yes", ""),
    ("", "Ash", "", "", "02/11/2026", "", "", "", ""),
    ("", "", "", "01/02/2017", "02/11/2026", "", "", "", ""),
    ("", "", "", "01/02/2017", "", "", "", "Y", ""),
    ("", "", "Bo", "", "", "", "", "", "URGENT: ring the DSL"),
    ("", "", "", "", "02/11/2026", "F", "", "Yes", ""),
    ("", "Ash", "Bo", "", "", "", "", "", ""),
    ("", "Key", "", "", "", "", "", "Yes", ""),
])
def test_a_row_with_few_of_its_cells_filled_is_held_and_not_hidden(row: Sequence[str]) -> None:
    answer = checked([FLAGGED, row, (*ASH, "", "")])
    assert answer.verdict is Verdict.PART_ACCEPTED
    assert [(r.row, r.held) for r in answer.records] == [(2, True), (3, False)]
    assert answer.records[0].urgent is (row[7] != "" or row[8] != "")


FURNITURE: dict[str, Sequence[str]] = {
    "a total": ("Total", "12"),
    "a total in words": ("Total leavers: 3",),
    "a number of leavers": ("Number of leavers", "3", "", "", "20/11/2026"),
    "a count under each column": ("Total", "", "", "", "3", "2", "3"),
    "a signature": ("Signed", "A Head", "Date", "20/11/2026"),
    "a signature with colons": ("Signed:", "A Head", "Date:", "20/11/2026"),
    "a signature pushed left": ("", "Signed", "A Head", "20/11/2026"),
    "a signature whose date stands below the leaving dates": ("", "Signed", "A Head", "", "20/11/2026"),
    "the head": ("Headteacher", "Mrs Pryce", "Date", "20/11/2026"),
    "the office": ("Completed by", "Mrs Office", "on", "20/11/2026"),
    "a greeting": ("Kind regards", "Mrs Office"),
    "a title": ("", "Mrs J Office", "Data Manager"),
    "who printed it": ("Printed by SIMS.net on 20/11/2026 at 10:04",),
    "a page": ("Page 1 of 3", "", "", "", "20/11/2026"),
    "a key": ("Key", "L = leaver, J = joiner"),
    "a note": ("Note: a destination is asked for every child",),
    "a telephone number": ("Tel", "01632 960001"),
    "a school": ("School", "Fernbridge Primary School", "DfE number", "9902001"),
    "a school with a colon": ("School:", "Fernbridge Primary School"),
    "a date": ("Date:", "20/11/2026"),
    "a marking": ("OFFICIAL-SENSITIVE",),
    "a declaration": ("I confirm that the above is right", "A Head", "", "20/11/2026"),
    "a position": ("Position", "Office manager", "Date", "20/11/2026"),
    "who allowed it": ("Authorised by", "A Head", "", "", "20/11/2026"),
    "where it comes from": ("Source", "Arbor", "run", "20/11/2026"),
    "a contact": ("Contact", "Mrs Office", "01632 960001"),
    "a template's version": ("Template version", "3.2", "Last updated", "01/09/2026"),
    "who fills it in": ("Name of person completing this form", "Mrs Office", "Role", "Data manager"),
    "a second table's headings": ("", "Year", "Number"),
    "a count of the roll": ("", "Number on roll", "", "214"),
    "an address": ("", "Fernbridge Primary School, Mill Lane, Thornhaven ZY1 3AB"),
    "who leads safeguarding": ("", "Designated Safeguarding Lead", "Mrs Quill"),
}


@pytest.mark.parametrize("line", FURNITURE.values(), ids=list(FURNITURE))
@pytest.mark.parametrize("pupils", [1, 20])
def test_a_line_that_is_no_pupil_is_not_held_however_long_the_table(line: Sequence[str], pupils: int) -> None:
    answer = checked([HEADINGS, *[ASH] * pupils, line, [""], line])
    assert (answer.rows.read, answer.rows.held) == (pupils, 0)


@pytest.mark.parametrize("between", [[[]], [["Total", "1"]], [["", "Year", "Number"]], [[], ["Key:"]]])
@pytest.mark.parametrize("line", [
    ("", "Ash", "Bo"), ("", "A Pryce", "Headteacher"), ("", "L", "Leaver"), ("", "Ash", "", "", "20/11/2026"),
    ("A Pryce", "Headteacher", "", "20/11/2026"), ("", "Ash", "", "", "", "Quay", "Tanyard Academy"),
])
def test_names_alone_or_one_name_and_a_day_are_a_pupil_only_where_pupils_stand(line: Sequence[str], between: Any) -> None:
    assert numbers([HEADINGS, ASH, *between, line]) == [2]
    assert noted([HEADINGS, ASH, *between, line])[-1] == 3 + len(between)
    if line[0] == "":
        in_place = checked([HEADINGS, ASH, line])
        assert (in_place.rows.read, in_place.rows.held) == (2, 1)


@pytest.mark.parametrize("line", [
    ("", "Ash", "Bo", "", "", "9(1)(g)"), ("", "Ash", "", "31/02/2017"), (ASH[0], "Ash"), (ASH[0], "", "", "01/02/2017"),
    ("", "Ash", "", "01/02/2017"), ("", "", "", "01/02/2017", "02/11/2026"),
])
def test_a_name_beside_anything_of_a_pupil_is_a_pupil_wherever_it_stands(line: Sequence[str]) -> None:
    assert numbers([HEADINGS, ASH, [], ["Year", "Number"], line]) == [2, 5]


def test_whichever_cells_of_a_row_are_filled_it_is_read_or_noted() -> None:
    heads = ("UPN", "Surname", "Forename", "DOB", "Sex", "Year", "Postcode", "Leaving date", "Ground", "Destination", "Urgent",
    "Notes")
    full = (ASH[0], "Ash", "Amy", "01/02/2017", "F", "Y5", "ZY1 3AB", "02/11/2026", "9(1)(g)", "Tanyard Academy", "Yes", "ring")
    some = [keep for size in (1, 2, 3) for keep in combinations(range(len(heads)), size)]
    rows = [tuple(cell if n in keep else "" for n, cell in enumerate(full)) for keep in some]
    gaps: tuple[Rows, ...] = ([], [[]])
    for gap in gaps:
        answer = checked([heads, full, *(line for row in rows[:95] for line in (*gap, row))])
        seen = {r.row for r in answer.records} | {f.row for f in answer.findings if f.code == "LINE-NOT-READ"}
        assert len(seen) == 96
        assert {r.row for r in answer.records if r.urgent} >= {2}


@pytest.mark.parametrize("surname", ["List", "Required", "Text", "Date", "Example", "Optional", "No", "Yes"])
def test_a_flag_is_no_guidance_though_the_rest_of_its_row_could_be(surname: str) -> None:
    answer = checked([FLAGGED, ("", surname, "", "", "", "", "", "Yes", "")])
    assert [(r.legal_surname, r.urgent, r.held) for r in answer.records] == [(surname, True, True)]


@pytest.mark.parametrize("place", [7, 8])
def test_a_flag_alone_in_its_row_is_not_lost(place: int) -> None:
    row = ["", "", "", "", "", "", "", "", ""]
    row[place] = "Urgent: safeguarding"
    answer = checked([FLAGGED, (*ASH, "", ""), row])
    assert [(r.row, r.urgent, r.held) for r in answer.records] == [(2, False, False), (3, True, True)]


@pytest.mark.parametrize("name", ["Na", "Blank", "Select", "Null", "None"])
def test_a_child_may_be_called_what_elsewhere_stands_for_nothing(name: str) -> None:
    answer = checked([HEADINGS, ("", name, name, *ASH[3:]), ("", name.upper() if name == "Na" else name, "", *ASH[3:])])
    assert (answer.records[0].legal_surname, answer.records[0].legal_forename) == (name, name)
    assert answer.records[1].held is (name == "Na")


@pytest.mark.parametrize("line", [
    ("EXAMPLE", "Smith", "Amy", "01/01/2015", *LEAVING),
    ("e.g. A990200119001", "Smith", "Amy", "01/01/2015"),
    ("", "e.g. Smith", "Amy", "01/01/2015", *LEAVING),
    ("", "Example", "Pupil", "01/01/2015", *LEAVING),
    ("", "EXAMPLE: Smith", "Amy", "01/01/2015", *LEAVING),
    ("", "Smith (example)", "Amy", "01/01/2015"),
    ("", "Smith", "Amy", "01/01/2015", "02/11/2026", "9(1)(a)", "Example only - please delete"),
    ("", "Smith", "Amy", "01/01/2015", "02/11/2026", "EXAMPLE", "Any School"),
    ("", "Smith", "Amy", "01/01/2015", "02/11/2026", "9(1)(a)", "Example Primary School"),
])
def test_an_example_is_known_by_its_mark_and_noted(line: Sequence[str]) -> None:
    rows = [HEADINGS, line, ASH]
    assert numbers(rows) == [3]
    assert noted(rows) == [2]


@pytest.mark.parametrize("note", ["Example", "EXAMPLE ROW", "example only", "Delete this row",
                                  "Please delete this row before sending"])
def test_a_note_that_is_nothing_but_a_mark_marks_an_example(note: str) -> None:
    rows = [(*HEADINGS, "Notes"), ("", "Smith", "Amy", "01/01/2015", *LEAVING, note), (*ASH, "")]
    assert numbers(rows) == [3]
    assert noted(rows) == [2]


@pytest.mark.parametrize("line", [("", "Key", "Amy"), ("", "Sims", ""), ("", "Total", "Amy", "", ""), ("", "Signature", "Amy")])
def test_what_may_be_a_name_and_is_not_read_is_noted(line: Sequence[str]) -> None:
    rows = [HEADINGS, ASH, line, ASH]
    assert numbers(rows) == [2, 4]
    assert noted(rows) == [3]


def test_titles_required_rows_and_nil_are_put_aside_without_a_word() -> None:
    headings = ["Surname", "Forename", "DOB", "Date", "Ground", "To"]
    rows = [["Leavers"], headings, ["Required", "Required", "dd/mm/yyyy", "Required", "", "Optional"],
            ["Ash", "Bo", "01/02/2017", "02/11/2026", "F", "EHE"], [], ["Joiners"], [*headings[:4], "From"], ["NIL"]]
    assert numbers(rows) == [4]
    assert noted(rows) == []


def test_of_many_lines_not_read_none_is_kept_quiet() -> None:
    answer = checked([HEADINGS, ASH, *[("", f"Office {letter}") for letter in "abcdefghij" * 15]])
    said = [f for f in answer.findings if f.code == "LINE-NOT-READ"]
    assert len(said) == 101
    assert [(f.row, "50" in f.message, f.severity) for f in said if f.row is None] == [(None, True, Severity.NOTE)]


def test_a_child_alone_on_a_form_with_a_name_of_the_trade_is_a_pupil() -> None:
    answer = checked(grid([["Off roll notification"], ["Surname", "Key"], ["Forename", "Amy"], ["Date of birth", "01/02/2017"],
                           ["Date of leaving", "02/11/2026"], ["New school", "Tanyard Academy"], ["Signed", "A Head"]], "Form"))
    assert [(r.legal_surname, r.legal_forename) for r in answer.records] == [("Key", "Amy")]
