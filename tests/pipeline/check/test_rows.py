from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import DestinationType, PupilRecord
from tests.pipeline.check.grids import ASH, HEADINGS, checked, codes, errors, grid, only

FULL = (
    "UPN",
    "Surname",
    "Forename",
    "DOB",
    "Sex",
    "Year",
    "Postcode",
    "Leaving date",
    "Last attended",
    "Ground",
    "Destination",
    "Start date",
    "Notes",
    "Urgent",
)
SOUND: dict[str, Any] = {
    "UPN": "R201100018042",
    "Surname": "Ash",
    "Forename": "Bo",
    "DOB": "01/02/2017",
    "Sex": "M",
    "Year": "5",
    "Postcode": "ZY1 3AB",
    "Leaving date": "02/11/2026",
    "Last attended": "30/10/2026",
    "Ground": "9(1)(a)",
    "Destination": "Tanyard Academy",
}


def row(**changes: Any) -> tuple[PupilRecord, list[str]]:
    """The record of a leaver's row, sound but for these changes, and the codes of its errors."""
    values = {**SOUND, **{name.replace("_", " "): value for name, value in changes.items()}}
    answer = checked([FULL, [values.get(name, "") for name in FULL]])
    return only(answer), [code for _, code in errors(answer)]


def test_a_sound_row_flows_with_every_value_parsed() -> None:
    record, faults = row()
    assert faults == []
    assert (record.upn, record.dob, record.sex, record.year_group, record.home_postcode) == (
        "R201100018042",
        date(2017, 2, 1),
        "M",
        "5",
        "ZY1 3AB",
    )
    assert (record.off_roll_date, record.last_attendance_date) == (date(2026, 11, 2), date(2026, 10, 30))
    assert (record.deletion_ground, record.destination_type, record.destination_laestab) == (
        "2024:9(1)(a)",
        DestinationType.SCHOOL,
        "9914010",
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Surname": ""}, "SURNAME-MISSING"),
        ({"DOB": ""}, "DOB-MISSING"),
        ({"DOB": "TBC"}, "DOB-MISSING"),
        ({"DOB": "31/02/2017"}, "DATE-IMPOSSIBLE"),
        ({"DOB": "21/11/2026"}, "DOB-IN-FUTURE"),
        ({"DOB": "01/01/1900"}, "DOB-TOO-EARLY"),
        ({"Leaving_date": ""}, "OFF-ROLL-MISSING"),
        ({"Leaving_date": "soon"}, "DATE-IMPOSSIBLE"),
        ({"Last_attended": "03/11/2026"}, "OFF-ROLL-BEFORE-LAST-ATTENDANCE"),
        ({"Ground": "", "Destination": ""}, "NO-DESTINATION-NO-GROUND"),
        ({"Ground": "N/A", "Destination": "TBC"}, "NO-DESTINATION-NO-GROUND"),
        ({"Destination": ""}, "GROUND-A-NO-SCHOOL"),
        ({"Destination": "TBC"}, "GROUND-A-NO-SCHOOL"),
        ({"Destination": "Unknown"}, "GROUND-A-NO-SCHOOL"),
    ],
)
def test_what_cannot_be_used_holds_the_row_with_one_error(changes: dict[str, str], code: str) -> None:
    record, faults = row(**changes)
    assert faults == [code]
    assert record.held


@pytest.mark.parametrize("typed", ["No", "Not received", "none", "awaited", "Yes", "01/03/2027", "see file", "31/02/2026"])
def test_a_parents_letter_without_a_day_that_has_been_is_asked_for(typed: str) -> None:
    answer = checked([(*HEADINGS[:6], "EHE letter date"), ("", "Ash", "Bo", "01/02/2017", "02/11/2026", "9(1)(f)", typed)])
    assert "EHE-NO-LETTER-DATE" in codes(answer, Severity.QUERY)
    assert only(answer).details.get("ehe_letter_date") in (None, "2027-03-01")
    assert ("DATE-UNREADABLE" in codes(answer)) is (typed != "01/03/2027")


@pytest.mark.parametrize("typed", ["02/11/2026", "20/11/2026", "1 Nov 2026"])
def test_a_parents_letter_with_its_day_is_enough(typed: str) -> None:
    answer = checked([(*HEADINGS[:6], "EHE letter date"), ("", "Ash", "Bo", "01/02/2017", "02/11/2026", "9(1)(f)", typed)])
    assert "EHE-NO-LETTER-DATE" not in codes(answer)


