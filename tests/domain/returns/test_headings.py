from __future__ import annotations

import pytest

from gateway.domain.returns.headings import learn
from gateway.domain.returns.record import DETAIL_FIELDS, MovementKind, PupilRecord
from schemas.headings import load_synonyms, parse_synonyms

TABLE = load_synonyms()
BESIDES = {
    "full_name",
    "full_name_surname_first",
    "full_name_forename_first",
    "destination_number",
    "leaving_reason",
    "movement",
    "school_name",
    "school_number",
    "school_la",
    "part_time_reason",
    "confirmed",
    "ignored",
}

# What stores of templates and management information systems were seen to write, by field.
SEEN = {
    "upn": ("UPN", "\ufeffUPN", "U.P.N.", "Unique Pupil Number", "Unique Pupil No", "Pupil UPN", "UPN Number", "UPN No."),
    "legal_surname": (
        "Surname",
        "Legal Surname",
        "Last Name",
        "Family Name",
        "Pupil Surname",
        "Student Last Name",
        "SURNAME (REQUIRED)",
        "Surname*",
    ),
    "legal_forename": (
        "Forename",
        "First Name",
        "Legal Forename",
        "Forename(s)",
        "Given Name",
        "Pupil Forename",
        "Legal First Name(s)",
        "Legal first name",
    ),
    "preferred_forename": ("Chosen Forename", "Preferred Forename", "Preferred Name", "Known As"),
    "full_name": ("Name", "Pupil Name", "Child's Name", "Legal Name"),
    "dob": ("DOB", "D.O.B.", "Date of Birth", "Birth Date", "Pupil's Date of Birth (dd/mm/yyyy)", "D.O.B"),
    "sex": ("Gender", "Sex", "M/F", "Sex (M/F)"),
    "year_group": ("Year", "Yr", "Year Group", "NC Year", "NCY", "Actual NC Year", "Curriculum Year", "Year taught in"),
    "registration_group": ("Reg Group", "Form", "Tutor Group", "Form/Tutor Group"),
    "school_name": ("School", "School Name", "Establishment"),
    "school_number": ("DfE No", "DfES Number", "LAESTAB", "Estab", "URN", "School Number", "DfE number"),
    "off_roll_date": (
        "Date of Leaving",
        "Leaving Date",
        "DOL",
        "Leave Date",
        "Off Roll Date",
        "Date Off Roll",
        "Date Removed from Roll",
        "Date of Deletion",
        "Date Left",
        "Left",
        "Date Leaving",
        "Date child left school",
        "Date pupil was removed from roll",
    ),
    "last_attendance_date": (
        "Last Date of Attendance",
        "Date Last Attended",
        "LDA",
        "Last Attended",
        "Date Last in Education",
        "Date of last attendance",
    ),
    "start_date": (
        "Date of Admission",
        "Admission Date",
        "DOA",
        "Start Date",
        "On Roll Date",
        "Enrolment Date",
        "Date Joined",
        "Starting Day",
        "Adm. Date",
        "Admissions Date",
    ),
    "deletion_ground": (
        "Ground for Deletion",
        "Grounds for Removal",
        "Removal Ground",
        "Regulation",
        "Reg 8 Code",
        "Reg 9 Code",
        "Deletion Code",
        "Ground for removal (Reg 9)",
    ),
    "leaving_reason": ("Reason", "Reason for Leaving", "Leaving Reason"),
    "destination_school": (
        "Destination",
        "Destination School",
        "New School",
        "Receiving School",
        "Destination Institution",
        "Destination After Leaving",
        "Forwarding School",
        "Next School",
        "Where next?",
        "Destination DfE",
    ),
    "destination_number": ("Destination school LAESTAB", "New School DfE No"),
    "destination_la": ("New LA", "Destination LA", "Destination LEA", "Receiving Authority", "New LA (if known)"),
    "destination_country": ("Destination country", "Country", "If abroad, country"),
    "destination_start_date": ("Start date at next school", "New school start date"),
    "destination_confirmed": (
        "Place confirmed",
        "Confirmation of admission",
        "Confirmed with new school",
        "School place confirmed?",
        "Destination place confirmed",
        "Admission to new school confirmed",
        "Is the place at the new school confirmed",
    ),
    "previous_school": ("Previous School", "Last School", "Former School", "School From", "Last school attended"),
    "new_address_lines": ("New Address", "Forwarding Address", "Address Moving To", "New Address Line 1"),
    "new_address_from": ("New address from",),
    "parents.1.name": (
        "Parent/Carer",
        "Contact 1",
        "Parental Contact",
        "Guardian",
        "P1 Name",
        "Mother",
        "Parent name",
        "Name of parent/carer",
    ),
    "parents.2.name": ("Father", "Parent 2", "Contact 2 Name"),
    "parents.1.phone": ("Parent 1 Mobile", "Contact 1 Tel", "Parent/Carer 1 Telephone", "Mother's mobile"),
    "parents.1.lives_with": ("Parent 1 lives with child",),
    "phone": ("Tel", "Telephone", "Contact No", "Mobile", "Contact Number"),
    "emergency_contact": ("Emergency Contact", "Emergency Contact Number"),
    "sen_status": ("SEN", "SEN Status", "SEND"),
    "ehcp": ("EHCP",),
    "looked_after": ("LAC", "CLA", "In Care", "Looked After"),
    "ehe_letter_date": ("EHE letter date", "Date of parent's letter"),
    "enrolment_status": ("Enrolment status",),
    "urgent": ("Urgent", "Safeguarding concerns?", "Any safeguarding issues to report"),
    "siblings": ("Siblings", "Sibling names and DOB"),
    "ignored": ("Errors", "No."),
}


