from __future__ import annotations

import pytest

from gateway.domain.parcels.kinds import Kind, Severity, Verdict
from gateway.domain.parcels.stages import Checked
from gateway.domain.policy import SenderTerms
from gateway.domain.register.establishments import Register
from tests.domain.register import places
from tests.pipeline.check.grids import ASH, HEADINGS, checked, grid, only, transferred


def is_refused_for_its_sender(answer: Checked) -> bool:
    (finding,) = [f for f in answer.findings if f.severity is Severity.ERROR]
    return (answer.verdict, answer.rows.read, answer.records, finding.field, finding.row, finding.sheet) == (
        Verdict.REFUSED,
        0,
        (),
        "sender",
        None,
        None,
    )


@pytest.mark.parametrize(
    "line",
    [
        ["DfE number", "990/2002"],
        ["DfE No:", "9902002"],
        ["DfE number: 990/2002"],
        ["School", "All Hallows Thornhaven C of E Primary"],
        ["School:", "All Hallows Thornhaven CofE Primary School", "DfE number", "990 2002"],
        ["All Hallows Thornhaven CofE Primary School"],
        ["LAESTAB", 9902002.0],
        ["URN", "990102"],
    ],
)
def test_a_file_that_names_another_school_above_its_table_is_refused(line: list[object]) -> None:
    assert is_refused_for_its_sender(checked(grid([["Leavers"], line, [], HEADINGS, ASH], "Leavers")))


@pytest.mark.parametrize(
    ("heading", "value"), [("School", "Quillmead Primary School"), ("DfE Number", "990/2003"), ("School name", "Quillmead")]
)
def test_a_row_that_names_another_school_refuses_the_whole_file(heading: str, value: str) -> None:
    own = "Fernbridge Primary School" if heading != "DfE Number" else "9902001"
    assert is_refused_for_its_sender(checked([[heading, *HEADINGS], [own, *ASH], [value, "", "Elm", *ASH[2:]]]))


def test_a_transfer_file_of_another_school_is_refused() -> None:
    assert is_refused_for_its_sender(transferred([{"legal_surname": "Ash"}], source=places.THORNHAVEN_HIGH))


def test_the_senders_own_school_by_number_or_name_is_welcome() -> None:
    for line in (
        ["DfE number", "990/2001"],
        ["School", "Fernbridge Primary"],
        ["School", "Fernbridge Primary School, Thornhaven"],
    ):
        assert checked([line, HEADINGS, ASH]).verdict is Verdict.ACCEPTED


def test_a_converted_academy_may_send_under_its_old_number_and_name() -> None:
    for line in (["DfE number", "990/2005"], ["School", "Oldfield Lane Primary School"]):
        assert checked([line, HEADINGS, ASH], sender=places.OLDFIELD_LANE_ACADEMY).verdict is Verdict.ACCEPTED
    answer = transferred([{"legal_surname": "Ash"}], source=places.OLDFIELD_LANE_PRIMARY, sender=places.OLDFIELD_LANE_ACADEMY)
    assert answer.verdict is not Verdict.REFUSED


def test_the_old_school_may_not_speak_for_the_academy_that_followed() -> None:
    assert is_refused_for_its_sender(checked([["DfE number", "990/2105"], HEADINGS, ASH], sender=places.OLDFIELD_LANE_PRIMARY))


def test_a_trust_speaks_for_its_schools_and_each_row_says_for_which() -> None:
    terms = SenderTerms("9902001", ("9902001", "9902003"))
    answer = checked(
        [["DfE number", *HEADINGS], ["9902001", *ASH], ["990/2003", "", "Elm", *ASH[2:]], ["", "", "Oak", *ASH[2:]]], terms=terms
    )
    assert [record.school for record in answer.records] == [None, "9902003", "9902003"]
    assert is_refused_for_its_sender(checked([["DfE number", *HEADINGS], ["9902002", *ASH]], terms=terms))


def test_a_school_named_above_a_table_stands_for_its_rows() -> None:
    terms = SenderTerms("9902001", ("9902001", "9902003"))
    answer = checked(
        [["School", "Quillmead Primary School"], HEADINGS, ASH, ["DfE number", "990/2001"], HEADINGS, ["", "Elm", *ASH[2:]]],
        [HEADINGS, ["", "Oak", *ASH[2:]]],
        terms=terms,
    )
    assert [record.school for record in answer.records] == ["9902003", None, None]


def test_a_school_that_stands_under_a_table_by_itself_names_nobody() -> None:
    assert checked([HEADINGS, ASH, ["Tanyard Academy"]]).verdict is Verdict.ACCEPTED


def test_a_school_named_once_stands_for_the_rows_below() -> None:
    answer = checked([["School", *HEADINGS], ["Fernbridge Primary School", *ASH], ["", "", "Elm", *ASH[2:]]])
    assert answer.verdict is Verdict.ACCEPTED
    assert [record.school for record in answer.records] == [None, None]


def test_authority_and_establishment_in_two_columns_make_one_number() -> None:
    assert checked([["LEA", "Estab", *HEADINGS], ["990", "2001", *ASH]]).verdict is Verdict.ACCEPTED
    assert is_refused_for_its_sender(checked([["LEA", "Estab", *HEADINGS], ["990", "2002", *ASH]]))


def test_a_destination_beside_the_table_is_not_whose_file_it_is() -> None:
    assert checked([["New school", "Tanyard Academy"], HEADINGS, ASH]).verdict is Verdict.ACCEPTED


def test_a_school_that_the_register_does_not_know_is_a_query_on_the_row() -> None:
    answer = checked([["School", *HEADINGS], ["Our Little School", *ASH]])
    assert [(f.code, f.severity) for f in answer.findings if f.field == "school_name"] == [("SCHOOL-NOT-KNOWN", Severity.QUERY)]
    assert only(answer).school is None


def test_the_sender_is_the_channels_word_else_the_number_that_opens_the_name() -> None:
    assert checked([HEADINGS, ASH], sender=None, name="9902001_leavers.csv").sender == "9902001"
    assert checked([HEADINGS, ASH], sender=None, name="990-2001 leavers.csv").sender == "9902001"
    assert checked([HEADINGS, ASH], sender=None, name="leavers 20261120.csv").sender is None
    assert checked([HEADINGS, ASH], sender="9902001", name="9902002_leavers.csv").sender == "9902001"


def test_nobody_in_particular_may_send_any_schools_file() -> None:
    assert checked([["DfE number", "990/2002"], HEADINGS, ASH], sender=None).verdict is Verdict.ACCEPTED
    assert checked([["DfE number", "990/2002"], HEADINGS, ASH], sender="990").verdict is Verdict.ACCEPTED


def test_without_a_register_a_number_still_refuses_and_a_name_proves_nothing() -> None:
    empty = Register()
    assert is_refused_for_its_sender(checked([["DfE number", "990/2002"], HEADINGS, ASH], register=empty))
    answer = checked([["School", "All Hallows Thornhaven CofE Primary School"], HEADINGS, ASH], register=empty)
    assert answer.verdict is Verdict.ACCEPTED
    assert "NO-REGISTER" in {f.code for f in answer.findings}
    assert only(answer).destination_school == "Tanyard Academy"
    assert only(answer).destination_laestab is None


def test_a_refusal_keeps_the_kind() -> None:
    assert checked([["DfE number", "990/2002"], HEADINGS, ASH]).kind is Kind.LEAVERS
