"""What travels about a child: the fewest fields, fewer with flags."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from gateway.domain.cases.case import Case, CaseState, Category
from gateway.domain.matching.child import Child
from gateway.domain.policy import Person, Policy
from gateway.domain.referrals.message import MessageKind
from gateway.domain.referrals.minimal import payload, says_died
from gateway.domain.referrals.referral import ReferralKind
from gateway.domain.returns.record import MovementKind, PupilRecord
from schemas.package.bodies import write_body

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
POLICY = Policy("990", "Thornhaven", Person("Alice Osei", "cme@thornhaven.example", "01632 960101"),
                Person("Ben Tran", "deputy@thornhaven.example"), "01632 960100")
CHILD = Child("K1", "D'Souza", "Zoë", date(2017, 10, 9), "A990200124012", "ZY1 6LX")
CASE = Case("C1", "K1", Category.NO_DESTINATION, CaseState.OPEN, NOW, "no destination", last_school="9902001")
RECORD = PupilRecord(
    row=5, sheet=None, movement=MovementKind.LEAVER, upn="A990200124012", legal_surname="D'Souza", legal_forename="Zoë",
    dob=date(2017, 10, 9), sex="F", year_group="5", home_postcode="ZY1 6LX", off_roll_date=date(2026, 11, 13),
    last_attendance_date=date(2026, 11, 12), deletion_ground="2024:9(1)(g)", destination_laestab="9912010",
    destination_school="Marlowick Green Primary", details={
        "former_surname": "Okafor", "former_upn": "B990200124013", "preferred_forename": "Zo",
        "address_lines": ["4 Mill Lane", ""],
        "new_address_lines": ["9 Quay Street"], "new_postcode": "ZY3 2AA", "new_address_from": "2026-11-14",
        "parents": [{"name": "Mr P D'Souza", "phone": "07700900889", "address": ["9 Quay Street", "Marlowick"],
                     "lives_with": True}],
        "siblings": "Theo (Y2)", "sen_status": "K", "ehcp": "N", "notes": "a long story", "unmapped": {"Comment": "another"},
        "social_worker": "Ms X"})


def _texts(value: Any) -> str:
    return str(value)


def _payload(kind: ReferralKind = ReferralKind.REFERRAL, record: PupilRecord | None = RECORD, child: Child = CHILD,
             case: Case = CASE) -> dict[str, Any]:
    return payload(kind, case, child, record, POLICY, enquiries=[(date(2026, 11, 14), "home visit")],
                   school_names={"9902001": "Fernbridge Primary School"})


def test_a_referral_says_who_where_from_where_to_and_whom_to_ring() -> None:
    fields = _payload()
    assert fields["child"]["legal_surname"] == "D'Souza"
    assert fields["last_address"] == {"lines": ["4 Mill Lane"], "postcode": "ZY1 6LX", "source": "the school's register"}
    assert fields["believed_address"]["postcode"] == "ZY3 2AA"
    assert fields["parents"] == [{"name": "Mr P D'Souza", "address": "9 Quay Street, Marlowick", "phone": "07700900889",
                                  "lives_with": True}]
    assert fields["needs"] == {"sen": True, "ehcp": False}
    assert fields["education"]["last_school_name"] == "Fernbridge Primary School"
    assert fields["officer"]["name"] == "Alice Osei"


def test_free_text_and_a_social_workers_name_stay_here() -> None:
    assert not any(word in _texts(_payload()) for word in ("story", "another", "Ms X"))


def test_an_enquiry_says_who_and_nothing_of_where_or_with_whom() -> None:
    fields = _payload(ReferralKind.ENQUIRY)
    assert not {"last_address", "believed_address", "parents", "siblings", "needs"} & set(fields)
    assert "ZY" not in _texts(fields)


@pytest.mark.parametrize("where", ["child", "row"])
def test_a_protected_address_stops_every_address_and_what_leads_to_one(where: str) -> None:
    fields = _payload(record=replace(RECORD, address_protected=where == "row"),
                      child=replace(CHILD, address_protected=where == "child"))
    assert not any(word in _texts(fields) for word in ("ZY1", "ZY3", "Mill Lane", "Quay Street", "0770", "Theo"))
    assert fields["parents"] == [{"name": "Mr P D'Souza"}]


@pytest.mark.parametrize("where", ["child", "row", "case"])
def test_a_restricted_record_stops_former_names_and_every_upn(where: str) -> None:
    fields = _payload(record=replace(RECORD, restricted=where == "row"), child=replace(CHILD, restricted=where == "child"),
                      case=replace(CASE, restricted=where == "case"))
    assert not any(word in _texts(fields) for word in ("Okafor", "B990200124013", "A990200124012"))


def test_a_child_who_died_is_written_about_to_nobody() -> None:
    assert says_died(replace(RECORD, deletion_ground="2024:9(1)(k)"))
    assert says_died(replace(RECORD, deletion_ground="2006:8(1)(j)"))
    assert not says_died(RECORD)
    assert not says_died(None)


@pytest.mark.parametrize("kind", list(ReferralKind))
@pytest.mark.parametrize("record", [RECORD, None, PupilRecord(1, None, MovementKind.LEAVER)], ids=["full", "none", "bare"])
def test_what_is_drafted_is_what_the_package_takes(kind: ReferralKind, record: PupilRecord | None) -> None:
    fields = _payload(kind, record)
    assert json.loads(write_body(MessageKind(kind.value), fields)) == fields


def test_whatever_a_school_typed_fits_into_a_package() -> None:
    long = "Ü" * 5000
    record = replace(RECORD, legal_surname=long, sex="F\x00\n", details={**RECORD.details,
        "address_lines": [long] * 40, "siblings": [long] * 40, "parents": [{"name": long, "phone": "0770\t\x07"}] * 40})
    child = replace(CHILD, legal_surname=long)
    written = json.loads(write_body(MessageKind.REFERRAL, _payload(record=record, child=child)))
    surname = written["child"]["legal_surname"]
    assert surname.endswith("…")                 # what was cut off is seen to be cut off
    assert long.startswith(surname.removesuffix("…"))
    assert "\x00" not in (written["child"]["sex"] or "")
