from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.domain.parcels.kinds import Kind, Severity, Verdict
from gateway.domain.policy import SenderTerms
from gateway.domain.returns.record import MovementKind
from tests.pipeline.check.grids import ASH, HEADINGS, checked, codes, errors, grid, only


def test_title_rows_above_the_headings_are_no_pupils() -> None:
    answer = checked([["Leavers report"], ["From 02/11/2026 to 06/11/2026"], [], HEADINGS, ASH])
    assert answer.rows.read == 1
    assert only(answer).row == 5
    assert answer.period == (date(2026, 11, 2), date(2026, 11, 6))


def test_two_blocks_on_one_sheet_are_told_apart_by_their_titles() -> None:
    answer = checked(
        [
            ["Weekly Leavers and Joiners Report"],
            ["Leavers"],
            ["Surname", "Forename", "DOB", "Date", "Ground", "To"],
            ["Ash", "Bo", "01/02/2017", "02/11/2026", "F", "EHE"],
            [],
            ["Joiners"],
            ["Surname", "Forename", "DOB", "Date", "From"],
            ["Elm", "Cy", "01/02/2017", "03/11/2026", "Tanyard Academy"],
        ]
    )
    assert answer.kind is Kind.MOVEMENTS
    assert [(r.row, r.movement) for r in answer.records] == [(4, MovementKind.LEAVER), (8, MovementKind.JOINER)]
    assert answer.records[1].start_date == date(2026, 11, 3)
    assert answer.records[1].details["previous_laestab"] == "9914010"


def test_the_sheets_name_says_which_way_children_move() -> None:
    answer = checked(grid([["Surname", "DOB", "Date"], ["Ash", "01/02/2017", "02/11/2026"]], "New starters"))
    assert only(answer).movement is MovementKind.JOINER


def test_the_columns_say_which_way_children_move_when_nothing_else_does() -> None:
    assert checked([HEADINGS, ASH]).kind is Kind.LEAVERS
    assert (
        checked([["Surname", "DOB", "Start date", "Previous school"], ["Ash", "01/02/2017", "02/11/2026", ""]]).kind
        is Kind.JOINERS
    )
    leavers = checked([["Surname", "DOB", "Admission date", "Leaving date"], ["Ash", "01/02/2017", "02/09/2024", "02/11/2026"]])
    assert leavers.kind is Kind.LEAVERS


def test_the_senders_own_word_decides_a_table_that_does_not() -> None:
    rows = [["Surname", "DOB", "Date"], ["Ash", "01/02/2017", "02/11/2026"]]
    assert only(checked(rows, kind=Kind.JOINERS)).start_date == date(2026, 11, 2)
    assert only(checked(rows, kind=Kind.LEAVERS)).off_roll_date == date(2026, 11, 2)


def test_a_column_of_movements_lets_each_row_say_itself() -> None:
    answer = checked(
        [
            ["L/J", "Surname", "DOB", "Start date", "Leaving date", "Where to / from"],
            ["L", "Ash", "01/02/2017", "", "02/11/2026", "Tanyard Academy"],
            ["Starter", "Elm", "01/02/2017", "02/11/2026", "", "Tanyard Academy"],
        ]
    )
    leaver, joiner = answer.records
    assert answer.kind is Kind.MOVEMENTS
    assert leaver.destination_laestab == joiner.details["previous_laestab"] == "9914010"


def test_required_rows_examples_totals_and_signatures_are_no_pupils() -> None:
    answer = checked(
        [
            HEADINGS,
            ["Optional", "Required", "Required", "Required", "Required", "Required", "Optional"],
            ["EXAMPLE", "Smith", "Amy", "01/01/2015", "01/09/2026", "9(1)(a)", "Any School"],
            ["", "dd/mm/yyyy", "", "dd/mm/yyyy", "dd/mm/yyyy", "", ""],
            ASH,
            [],
            ["Total", "1"],
            ["Signed:", "A Head", "Date:", "20/11/2026"],
            ["Completed by Mrs Office", "", "", ""],
        ]
    )
    assert [record.row for record in answer.records] == [5]


def test_a_line_with_one_cell_in_a_pupils_column_is_noted_and_not_read() -> None:
    answer = checked([HEADINGS, ASH, ["", "Mrs Office"]])
    assert answer.rows.read == 1
    assert [(f.row, f.severity) for f in answer.findings if f.code == "LINE-NOT-READ"] == [(3, Severity.NOTE)]


def test_headings_repeated_at_a_page_break_continue_the_table() -> None:
    answer = checked([HEADINGS, ASH, HEADINGS, ["", "Elm", *ASH[2:]]])
    assert [record.row for record in answer.records] == [2, 4]


