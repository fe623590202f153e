"""Promise 8: an urgent or safeguarding flag in any row, held ones included, alerts at once, without the child's data."""

from __future__ import annotations

import pytest

from gateway.domain.parcels.kinds import Kind, Verdict
from gateway.domain.returns.record import DestinationType, PupilRecord
from gateway.pipeline.officer import release_hold
from tests.pipeline.check.grids import ASH, HEADINGS, Rows, checked, grid
from tests.safeguards.thornhaven import (
    FERNBRIDGE,
    OFFICER,
    QUILLMEAD,
    SALTMARCH_QUAY,
    Pupil,
    Town,
    joiner,
    leaver,
    to_school,
)

ROWS = {
    "a leaver": leaver(Pupil(1), urgent=True),
    "a held row": leaver(Pupil(1), None, urgent=True, held=True),
    "a row with a confirmed place": leaver(Pupil(1), ground="a", urgent=True,
                                           **to_school(SALTMARCH_QUAY, destination_confirmed=True)),
    "a child who died": leaver(Pupil(1), ground="k", destination=DestinationType.DECEASED, urgent=True),
    "a joiner": joiner(Pupil(1), Town.today, urgent=True),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_it_alerts_from_any_row(thornhaven: Town, row: PupilRecord) -> None:
    thornhaven.send(FERNBRIDGE, row)
    [hold] = thornhaven.holds("urgent")
    assert len(thornhaven.jobs("alert")) == 1
    assert "Ellery" not in hold.reason
    assert "row 2" in hold.reason


FLAGGED = [(*HEADINGS, "Urgent"), (*ASH, ""), ("", "Elm", *ASH[2:], "Yes")]
FOR_A_PERSON: dict[Kind, Rows] = {
    Kind.PART_TIME: [["Part-time timetable return"], ["Surname", "Forename", "DOB", "Hours in school", "Urgent"],
                     ["Elm", "Cy", "01/02/2017", "12", "Yes"]],
    Kind.ENQUIRY: [["CME enquiry form"], ["Surname", "Elm"], ["Safeguarding concerns?", "Yes"]],
    Kind.REFERRAL: [["Referral"], *FLAGGED[:1], FLAGGED[2]],
}


@pytest.mark.parametrize("kind", FOR_A_PERSON)
def test_it_alerts_from_a_kind_that_is_not_yet_handled(thornhaven: Town, kind: Kind) -> None:
    answer = checked(FOR_A_PERSON[kind], kind=kind if kind is Kind.REFERRAL else None)
    assert (answer.kind, answer.verdict) == (kind, Verdict.ACCEPTED)
    parcel = thornhaven.take(FERNBRIDGE, answer)
    assert {hold.what for hold in thornhaven.holds()} == {"urgent", "file"}
    [hold] = thornhaven.holds("urgent")
    assert (hold.about, "row 3" in hold.reason) == (parcel, True)
    assert len(thornhaven.jobs("alert")) == 1


def test_a_refused_file_with_a_flag_still_alerts(thornhaven: Town) -> None:
    answer = checked([["DfE number", QUILLMEAD], *FLAGGED], sender=FERNBRIDGE)
    assert (answer.verdict, answer.records) == (Verdict.REFUSED, ())
    thornhaven.take(FERNBRIDGE, answer)
    [hold] = thornhaven.holds("urgent")
    assert "row 4" in hold.reason
    assert len(thornhaven.jobs("alert")) == 1


@pytest.mark.parametrize("rows", [
    [["Part-time timetable return"], ["Surname", "Forename", "DOB", "Hours in school", "Urgent"], ["Elm", "Cy", "01/02/2017",
    "12", "No"]],
    [["DfE number", QUILLMEAD], *FLAGGED[:2]], [["CME enquiry form"], ["Surname", "Elm"], ["Safeguarding concerns?",
    "None known"]],
])
def test_a_file_for_a_person_in_which_nothing_is_urgent_alerts_nobody(thornhaven: Town, rows: Rows) -> None:
    thornhaven.take(FERNBRIDGE, checked(rows, sender=FERNBRIDGE))
    assert [hold.what for hold in thornhaven.holds()] == ["file"]


def test_every_flagged_row_of_such_a_file_is_its_own_alert(thornhaven: Town) -> None:
    thornhaven.take(FERNBRIDGE, checked([["DfE number", QUILLMEAD], *FLAGGED, FLAGGED[2]], sender=FERNBRIDGE))
    assert len(thornhaven.holds("urgent")) == 2


@pytest.mark.parametrize("kind", [None, Kind.REFERRAL])
def test_an_alert_names_the_row_and_not_the_sheet_which_may_bear_a_childs_name(thornhaven: Town, kind: Kind | None) -> None:
    thornhaven.take(FERNBRIDGE, checked(grid(FLAGGED, "Aisha Khan"), kind=kind))
    [hold] = thornhaven.holds("urgent")
    assert "row 3" in hold.reason
    assert "Aisha" not in f"{hold.reason} {hold.key} {hold.about}"


def test_a_row_that_waits_for_an_answer_alerts_too(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    thornhaven.send(QUILLMEAD, leaver(Pupil(2), urgent=True))
    assert len(thornhaven.holds("urgent")) == 1


def test_each_flagged_row_is_its_own_alert(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), urgent=True), leaver(Pupil(2, "Begum", "Noah"), urgent=True))
    assert len(thornhaven.holds("urgent")) == 2


def test_the_same_flag_next_week_is_the_same_alert_and_a_new_flag_a_new_one(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    for _ in range(3):
        thornhaven.send(FERNBRIDGE, leaver(Pupil(1), urgent=True))
    [hold] = thornhaven.holds("urgent")
    with thornhaven.act() as tx:
        release_hold(tx, thornhaven.ports, hold.id, "the duty officer rang the school", OFFICER, thornhaven.now)
    assert thornhaven.holds("urgent") == []
