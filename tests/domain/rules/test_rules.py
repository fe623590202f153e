"""Each rule: one case in which it fires, one in which it does not. The tables below are checked to hold every rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from gateway.domain.returns.record import DestinationType, PupilRecord
from gateway.domain.rules import ALL
from gateway.domain.rules.rule import Cell, Fault, FileFacts, Repeat, Situation
from tests.domain.rules.rows import TODAY, cell, joiner, leaver, situation

RULES = {rule.code: rule for rule in ALL}
NOBODY: dict[str, Any] = {"parents": [], "address_lines": []}

CELLS: dict[str, tuple[Cell, Cell]] = {
    "SURNAME-MISSING": (cell("legal_surname", None), cell("legal_surname", "Null", value="Null")),
    "FORMULA-TEXT": (cell("legal_surname", "=Winters"), cell("legal_surname", "-Brook")),
    "INVISIBLE-CHARACTERS": (cell("legal_surname", "OBrien", raw="O\u200bBrien"), cell("legal_surname", "O’Brien")),
    "NAME-JOINED-UNSEEN": (cell("legal_surname", "El\u200dlery"), cell("legal_surname", "علی\u200cرضا")),
    "NAME-MIXED-ALPHABETS": (cell("legal_forename", "P\u0430vel"), cell("legal_forename", "Павел")),
    "DAMAGED-LETTERS": (cell("legal_surname", "MÃ¼ller"), cell("legal_surname", "Müller")),
    "NAME-SIGNS": (cell("legal_surname", "Sm1th"), cell("legal_surname", "Smith-Okafor")),
    "NAME-TOO-LONG": (cell("legal_surname", "x" * 61), cell("legal_surname", "x" * 60)),
    "NAME-SPLIT": (cell("full_name", "Amy Smith", trouble="guessed"), cell("full_name", "Smith, Amy")),
    "UPN-MISSING": (cell("upn", None), cell("upn", "R201100018042")),
    "UPN-MALFORMED": (cell("upn", "123", trouble="malformed", about="too short"), cell("upn", "R201100018042")),
    "UPN-CHECK-LETTER": (cell("upn", "A201100018042", trouble="check-letter", about="is A"), cell("upn", "R201100018042")),
    "UPN-TEMPORARY": (cell("upn", "T20110001804V", trouble="temporary"), cell("upn", "R201100018042")),
    "ULN-WRONG": (cell("uln", "1", trouble="ULN-LENGTH", about="short"), cell("uln", "1000000000")),
    "DOB-MISSING": (cell("dob", None), cell("dob", "02/03/2017", value=date(2017, 3, 2))),
    "DATE-IMPOSSIBLE": (cell("dob", "31/02/2022", trouble="impossible"), cell("dob", "02/03/2017")),
    "DATE-UNREADABLE": (cell("last_attendance_date", "soon", trouble="impossible"), cell("last_attendance_date", "02/03/2017")),
    "DATE-OTHER-ORDER": (cell("dob", "03/17/2019", trouble="other-order"), cell("dob", "17/03/2019")),
    "DATE-EITHER-ORDER": (cell("dob", "11/10/2019", trouble="either-order"), cell("dob", "17/03/2019")),
    "DOB-IN-FUTURE": (cell("dob", "x", value=TODAY + timedelta(1)), cell("dob", "x", value=TODAY)),
    "DOB-TOO-EARLY": (cell("dob", "x", value=date(1901, 1, 1)), cell("dob", "x", value=date(1901, 1, 2))),
    "SEX-MISSING": (cell("sex", None), cell("sex", "F", value="F")),
    "SEX-NOT-UNDERSTOOD": (cell("sex", "X", trouble="not-understood"), cell("sex", "F", value="F")),
    "YEAR-GROUP-NOT-UNDERSTOOD": (cell("year_group", "KS2", trouble="not-understood"), cell("year_group", "5", value="5")),
    "POSTCODE-SHAPE": (cell("home_postcode", "ZY1", trouble="shape"), cell("home_postcode", "ZY1 3AB")),
    "OFF-ROLL-MISSING": (cell("off_roll_date", None), cell("off_roll_date", "02/11/2026")),
    "GROUND-NOT-UNDERSTOOD": (cell("deletion_ground", "Other", trouble="not-understood"), cell("deletion_ground", "F")),
    "GROUND-OLD-LIST": (cell("deletion_ground", "4", trouble="old-list", about="8(1)(d)"), cell("deletion_ground", "F")),
    "GROUND-NOT-YET": (cell("deletion_ground", "9(1)(f)", trouble="not-yet", about="9(1)(f)"), cell("deletion_ground", "F")),
    "GROUND-CONFLICT": (
        cell("deletion_ground", "B - excluded", trouble="conflict", about="9(1)(b)"),
        cell("deletion_ground", "F"),
    ),
    "DESTINATION-CLOSED": (cell("destination_school", "x", trouble="closed"), cell("destination_school", "x")),
    "DESTINATION-NOT-IN-REGISTER": (cell("destination_school", "x", trouble="not-in-register"), cell("destination_school", "x")),
    "DESTINATION-NAME-SHARED": (
        cell("destination_school", "x", trouble="shared-name", about="1; 2"),
        cell("destination_school", "x"),
    ),
    "DESTINATION-NUMBER": (
        cell("destination_school", "x", trouble="number-disagrees", about="y"),
        cell("destination_school", "x"),
    ),
    "DESTINATION-AUTHORITY": (cell("destination_school", "x", trouble="authority-unknown"), cell("destination_school", "x")),
    "CONFIRMATION-NOT-UNDERSTOOD": (
        cell("destination_confirmed", "Applied for", value=False, trouble="not-understood"),
        cell("destination_confirmed", "No", value=False),
    ),
    "LAST-ATTENDANCE-AHEAD": (
        cell("last_attendance_date", "x", value=TODAY + timedelta(1)),
        cell("last_attendance_date", "x", value=TODAY),
    ),
    "START-MISSING": (cell("start_date", None), cell("start_date", "02/11/2026")),
    "SCHOOL-NOT-KNOWN": (cell("school_name", "x", trouble="not-known"), cell("school_name", "x")),
}

ROWS: dict[str, tuple[PupilRecord, PupilRecord]] = {
    "DOB-NOT-SCHOOL-AGE": (leaver(dob=date(2024, 8, 16)), leaver()),
    "YEAR-GROUP-AGE": (leaver(year_group="7"), leaver(year_group="6")),
    "OFF-ROLL-BEFORE-LAST-ATTENDANCE": (
        leaver(last_attendance_date=date(2026, 11, 3)),
        leaver(last_attendance_date=date(2026, 11, 2)),
    ),
    "NO-DESTINATION-NO-GROUND": (
        leaver(deletion_ground=None, destination_type=None, destination_school=None, destination_laestab=None),
        leaver(deletion_ground=None, destination_type=DestinationType.UNKNOWN, destination_school=None, destination_laestab=None),
    ),
    "GROUND-MISSING": (leaver(deletion_ground=None), leaver(deletion_ground=None, details={"ground_words": "Other"})),
    "GROUND-A-NO-SCHOOL": (leaver(destination_school=None, destination_laestab=None), leaver(destination_laestab=None)),
    "GROUND-SCHOOL-EXPECTED": (
        leaver(deletion_ground="2024:9(1)(c)", destination_school=None, destination_laestab=None),
        leaver(deletion_ground="2024:9(1)(c)"),
    ),
    "MOVED-NO-ADDRESS": (
        leaver(deletion_ground="2024:9(1)(g)", destination_la=None),
        leaver(deletion_ground="2024:9(1)(g)", destination_la=None, details={"new_postcode": "ZY3 1AA"}),
    ),
    "EHE-NO-LETTER-DATE": (
        leaver(deletion_ground="2024:9(1)(f)"),
        leaver(deletion_ground="2024:9(1)(f)", details={"ehe_letter_date": "2026-11-01"}),
    ),
    "GROUND-DESTINATION": (
        leaver(deletion_ground="2024:9(1)(f)"),
        leaver(deletion_ground="2024:9(1)(f)", destination_type=DestinationType.EHE),
    ),
    "GROUND-AGE": (leaver(deletion_ground="2024:9(1)(l)"), leaver(deletion_ground="2024:9(1)(l)", dob=date(2009, 9, 11))),
    "ABSENCE-TOO-SHORT": (
        leaver(deletion_ground="2024:9(1)(i)", last_attendance_date=date(2026, 10, 30)),
        leaver(deletion_ground="2024:9(1)(i)", last_attendance_date=date(2026, 10, 1)),
    ),
    "DESTINATION-OWN-SCHOOL": (leaver(destination_laestab="9902001"), leaver()),
    "ABROAD-NO-COUNTRY": (
        leaver(destination_type=DestinationType.ABROAD),
        leaver(destination_type=DestinationType.ABROAD, destination_country="Poland"),
    ),
    "NEXT-START-TOO-EARLY": (
        leaver(details={"destination_start_date": "2026-09-01"}),
        leaver(details={"destination_start_date": "2026-11-03"}),
    ),
    "MOVEMENT-AHEAD": (leaver(off_roll_date=TODAY + timedelta(1)), leaver(off_roll_date=TODAY)),
    "MOVEMENT-FAR-AHEAD": (joiner(start_date=TODAY + timedelta(400)), joiner(start_date=TODAY + timedelta(300))),
    "MOVEMENT-LONG-AGO": (joiner(start_date=TODAY - timedelta(400)), joiner(start_date=TODAY - timedelta(300))),
    "PREVIOUS-SCHOOL-MISSING": (joiner(details={}), joiner(details={}, year_group="R")),
    "PREVIOUS-OWN-SCHOOL": (joiner(details={"previous_laestab": "9902001"}), joiner()),
    "ADDRESS-MISSING": (leaver(home_postcode=None, details=NOBODY), leaver()),
    "PARENT-MISSING": (leaver(details=NOBODY), leaver()),
    "PHONE-MISSING": (leaver(details={"parents": [{"name": "Mrs Ash"}]}), leaver(details={"phone": "01632 960001"})),
    "URGENT": (leaver(urgent=True), leaver()),
    "ADDRESS-PROTECTED": (leaver(address_protected=True), leaver()),
}

PAIRS: dict[str, tuple[Repeat, Repeat]] = {
    "SAME-CHILD-TWICE": (Repeat("3", same_child=True), Repeat("3", same_child=False)),
    "SAME-CHILD-DIFFERS": (Repeat("3", same_child=True, same_words=False), Repeat("3", same_child=True)),
    "UPN-OF-TWO-CHILDREN": (Repeat("3", same_child=False), Repeat("3", same_child=True)),
}

FILES: dict[str, FileFacts] = {
    "SENDER-NOT-PERMITTED": FileFacts(sender="9902001", foreign=("9902002",)),
    "NO-TABLE-FOUND": FileFacts(nothing_found=True),
    "KIND-FOR-A-PERSON": FileFacts(unread_kind="an enquiry"),
    "HIDDEN-SHEET": FileFacts(hidden=("Old",)),
    "COLUMN-ABSENT": FileFacts(absent=(("parents", "the parents", "leavers"),)),
    "HEADING-UNKNOWN": FileFacts(unknown_headings=((None, "Adno"),)),
    "COLUMN-MONTH-FIRST": FileFacts(month_first=((None, "DOB"),)),
    "LOST-FILE-MANY": FileFacts(pupils_in_lost_file=2),
    "NO-REGISTER": FileFacts(without_register=True),
}


@pytest.mark.parametrize("code", CELLS)
def test_a_cell_rule_fires_when_it_must_and_only_then(code: str) -> None:
    wrong, right = CELLS[code]
    assert _speaks(code, RULES[code].check(wrong))
    assert RULES[code].check(right) is None


@pytest.mark.parametrize("code", ROWS)
def test_a_row_rule_fires_when_it_must_and_only_then(code: str) -> None:
    wrong, right = ROWS[code]
    known: Situation = situation("parents", "phone", "address_lines", "ehe_letter_date", "deletion_ground", "previous_school")
    assert _speaks(code, RULES[code].check(wrong, known))
    assert RULES[code].check(right, known) is None


@pytest.mark.parametrize("code", PAIRS)
def test_a_pair_rule_fires_when_it_must_and_only_then(code: str) -> None:
    wrong, right = PAIRS[code]
    assert _speaks(code, RULES[code].check(wrong))
    assert RULES[code].check(right) is None


@pytest.mark.parametrize("code", FILES)
def test_a_file_rule_fires_when_it_must_and_only_then(code: str) -> None:
    assert all(_speaks(code, facts) for facts in RULES[code].check(FILES[code]))
    assert RULES[code].check(FileFacts()) == []


def _speaks(code: str, facts: Any) -> bool:
    """Whether a rule fired and its words can be said with the facts it gave."""
    return facts is not None and bool(Fault(RULES[code], None, facts).at(None, None).message)