def test_rows_shorter_than_the_headings_are_read() -> None:
    answer = checked([[*HEADINGS, "Notes", "Urgent"], ASH])
    assert answer.verdict is Verdict.ACCEPTED


def test_rows_filled_with_spaces_are_blank() -> None:
    assert checked([HEADINGS, ASH, [" ", "", "  "], ["", "", ""]]).rows.read == 1


def test_labels_over_the_headings_group_them() -> None:
    answer = checked(
        [
            ["Pupil", None, None, "Parent 1", None, "New school", None],
            ["Surname", "DOB", "Leaving date", "Name", "Telephone", "Name", "Start date"],
            ["Ash", "01/02/2017", "02/11/2026", "Mrs Ash", "01632 960001", "Tanyard Academy", "09/11/2026"],
        ]
    )
    record = only(answer)
    assert record.details["parents"] == [{"name": "Mrs Ash", "phone": "01632 960001"}]
    assert record.details["destination_start_date"] == "2026-11-09"


def test_a_second_postcode_belongs_to_what_stands_left_of_it() -> None:
    answer = checked(
        [
            ["Surname", "DOB", "Leaving date", "Ground", "Address", "Postcode", "New address", "Postcode"],
            ["Ash", "01/02/2017", "02/11/2026", "G", "1 Mill Lane", "ZY1 3AB", "2 Quay", "ZY3 1AA"],
        ]
    )
    record = only(answer)
    assert record.home_postcode == "ZY1 3AB"
    assert record.details["new_postcode"] == "ZY3 1AA"
    assert record.details["new_address_lines"] == ["2 Quay"]


def test_a_postcode_is_found_in_the_address() -> None:
    answer = checked(
        [["Surname", "DOB", "Start date", "Address"], ["Ash", "01/02/2017", "02/11/2026", "1 Mill Lane, Thornhaven ZY1 3AB"]]
    )
    assert only(answer).home_postcode == "ZY1 3AB"


def test_a_hidden_sheet_with_pupils_is_a_query_on_the_file_and_not_read() -> None:
    answer = checked(
        grid([HEADINGS, ASH], "Leavers"),
        grid([HEADINGS, ASH], "Old", hidden=True),
        grid([["Sex", "Ground"], ["M", "F"]], "Lists", hidden=True),
    )
    assert answer.rows.read == 1
    assert [(f.code, f.sheet, f.row) for f in answer.findings if f.code == "HIDDEN-SHEET"] == [("HIDDEN-SHEET", "Old", None)]


def test_what_stands_under_an_unknown_heading_is_kept() -> None:
    answer = checked([[*HEADINGS, "Adno"], [*ASH, "4412"]])
    assert only(answer).details["unmapped"] == {"Adno": "4412"}
    assert "HEADING-UNKNOWN" in {f.code for f in answer.findings}


def test_a_learnt_heading_outranks_the_table() -> None:
    terms = SenderTerms("9902001", ("9902001",), headings={"Adno": "row_id", "Destination": "notes"})
    record = only(checked([[*HEADINGS, "Adno"], [*ASH[:5], "9(1)(f)", "home", "4412"]], terms=terms))
    assert record.details["row_id"] == "4412"
    assert record.details["notes"] == "home"
    assert record.destination_school is None


def test_the_stronger_of_two_columns_counts_and_the_other_is_kept() -> None:
    answer = checked(
        [
            [
                "Surname",
                "DOB",
                "Leaving date",
                "Reason for leaving",
                "Destination After Leaving",
                "Destination School",
                "Removal Ground",
            ],
            ["Ash", "01/02/2017", "02/11/2026", "Transferred", "moving on", "Tanyard Academy", "9(1)(a)"],
            ["Elm", "01/02/2017", "02/11/2026", "Left the area", "Quillmead Primary", "", "9(1)(a)"],
        ]
    )
    first, second = answer.records
    assert first.destination_laestab == "9914010"
    assert first.details["mis_leaving_reason"] == "Transferred"
    assert first.details["unmapped"] == {"Destination After Leaving": "moving on"}
    assert second.destination_laestab == "9902003"


def test_without_a_column_for_grounds_the_schools_reason_is_read() -> None:
    answer = checked(
        [["Surname", "DOB", "Leaving date", "Reason for leaving"], ["Ash", "01/02/2017", "02/11/2026", "Home educated"]]
    )
    assert only(answer).deletion_ground == "2024:9(1)(f)"
    assert only(answer).destination_type == "ehe"


