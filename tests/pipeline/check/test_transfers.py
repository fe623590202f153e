from __future__ import annotations

from datetime import date

from gateway.domain.parcels.kinds import Kind, Verdict
from gateway.domain.returns.record import DestinationType, MovementKind
from tests.pipeline.check.grids import codes, errors, only, transferred

ASH = {
    "upn": "R201100018042",
    "legal_surname": "Ash",
    "legal_forename": "Bo",
    "dob": "2017-02-01",
    "sex": "M",
    "year_group": "5",
    "home_postcode": "ZY1 3AB",
    "off_roll_date": "2026-11-02",
    "deletion_ground": "A",
    "destination_code": "9914010",
    "destination_school": "Tanyard Academy",
    "mis_leaving_reason": "OR",
    "address_lines": ["1 Mill Lane"],
    "parents": [{"name": "Mrs Ash", "phone": "01632 960001"}],
    "admission_date": "2024-09-04",
}


def test_a_leaver_of_a_cml_is_read_with_its_details() -> None:
    answer = transferred([ASH])
    record = only(answer)
    assert (answer.kind, answer.verdict, record.row, record.sheet, record.movement) == (
        Kind.CML,
        Verdict.ACCEPTED,
        1,
        None,
        MovementKind.LEAVER,
    )
    assert (record.off_roll_date, record.start_date, record.deletion_ground) == (date(2026, 11, 2), None, "2024:9(1)(a)")
    assert (record.destination_laestab, record.destination_la, record.destination_school) == ("9914010", "991", "Tanyard Academy")
    assert record.details["mis_leaving_reason"] == "OR"
    assert record.details["parents"] == [{"name": "Mrs Ash", "phone": "01632 960001"}]


def test_a_joiner_of_a_cmj_has_a_start_date_and_no_destination() -> None:
    answer = transferred(
        [
            {**ASH, "off_roll_date": None, "start_date": "2026-11-03", "previous_school": "Quillmead Primary School"},
            {"legal_surname": "Elm", "dob": "2017-02-01"},
        ],
        Kind.CMJ,
    )
    first, second = answer.records
    assert (first.movement, first.start_date, first.destination_type, first.deletion_ground) == (
        MovementKind.JOINER,
        date(2026, 11, 3),
        None,
        None,
    )
    assert first.details["previous_laestab"] == "9902003"
    assert errors(answer) == [(2, "START-MISSING")]
    assert second.held


def test_the_letters_of_a_destination_are_understood() -> None:
    plain = {**ASH, "destination_school": None}
    answer = transferred(
        [
            {**plain, "deletion_ground": "I", "destination_code": "XXXXXXX"},
            {**plain, "deletion_ground": "G", "destination_code": "995LLLL"},
            {**plain, "deletion_ground": "G", "destination_code": "MMMMMMM"},
            {**plain, "deletion_ground": "9(1)(f)", "destination_code": None},
        ]
    )
    assert [record.destination_type for record in answer.records] == [
        DestinationType.UNKNOWN,
        DestinationType.OTHER_LA,
        DestinationType.UNKNOWN,
        DestinationType.EHE,
    ]
    assert [record.destination_la for record in answer.records] == [None, "995", None, None]


def test_letters_before_19_august_2024_are_of_the_2006_list() -> None:
    assert only(transferred([{**ASH, "deletion_ground": "B", "off_roll_date": "2024-01-05"}])).deletion_ground == "2006:8(1)(b)"


def test_a_missing_upn_is_a_query_on_the_pupil_and_parents_never_written_one_on_the_file() -> None:
    answer = transferred([{**ASH, "upn": None, "parents": None}])
    assert "UPN-MISSING" in codes(answer)
    assert "parents" in {f.field for f in answer.findings if f.code == "COLUMN-ABSENT"}


def test_a_lost_pupils_file_with_two_pupils_is_queried() -> None:
    answer = transferred([ASH, {**ASH, "upn": None, "legal_forename": "Cy"}], Kind.CTF, destination="XXXXXXX")
    assert "LOST-FILE-MANY" in {f.code for f in answer.findings}
    assert "LOST-FILE-MANY" not in {f.code for f in transferred([ASH], Kind.CTF, destination="XXXXXXX").findings}


def test_elements_without_a_field_are_kept() -> None:
    assert only(transferred([{**ASH, "unmapped": {"fsmhistory": "x"}, "odd": "y"}])).details["unmapped"] == {
        "fsmhistory": "x",
        "odd": "y",
    }


def test_what_is_said_of_such_a_file_speaks_of_pupils_and_elements() -> None:
    answer = transferred([{**ASH, "upn": None, "parents": None, "urgent": "yes"}, ASH, ASH])
    said = " ".join(f"{finding.message} {finding.hint}" for finding in answer.findings)
    assert "There is no UPN for this pupil." in said and "Add the element." in said and "at pupil no. 1" in said
    assert not {"row", "rows", "column", "columns", "cell"} & set(said.lower().replace(".", " ").replace(",", " ").split())
