"""A file from nobody whom the register or the settings know waits for a person, who may have it read."""

from __future__ import annotations

from gateway.pipeline.officer.holds import release
from tests.safeguards.thornhaven import OFFICER, Pupil, Town, leaver

NOBODY = "9909998"


def test_a_file_of_a_sender_that_nobody_knows_moves_no_child_and_waits_for_a_person(thornhaven: Town) -> None:
    thornhaven.send(NOBODY, leaver(Pupil(1)))
    assert thornhaven.movements == [] and thornhaven.cases == []
    assert [hold.what for hold in thornhaven.holds()] == ["sender"]


def test_a_person_who_knows_whose_it_is_has_it_read(thornhaven: Town) -> None:
    thornhaven.send(NOBODY, leaver(Pupil(1)))
    [hold] = thornhaven.holds("sender")
    with thornhaven.act() as tx:
        release(tx, thornhaven.ports, hold.id, "rang the school, it opened last week", OFFICER, thornhaven.now)
    assert thornhaven.holds("sender") == []
