from __future__ import annotations

import re
from pathlib import Path

import gateway.domain.rules
from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules import ALL
from gateway.domain.rules.rule import Fault, Scope
from tests.domain.rules.test_rules import CELLS, FILES, PAIRS, ROWS

FOLDER = Path(gateway.domain.rules.__file__).parent


def test_every_rule_has_its_own_code_in_capitals() -> None:
    codes = [rule.code for rule in ALL]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[A-Z][A-Z0-9-]+", code) for code in codes)


def test_every_file_of_the_folder_is_in_the_table() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "rule", "table"}
    assert len(files) == len(ALL)


def test_every_rule_has_words_a_hint_and_a_source_in_whole_sentences() -> None:
    for rule in ALL:
        assert rule.title.endswith((".", "?")), rule.code
        assert rule.wording.endswith((".", "}")), rule.code
        assert rule.hint.endswith((".", "?", "}")), rule.code
        assert rule.source, rule.code


def test_no_wording_repeats_what_the_sender_wrote() -> None:
    assert not [rule.code for rule in ALL if "{found}" in rule.wording + rule.hint]


def test_only_the_agreed_faults_hold_a_row() -> None:
    assert {rule.code for rule in ALL if rule.severity is Severity.ERROR and rule.scope is not Scope.FILE} == {
        "SURNAME-MISSING",
        "DOB-MISSING",
        "DATE-IMPOSSIBLE",
        "DOB-IN-FUTURE",
        "DOB-TOO-EARLY",
        "OFF-ROLL-MISSING",
        "OFF-ROLL-BEFORE-LAST-ATTENDANCE",
        "START-MISSING",
        "NO-DESTINATION-NO-GROUND",
        "GROUND-A-NO-SCHOOL",
    }


def test_every_rule_is_shown_to_fire_and_not_to_fire() -> None:
    assert {*CELLS, *ROWS, *PAIRS, *FILES} == {rule.code for rule in ALL}


def test_a_finding_carries_place_words_and_what_was_found() -> None:
    rule = next(rule for rule in ALL if rule.code == "UPN-CHECK-LETTER")
    finding = Fault(rule, "upn", {"about": "UPN check letter is K, expected T", "found": "K…"}).at("Leavers", 7, "UPN No.")
    assert (finding.sheet, finding.row, finding.column, finding.field, finding.found) == ("Leavers", 7, "UPN No.", "upn", "K…")
    assert finding.message == "UPN check letter is K, expected T."
