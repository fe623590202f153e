"""Promise 8: an urgent or safeguarding flag in any row, held ones included, alerts at once, without the child's data."""

from __future__ import annotations

import pytest

from gateway.domain.parcels.kinds import Kind, Verdict
from gateway.domain.returns.record import DestinationType, PupilRecord
from gateway.pipeline.officer import release_hold
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


@pytest.mark.parametrize("kind", [Kind.UNKNOWN, Kind.PART_TIME, Kind.ENQUIRY])
def test_it_alerts_from_a_kind_that_is_not_yet_handled(thornhaven: Town, kind: Kind) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), urgent=True), kind=kind)
    assert {hold.what for hold in thornhaven.holds()} == {"urgent", "file"}


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


def test_a_refused_file_with_a_flag_still_alerts(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), urgent=True), verdict=Verdict.REFUSED)
    assert len(thornhaven.holds("urgent")) == 1