@pytest.mark.parametrize("column", ["New address from", "Start date at next school"])
def test_a_day_that_is_none_is_left_out_and_its_words_are_kept_beside_the_record(column: str) -> None:
    record = only(checked([(*HEADINGS, column), (*ASH, "after half term")]))
    assert {"new_address_from", "destination_start_date"}.isdisjoint(record.details)
    assert record.details["unmapped"] == {column: "after half term"}


@pytest.mark.parametrize(
    "changes",
    [
        {"UPN": ""},
        {"UPN": "A201100018042"},
        {"UPN": "nonsense"},
        {"Forename": ""},
        {"Sex": "?"},
        {"Sex": "X"},
        {"Year": "KS2"},
        {"Postcode": "ZY1"},
        {"Last_attended": "soon"},
        {"Ground": "Other"},
        {"Ground": ""},
        {"Ground": "8(1)(b)"},
        {"Destination": "Nethercote Free School"},
        {"Destination": "Oldfield Lane Primary School"},
        {"Surname": "=Winters"},
        {"DOB": "02/13/2017"},
        {"Destination": "Unknown", "Ground": ""},
        {"Start_date": "soon"},
        {"Leaving_date": "02/11/2020", "Last_attended": ""},
        {"Surname": "-Brook"},
        {"Surname": "Null"},
    ],
)
def test_everything_else_flows(changes: dict[str, str]) -> None:
    record, faults = row(**changes)
    assert faults == []
    assert not record.held


def test_a_wrong_upn_is_kept_and_a_placeholder_is_not() -> None:
    assert row(UPN="a 20110001 8042")[0].upn == "A201100018042"
    assert row(UPN="N/A")[0].upn is None


def test_text_that_looks_like_a_formula_is_kept_as_written() -> None:
    assert row(Surname="=Winters")[0].legal_surname == "=Winters"


def test_names_keep_their_capitals_accents_and_apostrophes() -> None:
    record, _ = row(Surname="  O’Brien ", Forename="Zoe\u0308")
    assert (record.legal_surname, record.legal_forename) == ("O’Brien", "Zoë")


def test_a_surname_cell_that_holds_the_whole_name_is_split() -> None:
    record, _ = row(Surname="SMITH, Amy", Forename="")
    assert (record.legal_surname, record.legal_forename) == ("SMITH", "Amy")


def test_a_ground_that_is_not_understood_is_null_and_its_words_are_kept() -> None:
    record, _ = row(Ground="Other")
    assert record.deletion_ground is None
    assert record.details["ground_words"] == "Other"


def test_our_own_authority_is_no_other_authority() -> None:
    record, _ = row(Ground="G", Destination="Thornhaven")
    assert (record.destination_type, record.destination_la) == (DestinationType.UNKNOWN, "990")


def test_an_urgent_flag_or_note_is_heard_even_on_a_row_that_is_held() -> None:
    assert row(Urgent="Y", Surname="")[0].urgent
    assert row(Notes="Safeguarding concern, ring DSL")[0].urgent
    assert not row(Urgent="N", Notes="No safeguarding concerns")[0].urgent


def twice(*rows: Any, heads: Any = HEADINGS) -> list[tuple[int | None, str, Severity]]:
    """What is said of rows that stand for a child of an earlier row."""
    answer = checked([heads, *rows])
    assert {f.field for f in answer.findings if f.code.startswith("SAME-CHILD")} <= {"upn"}
    return [(f.row, f.code, f.severity) for f in answer.findings if f.code.startswith("SAME-CHILD")]


def test_the_same_child_twice_is_a_note_on_the_later_row_and_twins_are_two() -> None:
    assert twice(ASH, ASH, ("G335311012004", "Ash", "Cy", *ASH[3:])) == [(3, "SAME-CHILD-TWICE", Severity.NOTE)]
    assert checked([HEADINGS, ASH, ASH]).rows.held == 0


@pytest.mark.parametrize("later", [
    ("", *ASH[1:]), (*ASH[:4], "03/11/2026", *ASH[5:]), (*ASH[:5], "9(1)(f)", "EHE"), (*ASH[:6], "Quillmead Primary School"),
])
def test_the_same_child_twice_with_other_words_is_a_query_on_the_later_row(later: Any) -> None:
    assert twice(ASH, later) == [(3, "SAME-CHILD-DIFFERS", Severity.QUERY)]


@pytest.mark.parametrize(("column", "value"), [
    ("Urgent", "Yes"), ("Address protected", "Yes"), ("Address", "2 Quay"), ("Parent name", "Mr Ash"), ("Telephone",
    "01632 960999"),
    ("Place confirmed", "Yes"), ("New address", "2 Quay"), ("Siblings", "Cy"), ("SEN", "K"), ("Last attended", "30/10/2026"),
])
def test_so_is_a_second_row_that_differs_in_any_particular(column: str, value: str) -> None:
    heads = (*HEADINGS, column)
    assert twice((*ASH, ""), (*ASH, value), heads=heads) == [(3, "SAME-CHILD-DIFFERS", Severity.QUERY)]
    assert twice((*ASH, value), (*ASH, value), heads=heads) == [(3, "SAME-CHILD-TWICE", Severity.NOTE)]


