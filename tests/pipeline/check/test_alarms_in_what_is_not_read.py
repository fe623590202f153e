"""What is for a person, or refused with its rows understood, is heard for urgent flags all the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from gateway.domain.parcels.kinds import Kind, Severity, Verdict
from gateway.domain.parcels.stages import Checked, Counts
from tests.domain.register import places
from tests.pipeline.check.grids import ASH, HEADINGS, checked, grid

PART_TIME = ["Surname", "Forename", "DOB", "Hours in school", "Reason for part time", "Urgent"]
FORM: list[list[Any]] = [["CME enquiry form"], ["To", "Thornhaven"], ["Surname", "Ash", None, "Forename",
"Bo"], ["Date of birth", date(2017, 2, 1)],
        ["UPN", ASH[0]]]


def alarms(answer: Checked) -> list[tuple[str | None, int | None]]:
    """Sheet and row of every alarm."""
    assert {f.severity for f in answer.findings if f.code == "URGENT"} <= {Severity.NOTE}
    return [(f.sheet, f.row) for f in answer.findings if f.code == "URGENT"]


def test_the_rows_of_a_part_time_return_are_read_for_who_they_are_and_what_is_urgent() -> None:
    answer = checked([["Part-time timetable return"], PART_TIME, ["Ash", "Bo", "01/02/2017", "12", "medical", ""],
                      ["Elm", "Cy", "03/04/2016", "5", "anxiety", "Yes"]])
    assert (answer.kind, answer.verdict, answer.rows) == (Kind.PART_TIME, Verdict.ACCEPTED, Counts())
    assert [(r.row, r.legal_surname, r.legal_forename, r.dob, r.urgent, r.held) for r in answer.records] == [
        (3, "Ash", "Bo", date(2017, 2, 1), False, False), (4, "Elm", "Cy", date(2016, 4, 3), True, False)]
    assert alarms(answer) == [(None, 4)]


def test_nothing_but_the_kind_and_the_alarm_is_said_of_them() -> None:
    answer = checked([["Part-time timetable return"], PART_TIME, ["", "Bo", "31/02/2017", "12", "medical", "Yes"]])
    assert {f.code for f in answer.findings if f.row} == {"URGENT"}
    assert "KIND-FOR-A-PERSON" in {f.code for f in answer.findings}
    assert answer.records[0].details == {}


@pytest.mark.parametrize("words", ["Safeguarding: mother has fled", "URGENT, see DSL", "at risk of harm at home",
                                   "medical; child protection concern raised with MASH"])
def test_free_text_in_any_column_of_them_is_heard(words: str) -> None:
    answer = checked([["Part-time timetable return"], PART_TIME, ["Ash", "Bo", "01/02/2017", "12", words, ""]])
    assert alarms(answer) == [(None, 3)]


@pytest.mark.parametrize("words", ["medical", "No safeguarding concerns", "not urgent", "phased return"])
def test_free_text_that_says_nothing_of_the_sort_is_not(words: str) -> None:
    answer = checked([["Part-time timetable return"], PART_TIME, ["Ash", "Bo", "01/02/2017", "12", words, "No"]])
    assert alarms(answer) == []


@pytest.mark.parametrize("line", [
    ["Safeguarding concerns?", "Yes"], ["Urgent:", "Y"], ["Urgent: yes"], ["Notes", "URGENT"], ["Notes: URGENT"],
    ["Reason for enquiry", "Not seen for a week, safeguarding referral made"], ["Year", "5", "Urgent", "Yes"],
    ["URGENT"], ["** URGENT ** ring the DSL today"], ["Immediate risk of harm"], ["URGENT CME ENQUIRY"],
])
def test_a_form_of_enquiry_about_one_child_is_heard(line: Sequence[Any]) -> None:
    answer = checked(grid([*FORM, line], "Form"))
    assert (answer.kind, answer.verdict, answer.rows) == (Kind.ENQUIRY, Verdict.ACCEPTED, Counts())
    assert alarms(answer) == [("Form", 6)]
    assert [(r.row, r.legal_surname, r.upn, r.dob, r.urgent) for r in answer.records] == [
        (3, "Ash", ASH[0], date(2017, 2, 1), True)]


@pytest.mark.parametrize("line", [
    ["Safeguarding concerns?"], ["Urgent"], ["Urgent?", ""], ["Urgent Y/N"], ["Urgent: no"], ["Safeguarding concerns",
    "None known"],
    ["If you have an urgent safeguarding concern ring 000"], ["This form is not a safeguarding referral."],
    ["Designated safeguarding lead", "Mrs Office"], ["Section 3: Safeguarding"], ["Safeguarding"], ["For urgent enquiries: 000"],
    ["Urgent enquiries: 000"], ["Is this urgent?"], ["Please tick if urgent"], ["Urgent contact", "Mrs Office"],
])
def test_the_forms_own_words_are_no_alarm(line: Sequence[Any]) -> None:
    assert alarms(checked(grid([*FORM, line], "Form"))) == []


def test_an_enquiry_without_a_table_or_a_child_that_cries_out_is_heard_by_its_line() -> None:
    answer = checked(grid([["On roll enquiry"], ["URGENT: child not seen since Monday"], ["please ring us"]], "Letter"))
    assert (answer.kind, alarms(answer), answer.records) == (Kind.ENQUIRY, [("Letter", 2)], ())


@pytest.mark.parametrize("lines", [[["CME referral form - URGENT"]], [["CME enquiry form (urgent)"]],
                                   [["Details:"], ["There is an immediate risk of harm to this child."]],
                                   [["Circumstances"], ["Mother has fled; safeguarding referral made"]]])
def test_a_line_that_closes_with_the_alarm_or_answers_the_one_above_is_heard(lines: list[list[Any]]) -> None:
    assert alarms(checked(grid([*FORM, *lines], "Form"))) == [("Form", 5 + len(lines))]


@pytest.mark.parametrize("lines",
[[["Please tick if urgent"]], [["Details:"], ["If there is an immediate risk of harm ring 000"]],
                                   [["Details:"], ["Safeguarding concerns?"]], [["Not urgent"]]])
def test_neither_is_an_instruction_there(lines: list[list[Any]]) -> None:
    assert alarms(checked(grid([*FORM, *lines], "Form"))) == []


def test_a_table_beside_a_form_does_not_hide_the_forms_answers() -> None:
    siblings = [["Siblings"], ["Surname", "Forename", "DOB"], ["Ash", "Di", "03/04/2014"]]
    answer = checked(grid([["CME enquiry form"], ["Child", "Bo Ash"], ["Urgent", "Yes"], *siblings], "Form"))
    assert answer.kind is Kind.ENQUIRY
    assert alarms(answer) == [("Form", 3)]


def test_every_sheet_is_heard_but_hidden_ones() -> None:
    rows = [["Part-time timetable return"], PART_TIME, ["Ash", "Bo", "01/02/2017", "12", "medical", "Yes"]]
    answer = checked(grid(rows, "Autumn"), grid(rows, "Spring"), grid(rows, "Old", hidden=True))
    assert alarms(answer) == [("Autumn", 3), ("Spring", 3)]


@pytest.mark.parametrize("kind", [Kind.PART_TIME, Kind.ENQUIRY, Kind.REFERRAL, Kind.REPLY, Kind.S2S_DOWNLOAD])
def test_so_it_is_with_every_kind_that_is_for_a_person_when_the_sender_names_it(kind: Kind) -> None:
    answer = checked([(*HEADINGS, "Urgent"), (*ASH, "Yes")], kind=kind)
    assert (answer.kind, answer.rows, alarms(answer)) == (kind, Counts(), [(None, 2)])
    assert answer.records[0].off_roll_date is None


def test_a_file_refused_for_its_school_gives_nothing_but_its_alarms() -> None:
    rows = [["DfE number", places.QUILLMEAD_PRIMARY], (*HEADINGS, "Urgent"), (*ASH, ""), ("", "Elm", *ASH[2:], "Yes")]
    answer = checked(rows, sender=places.FERNBRIDGE_PRIMARY)
    assert (answer.verdict, answer.rows, answer.records) == (Verdict.REFUSED, Counts(), ())
    assert alarms(answer) == [(None, 4)]
    assert [(f.code, f.row) for f in answer.findings if f.severity is Severity.ERROR] == [("SENDER-NOT-PERMITTED", None)]


def test_a_file_of_which_nothing_is_understood_is_heard_when_it_cries_out() -> None:
    assert alarms(checked([["Dear all,"], ["URGENT: a child is at risk"]])) == [(None, 2)]
    assert alarms(checked([["Item", "Price"], ["Soup", "2.10"]])) == []


def test_a_return_that_is_read_is_heard_by_its_own_rows_alone() -> None:
    answer = checked([["Urgent: please read"], (*HEADINGS, "Urgent"), (*ASH, "Yes")])
    assert (answer.kind, alarms(answer)) == (Kind.LEAVERS, [(None, 3)])
