"""What becomes of leavers and joiners, seen through the command line of a rehearsal borough."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.borough import ALL_HALLOWS, FERNBRIDGE, QUILLMEAD, Borough, Pupil, joiner, joiners, leaver, leavers

MUSA = Pupil(11)
ZOE = Pupil(12, "D'Souza", "Zoë", "09/10/2017", "5", "ZY1 6LX")
FEED = f"[senders.{ALL_HALLOWS}]\njoiner_feed_from = 2026-09-01\n"
MONDAY = "2026-11-16"


@pytest.fixture
def borough(tmp_path: Path) -> Borough:
    return Borough.found(tmp_path / "990", senders=FEED)


def test_a_leaver_without_a_known_destination_is_one_open_case(borough: Borough) -> None:
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(leaver(MUSA, "13/11/2026", "9(1)(i)", "Unknown")))
    borough.run(MONDAY)
    [case] = borough.cases()
    assert case["state"] == "open"
    assert case["category"] == "left-without-confirmed-destination"
    assert case["upn"] == MUSA.upn
    assert case["last_school"] == FERNBRIDGE
    assert case["responsible_la"] == "990"


def test_the_same_return_four_weeks_running_with_a_correction_is_one_movement_and_one_case(borough: Borough) -> None:
    for week, surname in (("2026-11-16", "Ellery"), ("2026-11-23", "Ellery"), ("2026-11-30", "Ellory"), ("2026-12-07", "Ellory")):
        row = leaver(Pupil(11, surname), "13/11/2026", "9(1)(i)", "Unknown")
        borough.drop(FERNBRIDGE, f"leavers {week}.csv", leavers(row))
        borough.run(week)
    assert len(borough.objects("cases")) == 1
    standing = [m for m in borough.objects("movements") if m["superseded_by"] is None]
    assert len(standing) == 1
    assert standing[0]["legal_surname"] == "Ellory"


def test_a_joiner_is_awaited_from_a_school_with_a_feed_then_overdue_then_a_case(borough: Borough) -> None:
    borough.drop(
        FERNBRIDGE, "leavers.csv", leavers(leaver(ZOE, "13/11/2026", "9(1)(a)", "All Hallows Thornhaven CofE Primary School"))
    )
    borough.run(MONDAY)
    assert borough.cases() == []
    assert borough.holds("confirm-destination") == []
    borough.run("2026-11-30")
    assert borough.holds("overdue") == []
    borough.run("2026-12-01")
    assert len(borough.holds("overdue")) == 1
    assert borough.cases() == []
    borough.run("2026-12-09")
    assert len(borough.cases()) == 1


def test_a_joiner_that_appears_in_time_matches_its_leaver(borough: Borough) -> None:
    borough.drop(
        FERNBRIDGE, "leavers.csv", leavers(leaver(ZOE, "06/11/2026", "9(1)(a)", "All Hallows Thornhaven CofE Primary School"))
    )
    borough.run(MONDAY)
    borough.drop(ALL_HALLOWS, "joiners.csv", joiners(joiner(ZOE, "09/11/2026", "Fernbridge Primary School")))
    borough.run("2026-11-18")
    borough.run("2026-12-20")
    assert borough.objects("cases") == []
    assert borough.holds("overdue") == []
    assert all(movement["matched_with"] for movement in borough.objects("movements"))


def test_a_school_without_a_feed_gives_one_task_to_confirm_the_destination(borough: Borough) -> None:
    row = leaver(ZOE, "13/11/2026", "9(1)(a)", "Quillmead Primary School")
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(row))
    borough.run(MONDAY)
    borough.drop(FERNBRIDGE, "again.csv", leavers(row | {"Sex": "F"}))
    borough.run("2026-11-17")
    assert len(borough.holds("confirm-destination")) == 1
    assert borough.objects("cases") == []


def test_a_joiner_closes_the_case_of_the_child_who_was_lost(borough: Borough) -> None:
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(leaver(MUSA, "06/11/2026", "9(1)(i)", "Unknown")))
    borough.run(MONDAY)
    borough.drop(QUILLMEAD, "joiners.csv", joiners(joiner(MUSA, "12/11/2026", "Fernbridge Primary School")))
    borough.run("2026-11-17")
    [case] = borough.objects("cases")
    assert case["state"] == "closed"
    assert case["closing"]


def test_a_guest_registration_does_not_close_a_case(borough: Borough) -> None:
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(leaver(MUSA, "06/11/2026", "9(1)(i)", "Unknown")))
    borough.run(MONDAY)
    borough.drop(QUILLMEAD, "joiners.csv", joiners(joiner(MUSA, "12/11/2026", Enrolment_status="Guest")))
    borough.run("2026-11-17")
    assert [case["state"] for case in borough.objects("cases")] == ["open"]


def test_a_joiner_dated_ahead_closes_the_case_on_its_day_by_itself(borough: Borough) -> None:
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(leaver(MUSA, "06/11/2026", "9(1)(i)", "Unknown")))
    borough.run(MONDAY)
    borough.drop(QUILLMEAD, "joiners.csv", joiners(joiner(MUSA, "24/11/2026")))
    borough.run("2026-11-17")
    assert [case["state"] for case in borough.objects("cases")] == ["open"]
    borough.run("2026-11-24")
    assert [case["state"] for case in borough.objects("cases")] == ["closed"]


def test_a_joiner_with_the_same_birthday_and_another_upn_is_a_suggestion_not_a_merge(borough: Borough) -> None:
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(leaver(MUSA, "06/11/2026", "9(1)(i)", "Unknown")))
    borough.run(MONDAY)
    borough.drop(QUILLMEAD, "joiners.csv", joiners(joiner(Pupil(99), "12/11/2026")))
    borough.run("2026-11-17")
    assert [case["state"] for case in borough.objects("cases")] == ["open"]
    [suggestion] = borough.objects("match")
    assert suggestion["evidence"]
    done = borough.gateway("match", "accept", suggestion["id"], "--reason", "same child, new number")
    assert done.returncode == 0, done.stderr
    assert [case["state"] for case in borough.objects("cases")] == ["closed"]
    done = borough.gateway("match", "undo", suggestion["id"], "--reason", "a cousin")
    assert done.returncode == 0, done.stderr
    assert [case["state"] for case in borough.objects("cases")] == ["open"]


def test_a_held_row_waits_at_once_and_is_a_provisional_case_after_three_school_days(borough: Borough) -> None:
    row = leaver(MUSA, "31/11/2026", "9(1)(i)", "Unknown")
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(row, leaver(ZOE, "13/11/2026", "9(1)(f)", "EHE")))
    borough.run(MONDAY)
    assert len(borough.holds("rows")) == 1
    assert borough.objects("cases") == []
    borough.run("2026-11-19")
    assert borough.objects("cases") == []
    borough.run("2026-11-20")
    assert [case["state"] for case in borough.objects("cases")] == ["provisional"]


def test_a_post_16_leaver_goes_to_the_participation_team_and_is_no_case(borough: Borough) -> None:
    old = Pupil(31, "Lovell", "George", "05/03/2010", "12")
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(leaver(old, "13/11/2026", "9(1)(l)", "")))
    borough.run(MONDAY)
    assert borough.objects("cases") == []
    assert [handover["team"] for handover in borough.objects("handovers")] == ["participation"]


def test_home_education_is_handed_over_until_acknowledged(borough: Borough) -> None:
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(leaver(MUSA, "13/11/2026", "9(1)(f)", "EHE", EHE_letter_date="12/11/2026")))
    borough.run(MONDAY)
    assert borough.cases() == []
    [handover] = borough.objects("handovers")
    assert handover["team"] == "ehe"
    assert handover["acknowledged_at"] is None
    assert borough.gateway("handovers", "ack", handover["id"]).returncode == 0
    assert borough.objects("handovers") == []


def test_a_child_who_died_is_restricted_and_nothing_is_sent(borough: Borough) -> None:
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(leaver(MUSA, "13/11/2026", "9(1)(k)", "")))
    borough.run(MONDAY)
    [movement] = borough.objects("movements")
    assert movement["restricted"] is True
    assert borough.objects("referrals") == []
    assert borough.cases() == []


def test_abroad_without_a_named_confirmed_school_is_a_case(borough: Borough) -> None:
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(leaver(MUSA, "13/11/2026", "9(1)(g)", "Abroad - Poland")))
    borough.run(MONDAY)
    assert len(borough.cases()) == 1


def test_a_move_into_another_authority_without_a_school_drafts_a_referral_to_where_the_child_lives(borough: Borough) -> None:
    row = leaver(MUSA, "13/11/2026", "9(1)(g)", "Marlowick LA", New_address="4 Tanyard Row", New_postcode="ZY3 1QP")
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(row))
    borough.run(MONDAY)
    [referral] = borough.objects("referrals")
    assert (referral["kind"], referral["direction"], referral["authority"], referral["state"]) == (
        "referral",
        "out",
        "991",
        "drafted",
    )
    [case] = borough.cases()
    assert case["responsible_la"] == "991"
    assert len(borough.holds("release")) == 1


def test_a_named_unconfirmed_school_elsewhere_is_an_enquiry_to_its_authority(borough: Borough) -> None:
    row = leaver(
        MUSA, "13/11/2026", "9(1)(a)", "Saltmarch Quay Primary School", New_address="4 Tanyard Row", New_postcode="ZY3 1QP"
    )
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(row))
    borough.run(MONDAY)
    assert [(r["kind"], r["authority"]) for r in borough.objects("referrals")] == [("enquiry", "992")]


def test_a_confirmed_place_elsewhere_sends_nothing(borough: Borough) -> None:
    row = leaver(MUSA, "13/11/2026", "9(1)(a)", "Saltmarch Quay Primary School", Place_confirmed="Yes")
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(row))
    borough.run(MONDAY)
    assert borough.objects("referrals") == []
    assert borough.cases() == []


def test_an_urgent_flag_in_a_held_row_reaches_contact_and_deputy_without_the_childs_data(borough: Borough) -> None:
    row = leaver(MUSA, "31/11/2026", "9(1)(h)", "Unknown", Urgent="Yes")
    borough.drop(FERNBRIDGE, "leavers.csv", leavers(row))
    borough.run(MONDAY)
    [hold] = borough.holds("urgent")
    notices = [path.read_text(encoding="utf-8") for path in (borough.home / "notices").rglob("*") if path.is_file()]
    assert any("urgent" in notice.lower() for notice in notices)
    assert not any("Ellery" in notice or MUSA.upn in notice for notice in notices)
    assert borough.gateway("holds", "release", hold["id"], "--reason", "duty officer has rung the school").returncode == 0
    assert borough.holds("urgent") == []
