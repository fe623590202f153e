"""What people do on a case, and the timers of the exchange."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.domain.cases.waiting import Hold
from gateway.domain.parcels.parcel import JobState, ParcelState
from gateway.domain.referrals.referral import ReferralKind, ReferralState
from gateway.errors import GatewayError, UsageError
from gateway.pipeline import officer, stories, views
from gateway.pipeline.reading import reading
from tests.safeguards.thornhaven import (
    FERNBRIDGE,
    OFFICER,
    QUILLMEAD,
    SALTMARCH_QUAY,
    SEEN,
    Pupil,
    Town,
    joiner,
    leaver,
    to_school,
    town,
)


@pytest.fixture
def place() -> Town:
    made = town(caseworkers=("o.hart", "d.lowe"))
    made.send(FERNBRIDGE, leaver(Pupil(1)))
    return made


def do(place: Town, act: Callable[..., Any], *words: Any, **more: Any) -> Any:
    with place.act() as tx:
        return act(tx, place.ports, *words, OFFICER, place.now, **more)


def test_every_act_is_a_line_of_the_cases_story_and_a_leaf(place: Town) -> None:
    id = place.cases[0].id
    do(place, officer.note, id, "rang the school")
    do(place, officer.enquiry, id, "home visit", item="new address", outcome="nobody there", on=date(2026, 11, 14))
    do(place, officer.assign, id, "d.lowe")
    do(place, officer.close, id, SEEN)
    do(place, officer.reopen, id, "another child")
    with place.act() as tx:
        story = stories.case(tx, place.ports, id, OFFICER)
        leaves = {leaf.kind for leaf in tx.leaves.unsequenced(100)}
    assert [event["what"] for event in story["events"]] == [
        "opened", "note", "enquiry", "instruction-ready", "assigned", "closed", "instruction-withdrawn", "reopened",
        "instruction-ready"]
    assert story["events"][2]["text"] == "2026-11-14: home visit; item: new address; outcome: nobody there"
    assert (story["owner"], story["state"], story["closing"]) == ("d.lowe", "open", None)
    assert {"case-opened", "case-note", "case-enquiry", "case-assigned", "case-closed", "case-reopened"} <= leaves


@pytest.mark.parametrize(("act", "words"), [
    (officer.note, ("",)), (officer.assign, (" ",)), (officer.enquiry, ("",)), (officer.close, ("",)), (officer.reopen, ("why",)),
])
def test_an_act_without_words_or_out_of_turn_is_refused(place: Town, act: Callable[..., Any], words: tuple[str, ...]) -> None:
    id = place.cases[0].id
    with pytest.raises(UsageError):
        do(place, act, id, *words)


def test_a_case_is_given_only_to_someone_who_may_work_on_cases(place: Town) -> None:
    id = place.cases[0].id
    with pytest.raises(UsageError) as caught:
        do(place, officer.assign, id, "bob")
    assert caught.value.code == "UNKNOWN-PERSON" and "d.lowe" in caught.value.hint
    do(place, officer.assign, id, "d.lowe")
    do(place, officer.assign, id, OFFICER.user)


def test_words_without_end_are_refused_and_the_message_names_what_was_typed(place: Town) -> None:
    id = place.cases[0].id
    with pytest.raises(UsageError) as caught:
        do(place, officer.note, id, "x" * 2001)
    assert caught.value.code == "TEXT-LONG" and "--evidence" in caught.value.message
    with pytest.raises(UsageError) as caught:
        do(place, officer.note, id, " ")
    assert "--evidence" in caught.value.message and "--reason" not in caught.value.hint


def test_an_enquiry_dated_ahead_or_about_no_item_is_refused(place: Town) -> None:
    id = place.cases[0].id
    for more in ({"on": date(2026, 12, 1)}, {"item": "shoe size"}):
        with pytest.raises(UsageError):
            do(place, officer.enquiry, id, "rang", **more)


def test_a_closed_case_is_not_reopened_beside_a_new_one(place: Town) -> None:
    first = place.cases[0].id
    do(place, officer.close, first, SEEN)
    place.send(QUILLMEAD, leaver(Pupil(1), date(2026, 11, 16)))
    with pytest.raises(UsageError):
        do(place, officer.reopen, first, "again")


def test_an_unknown_id_is_named_in_a_plain_error(place: Town) -> None:
    for act, words in ((officer.close, (SEEN,)), (officer.release_hold, ("why",)), (officer.accept_match, ("why",))):
        with pytest.raises(GatewayError) as caught:
            do(place, act, "C-nothing", *words)
        assert caught.value.exit_code == 64


def test_a_hold_is_cleared_once(place: Town) -> None:
    place.send(FERNBRIDGE, leaver(Pupil(2, "Begum", "Noah"), urgent=True))
    [hold] = place.holds("urgent")
    do(place, officer.release_hold, hold.id, "rang")
    with pytest.raises(UsageError):
        do(place, officer.release_hold, hold.id, "rang")


def test_rejecting_a_draft_withdraws_it() -> None:
    place = town()
    place.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(SALTMARCH_QUAY)))
    [hold] = place.holds("release")
    do(place, officer.reject_hold, hold.id, "the school rang meanwhile")
    assert [r.state for r in place.referrals] == [ReferralState.WITHDRAWN]
    assert place.holds() == []
    assert len(place.open_cases) == 1


def test_an_enquiry_nobody_answers_expires_into_a_referral_to_where_the_child_lives() -> None:
    place = town()
    place.send(FERNBRIDGE, leaver(Pupil(1, postcode="ZY3 1QP"), ground="a", **to_school(SALTMARCH_QUAY)))
    with place.act() as tx:
        [enquiry] = tx.referrals.where()
        tx.referrals.save(replace(enquiry, state=ReferralState.SENT))
        tx.jobs.enqueue("timer", "timer:answer-due:test", place.now, {"what": "answer-due", "about": enquiry.id})
    place.fire()
    assert [(r.kind, r.authority, r.state) for r in place.referrals] == [
        (ReferralKind.ENQUIRY, "992", ReferralState.EXPIRED), (ReferralKind.REFERRAL, "991", ReferralState.DRAFTED)]
    assert "silence" in {hold.what for hold in place.holds()}


def test_a_closed_case_chases_nobody() -> None:
    place = town()
    place.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 6), "a", **to_school(SALTMARCH_QUAY)))
    with place.act() as tx:
        [enquiry] = tx.referrals.where()
        tx.referrals.save(replace(enquiry, state=ReferralState.SENT))
        tx.jobs.enqueue("timer", "timer:answer-due:test", place.now, {"what": "answer-due", "about": enquiry.id})
    place.send(QUILLMEAD, joiner(Pupil(1), date(2026, 11, 9)))
    place.fire()
    assert place.holds() == []


def test_releasing_a_held_job_tries_it_again_as_for_the_first_time_and_its_parcel_is_as_it_came() -> None:
    place = town()
    parcel = place.send(FERNBRIDGE, leaver(Pupil(1)))
    with place.act() as tx:
        tx.parcels.save(replace(tx.parcels.get(parcel), state=ParcelState.HELD, reading=0))
        reading(tx, tx.parcels.get(parcel), 9, place.now)
        [job] = tx.jobs.claim("test", place.now, 60, 1, ["process"])
        tx.jobs.hold(job, "UNEXPECTED ValueError")
        tx.holds.add(Hold(id="H9", what="job", about=job.id, reason="the job process cannot go on", since=place.now, key="job:9"))
    do(place, officer.release_hold, "H9", "the fault was mended")
    with place.act() as tx:
        [job] = tx.jobs.where(id=job.id)
        assert (job.state, job.attempts, job.due_at) == (JobState.READY, 0, place.now)
        assert tx.parcels.get(parcel).state is ParcelState.RECEIVED


def test_lists_have_the_agreed_keys(place: Town) -> None:
    with place.act() as tx:
        [case] = views.cases(tx, OFFICER, place.now)
        [movement] = views.movements(tx, OFFICER, place.now)
    assert {"id", "state", "category", "opened_at", "closed_at", "closing", "upn", "legal_surname", "legal_forename", "dob",
            "last_school", "destination", "clocks", "risk_factors", "responsible_la", "restricted", "parcel"} <= set(case)
    assert {"id", "movement", "upn", "legal_surname", "legal_forename", "dob", "school", "date", "destination_type",
            "destination_laestab", "matched_with", "superseded_by", "restricted", "parcel"} <= set(movement)
    assert all(set(clock) == {"name", "due", "overdue"} for clock in case["clocks"])


def test_a_match_that_was_accepted_and_undone_waits_for_nobody_and_may_be_accepted_again(place: Town) -> None:
    place.send(QUILLMEAD, joiner(Pupil(1, upn=None), date(2026, 11, 16)))
    [asked] = place.suggestions
    do(place, officer.accept_match, asked.id, "the same")
    assert place.open_cases == []
    do(place, officer.undo_match, asked.id, "perhaps not")
    assert place.suggestions == [] and place.holds("suggested-match") == []
    assert len(place.open_cases) == 1
    [case] = place.open_cases
    with place.act() as tx:
        events = [e["what"] for e in stories.case(tx, place.ports, case.id, OFFICER)["events"]]
    assert events.count("reopened") == 1
    do(place, officer.accept_match, asked.id, "the same after all")
    assert place.open_cases == [] and place.holds("suggested-match") == []


def test_a_match_that_was_accepted_and_undone_may_be_rejected(place: Town) -> None:
    place.send(QUILLMEAD, joiner(Pupil(1, upn=None), date(2026, 11, 16)))
    [asked] = place.suggestions
    for act in (officer.accept_match, officer.undo_match, officer.reject_match):
        do(place, act, asked.id, "decided")
    assert place.suggestions == [] and len(place.open_cases) == 1