def test_notes_numbers_and_ways_to_write_a_date_are_no_difference() -> None:
    heads = ("No.", *HEADINGS, "Notes", "Adno", "Sex")
    later = (2, ASH[0].lower(), *ASH[1:3], "1 Feb 2017", "2/11/26", "Reg 9(1)(a)", ASH[6], "rang twice", "17", "female")
    assert twice((1, *ASH, "", "16", "F"), later, heads=heads) == [(3, "SAME-CHILD-TWICE", Severity.NOTE)]


def test_rows_of_several_sheets_are_held_against_each_other() -> None:
    sheets = [grid([HEADINGS, row], title) for title, row in (("Autumn", ASH), ("Spring", ASH), ("Summer", (*ASH[:6], "EHE")))]
    said = [(f.sheet, f.code, f.message) for f in checked(*sheets).findings if f.code.startswith("SAME-CHILD")]
    assert [(sheet, code) for sheet, code, _ in said] == [("Spring", "SAME-CHILD-TWICE"), ("Summer", "SAME-CHILD-DIFFERS")]
    assert all("row 2 of another sheet" in message for *_, message in said)


def test_the_last_of_three_rows_is_held_against_the_first() -> None:
    flagged = (*ASH, "Yes")
    heads = (*HEADINGS, "Urgent")
    assert [code for _, code, _ in twice((*ASH, ""), flagged, (*ASH, ""), heads=heads)] == ["SAME-CHILD-DIFFERS",
    "SAME-CHILD-TWICE"]


def test_one_upn_for_two_children_is_a_query() -> None:
    answer = checked([HEADINGS, ASH, (ASH[0], "Ash", "Cy", *ASH[3:])])
    assert "UPN-OF-TWO-CHILDREN" in codes(answer, Severity.QUERY)


def test_a_column_that_is_not_there_is_one_query_on_the_file() -> None:
    answer = checked([HEADINGS, ASH, ("", "Elm", *ASH[2:])])
    absent = [f for f in answer.findings if f.code == "COLUMN-ABSENT"]
    assert {f.field for f in absent} == {"address_lines", "parents", "phone"}
    assert all(f.row is None for f in absent)


def test_a_statutory_item_missing_in_a_row_is_a_query_on_that_row() -> None:
    heads = (*HEADINGS, "Parent name", "Telephone", "Address")
    answer = checked([heads, (*ASH, "Mrs Ash", "01632 960001", "1 Mill Lane"), ("G335311012004", "Elm", *ASH[2:], "", "", "")])
    assert {(f.row, f.code) for f in answer.findings if f.severity is Severity.QUERY} == {
        (3, "PARENT-MISSING"),
        (3, "PHONE-MISSING"),
        (3, "ADDRESS-MISSING"),
    }


def test_a_leavers_table_without_an_off_roll_column_holds_its_rows() -> None:
    answer = checked([["Surname", "DOB", "Ground", "Destination"], ["Ash", "01/02/2017", "F", ""]])
    assert errors(answer) == [(2, "OFF-ROLL-MISSING")]


def test_a_joiner_needs_a_start_date_and_no_destination() -> None:
    answer = checked(
        [
            ["Surname", "DOB", "Start date", "Previous school"],
            ["Ash", "01/02/2017", "02/11/2026", "Quillmead"],
            ["Elm", "01/02/2017", "", ""],
        ]
    )
    assert errors(answer) == [(3, "START-MISSING")]
    assert answer.records[0].destination_type is None


CELL = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.sampled_from([*ASH, "TBC", "Unknown", "9(1)(a)", "=1+1", "31/02/2020"]),
    st.floats(),
    st.dates(),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, max_size=16), max_size=6))
def test_no_cells_whatever_break_the_check_and_the_counts_agree(rows: list[list[Any]]) -> None:
    answer = checked([FULL, *rows])
    assert answer.rows.read == answer.rows.accepted + answer.rows.held == len(answer.records)
    assert answer.rows.held == sum(record.held for record in answer.records)
    held = {f.row for f in answer.findings if f.severity is Severity.ERROR}
    assert held == {record.row for record in answer.records if record.held}
    assert [PupilRecord.from_json(record.to_json()).row for record in answer.records] == [record.row for record in answer.records]
