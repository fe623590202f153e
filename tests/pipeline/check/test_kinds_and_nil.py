from __future__ import annotations

import pytest

from gateway.domain.parcels.kinds import Kind, Severity, Verdict
from gateway.domain.parcels.stages import Counts, Offered
from gateway.errors import RefusedError
from gateway.pipeline.check import refusal
from tests.pipeline.check.grids import ASH, HEADINGS, checked, grid

NIL = [
    [HEADINGS],
    [["NIL RETURN"]],
    [["Fernbridge Primary School"], ["No leavers this week"]],
    [HEADINGS, ["NIL"]],
    [HEADINGS, ["No records found"]],
    [HEADINGS, ["N/A"] * 7],
    [HEADINGS, ["", "None", "", "", "", "", ""]],
    [["Leavers"], ["There are no leavers to report."]],
    [["Nothing to report"]],
    [HEADINGS, ["Optional", "Required"]],
    [HEADINGS, ["", " ", ""]],
    [["Number of leavers", "0"], HEADINGS],
]


@pytest.mark.parametrize("rows", NIL)
def test_a_return_without_a_row_is_nil_and_accepted(rows: list[list[str]]) -> None:
    answer = checked(rows)
    assert (answer.kind, answer.verdict, answer.rows, answer.records) == (Kind.NIL, Verdict.ACCEPTED, Counts(), ())


def test_a_blank_template_of_two_sheets_is_nil() -> None:
    joiners = ["Surname", "DOB", "Start date", "Previous school"]
    answer = checked(
        grid([["Return to Thornhaven each week."], ["Nil return: send the form back empty."]], "Read me"),
        grid([HEADINGS], "Leavers"),
        grid([joiners], "Joiners"),
        grid([["Sex", "Ground"]], "Lists", hidden=True),
    )
    assert (answer.kind, answer.verdict) == (Kind.NIL, Verdict.ACCEPTED)


def test_nil_on_one_sheet_does_not_hide_pupils_on_another() -> None:
    answer = checked(
        grid([HEADINGS, ["NIL"]], "Leavers"),
        grid([["Surname", "DOB", "Start date"], ["Ash", "01/02/2017", "02/11/2026"]], "Joiners"),
    )
    assert answer.rows.read == 1


@pytest.mark.parametrize("surname", ["Null", "None", "Nil", "Noone", "Page", "Total", "Key", "Sims", "Notes", "Example"])
def test_a_child_with_a_name_like_a_word_of_the_trade_is_a_child(surname: str) -> None:
    answer = checked([HEADINGS, *[ASH] * 15, ("", surname, *ASH[2:]), (surname, surname, *ASH[2:])])
    assert answer.rows.read >= 16
    assert surname in {record.legal_surname for record in answer.records}


@pytest.mark.parametrize("rows", [[["Item", "Price"], ["Soup", "2.10"]], [ASH], [["Dear all,"], ["please see attached"]]])
def test_what_is_no_return_is_refused_with_a_hint(rows: list[list[str]]) -> None:
    answer = checked(rows)
    (finding,) = [f for f in answer.findings if f.severity is Severity.ERROR]
    assert (answer.kind, answer.verdict, answer.rows, finding.row) == (Kind.UNKNOWN, Verdict.REFUSED, Counts(), None)
    assert finding.hint


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (
            [
                ["Part-time timetable return"],
                ["Surname", "DOB", "Hours in school", "Reason"],
                ["Ash", "01/02/2017", "12", "medical"],
            ],
            Kind.PART_TIME,
        ),
        ([["On roll enquiry"], ["Surname", "Forename", "DOB"], ["Ash", "Bo", "01/02/2017"]], Kind.ENQUIRY),
        ([["CME referral form"], ["Surname", "Forename", "DOB"], ["Ash", "Bo", "01/02/2017"]], Kind.ENQUIRY),
    ],
)
def test_a_kind_that_is_not_read_here_goes_to_a_person(rows: list[list[str]], kind: Kind) -> None:
    answer = checked(rows)
    assert (answer.kind, answer.verdict, answer.rows) == (kind, Verdict.ACCEPTED, Counts())
    assert "KIND-FOR-A-PERSON" in {f.code for f in answer.findings}


def test_all_rows_held_is_still_part_accepted() -> None:
    answer = checked([HEADINGS, ["", "Ash", "", "", "02/11/2026", "F", ""]])
    assert (answer.verdict, answer.rows) == (Verdict.PART_ACCEPTED, Counts(1, 0, 1))


def test_a_reader_that_refuses_becomes_an_answer() -> None:
    answer = refusal(Offered("x.xls", b"", "9902001"), RefusedError("An old workbook.", code="XLS", hint="Save it as XLSX."))
    assert (answer.verdict, answer.rows, answer.sender) == (Verdict.REFUSED, Counts(), "9902001")
    assert [(f.code, f.row, f.severity) for f in answer.findings] == [("XLS", None, Severity.ERROR)]
