from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import DestinationType, PupilRecord
from tests.pipeline.check.grids import ASH, HEADINGS, checked, codes, errors, only

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


def test_the_same_child_twice_is_a_note_on_the_later_row_and_twins_are_two() -> None:
    answer = checked([HEADINGS, ASH, ASH, ("", "ASH", "bo", *ASH[3:]), ("G335311012004", "Ash", "Cy", *ASH[3:])])
    assert [(f.row, f.severity, f.field) for f in answer.findings if f.code == "SAME-CHILD-TWICE"] == [
        (3, Severity.NOTE, "upn"),
        (4, Severity.NOTE, "upn"),
    ]
    assert answer.rows.held == 0


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