@pytest.mark.parametrize(("field", "heading"), [(field, heading) for field, headings in SEEN.items() for heading in headings])
def test_a_heading_that_was_seen_is_known(field: str, heading: str) -> None:
    assert TABLE.field_of(heading) == field


def test_case_spaces_punctuation_and_line_breaks_do_not_matter() -> None:
    for heading in ("date of birth", "DATE-OF-BIRTH", "Date\nof Birth", " Date  of Birth: ", "Date_of_Birth"):
        assert TABLE.field_of(heading) == "dob"


def test_some_headings_mean_another_thing_among_joiners() -> None:
    assert TABLE.field_of("Leaving date", MovementKind.JOINER) == "previous_school_leaving_date"
    assert TABLE.field_of("From", MovementKind.JOINER) == "previous_school"
    assert TABLE.field_of("Date", MovementKind.LEAVER) == "off_roll_date"
    assert TABLE.field_of("Date", MovementKind.JOINER) == "start_date"
    assert TABLE.field_of("Date") is None


def test_what_a_sender_taught_comes_first() -> None:
    assert TABLE.field_of("Ad No.", None, learn({"adno": "row_id"})) == "row_id"
    assert TABLE.field_of("Surname", None, learn({"Surname": "preferred_surname"})) == "preferred_surname"


@pytest.mark.parametrize(
    "heading", ["", "  ", "Adno", "Admission Number", "Meals", "x" * 200, "9(1)(a)", "Fernbridge Primary School"]
)
def test_what_is_no_heading_is_none(heading: str) -> None:
    assert TABLE.field_of(heading) is None


def test_parents_of_siblings_and_schools_are_not_the_childs() -> None:
    assert TABLE.field_of("Sibling DOB") == "siblings"
    assert TABLE.field_of("Parent surname") == "parents.1.surname"
    assert TABLE.field_of("Date left previous school") == "previous_school_leaving_date"


@pytest.mark.parametrize("heading", [
    "CTF transfer confirmed", "SLT confirmation", "Leaver confirmed", "Child protection file transfer confirmed",
    "Parent confirmation received", "CTF to new school confirmed", "Safeguarding records confirmed received by new school",
    "School confirmed leaver", "Address confirmed", "Removal from school roll confirmed", "EHE confirmed", "Head confirmed",
    "Off roll confirmed by school", "Confirmed by", "Date place confirmed", "File sent to destination confirmed",
    "Leaving date confirmed with new school", "Confirmed left school",
])
def test_what_else_was_confirmed_confirms_no_place(heading: str) -> None:
    assert TABLE.field_of(heading) != "destination_confirmed"


@pytest.mark.parametrize("heading", [
    "Safeguarding file transferred", "Safeguarding file sent to new school", "Designated Safeguarding Lead",
    "DSL / safeguarding lead",
    "Safeguarding records transferred Y/N", "Date safeguarding file sent", "Safeguarding contact",
])
def test_a_file_or_a_person_for_safeguarding_is_no_alarm(heading: str) -> None:
    assert TABLE.field_of(heading) != "urgent"


def test_every_field_of_the_table_is_one_that_a_record_keeps() -> None:
    known = {*PupilRecord.__dataclass_fields__, *DETAIL_FIELDS, *BESIDES}
    fields = {*TABLE.exact.values(), *(pattern.field for pattern in TABLE.patterns)}
    fields |= {field for each in TABLE.by_movement.values() for field in each.values()}
    assert fields <= known


def test_stronger_headings_come_first_in_their_list() -> None:
    assert TABLE.strength("Destination School") < TABLE.strength("Destination After Leaving")
    assert TABLE.strength("Removal Ground") < TABLE.strength("Reg Code")


def test_one_heading_for_two_fields_is_a_fault_of_the_table() -> None:
    with pytest.raises(ValueError, match="stands for both"):
        parse_synonyms({"fields": {"upn": ["Number"], "row_id": ["number"]}})