def test_a_form_of_one_child_is_a_row() -> None:
    answer = checked(
        grid(
            [
                ["Off roll notification"],
                ["School", "Fernbridge Primary School"],
                ["Surname", "Ash", None, "Forename", "Bo"],
                ["Date of birth:", date(2017, 2, 1)],
                ["Parent 1"],
                ["Name", "Mrs Ash"],
                ["Telephone", "01632 960001"],
                ["Date of leaving: 02/11/2026"],
                ["Reg 9 ground", "9(1)(a)"],
                ["New school", "Tanyard Academy"],
                ["Signed", "A Head"],
            ],
            "Form",
        )
    )
    record = only(answer)
    assert (record.row, record.legal_surname, record.deletion_ground, record.destination_laestab) == (
        3,
        "Ash",
        "2024:9(1)(a)",
        "9914010",
    )
    assert record.details["parents"] == [{"name": "Mrs Ash", "phone": "01632 960001"}]
    assert errors(answer) == []


def test_a_date_column_is_judged_whole_before_any_row_is_read() -> None:
    rows = [
        ["Surname", "DOB", "Leaving date", "Ground"],
        ["Ash", "04/05/2018", "02/11/2026", "F"],
        ["Elm", "03/17/2019", "02/11/2026", "F"],
    ]
    answer = checked(rows)
    assert [r.dob for r in answer.records] == [date(2018, 4, 5), date(2019, 3, 17)]
    assert [r.off_roll_date for r in answer.records] == [date(2026, 11, 2)] * 2
    assert {"DATE-OTHER-ORDER", "DATE-EITHER-ORDER"} <= codes(answer)
    assert "COLUMN-MONTH-FIRST" in {f.code for f in answer.findings}


def test_a_whole_name_in_one_cell_is_split() -> None:
    answer = checked(
        [
            ["Pupil Name", "DOB", "Leaving date", "Ground"],
            ["SMITH, Amy", "01/02/2017", "02/11/2026", "F"],
            ["", "01/02/2017", "02/11/2026", "F"],
            ["Ngawang", "01/02/2017", "02/11/2026", "F"],
        ]
    )
    assert [(r.legal_surname, r.legal_forename) for r in answer.records] == [("SMITH", "Amy"), (None, None), ("Ngawang", None)]
    assert errors(answer) == [(3, "SURNAME-MISSING")]


@pytest.mark.parametrize("heading", ["Confirmed", "Confirmed Y/N", "Confirmation received", "School confirmed"])
def test_a_bare_confirmed_speaks_of_the_destination_only_right_behind_it(heading: str) -> None:
    beside = checked([[*HEADINGS, heading], [*ASH, "Yes"]])
    apart = checked([[*HEADINGS, "CTF sent", heading], [*ASH, "12/11/2026", "Yes"]])
    assert only(beside).details["destination_confirmed"] is True
    assert "destination_confirmed" not in only(apart).details
    assert only(apart).details["unmapped"] == {heading: "Yes"}


@pytest.mark.parametrize("typed", ["Unconfirmed", "Applied for", "waiting list", "To be confirmed by school", "Declined"])
def test_a_place_of_which_more_than_yes_is_said_is_not_confirmed_and_asked_about(typed: str) -> None:
    answer = checked([[*HEADINGS, "Place confirmed"], [*ASH, typed], [*ASH, "Yes"], [*ASH, "No"], [*ASH, ""], [*ASH, "TBC"]])
    assert [r.details.get("destination_confirmed") for r in answer.records] == [False, True, False, None, None]
    assert [(f.row, f.severity, f.field) for f in answer.findings if f.code == "CONFIRMATION-NOT-UNDERSTOOD"] == [
        (2, Severity.QUERY, "destination_confirmed")]


def test_serials_count_from_the_day_that_the_workbook_counts_from() -> None:
    rows = [HEADINGS, ("", "Ash", "Bo", "40238", "44866", "9(1)(a)", "Tanyard Academy")]
    since_1900 = only(checked(grid(rows, "S")))
    since_1904 = only(checked(replace(grid(rows, "S"), date1904=True)))
    assert (since_1900.dob, since_1900.off_roll_date) == (date(2010, 3, 1), date(2022, 11, 1))
    assert (since_1904.dob, since_1904.off_roll_date) == (date(2014, 3, 2), date(2026, 11, 2))


@pytest.mark.parametrize(("answer", "urgent"), [("Y", True), ("Yes", True), ("No", False), ("N", False), ("x", True)])
def test_a_plain_yes_on_a_form_is_an_answer_and_no_heading(answer: str, urgent: bool) -> None:
    form = grid([["Off roll notification"], ["Surname", "Ash"], ["Date of birth", "01/02/2017"], ["Date of leaving",
    "02/11/2026"],
                 ["New school", "Tanyard Academy"], ["Urgent?", answer]], "Form")
    assert only(checked(form)).urgent is urgent
