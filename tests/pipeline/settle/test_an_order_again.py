"""An order carried out again changes nothing, and one without anything to act on does nothing: corrections bring them again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from gateway.domain.cases.case import Category
from gateway.domain.matching.child import SuggestionState
from gateway.domain.parcels import orders as o
from gateway.domain.parcels.matched import Doubt
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.s2s.batch import InstructionState
from gateway.pipeline.carry_out import Subject, carry_out, raise_alarm
from gateway.pipeline.desk import Desk
from gateway.pipeline.officer.holds import release
from gateway.pipeline.suggesting import suggest_doubts
from tests.safeguards.thornhaven import (
    FERNBRIDGE,
    OFFICER,
    QUILLMEAD,
    Pupil,
    Town,
    joiner,
    leaver,
    to_school,
)

CASE = o.OpenCase("no destination", Category.NO_DESTINATION, "990")


@contextmanager
def at_desk(place: Town) -> Iterator[Desk]:
    with place.act() as tx:
        desk = Desk(tx, place.ports, place.now)
        yield desk
        desk.settle()


def ordered(place: Town, movement: Movement, *orders: o.Order) -> Subject:
    """What is left of it when these were carried out, each as an act of its own."""
    for order in orders:
        with at_desk(place) as desk:
            done = carry_out(desk, desk.movements.get(movement.id), (order,))
    return done


def here(place: Town, pupil: int = 1) -> Movement:
    """A child who left for a school of ours: no case, and nothing waits."""
    place.send(FERNBRIDGE, leaver(Pupil(pupil), ground="a", **to_school(QUILLMEAD, confirmed=True)))
    [movement] = [m for m in place.movements if m.record.upn == Pupil(pupil).number]
    assert place.cases == []
    return movement


def put(place: Town, movement: Movement, state: MovementState) -> Movement:
    with place.act() as tx:
        tx.movements.save(replace(tx.movements.get(movement.id), state=state))
        return tx.movements.get(movement.id)


def test_a_destination_is_asked_after_once_about_the_latest_word_and_not_again_when_a_person_knew(thornhaven: Town) -> None:
    movement = here(thornhaven)
    ordered(thornhaven, movement, o.ConfirmDestination("not confirmed"), o.ConfirmDestination("not confirmed yet"))
    [hold] = thornhaven.holds("confirm-destination")
    assert hold.reason == "not confirmed yet"
    with thornhaven.act() as tx:
        release(tx, thornhaven.ports, hold.id, "rang them", OFFICER, thornhaven.now)
    ordered(thornhaven, movement, o.ConfirmDestination("not confirmed"))
    assert thornhaven.holds("confirm-destination") == []


def test_a_child_who_is_late_after_the_summer_stays_late_when_the_same_list_is_asked_for_again(thornhaven: Town) -> None:
    movement, day = here(thornhaven), date(2026, 10, 1)
    with thornhaven.act() as tx:
        tx.movements.save(replace(tx.movements.get(movement.id), state=MovementState.OVERDUE, due=day))
    again = ordered(thornhaven, movement, o.ExpectAtTransfer("a whole cohort changes school", day)).movement
    assert (again.state, again.due) == (MovementState.OVERDUE, day)


def test_a_case_of_a_held_row_leaves_the_row_held(thornhaven: Town) -> None:
    movement = put(thornhaven, here(thornhaven), MovementState.HELD)
    assert ordered(thornhaven, movement, CASE).movement.state is MovementState.HELD
    assert len(thornhaven.cases) == 1


def test_without_a_case_nothing_is_instructed_or_drafted(thornhaven: Town) -> None:
    movement = here(thornhaven)
    ordered(thornhaven, movement, o.InstructSchool("lost", "XXXXXXX"), o.DraftReferral("lives there", "991", {}),
            o.DraftEnquiry("named a school there", "991", {}))
    assert thornhaven.referrals == []
    with thornhaven.act() as tx:
        assert tx.instructions.where() == []


def test_closing_is_suggested_once_and_only_where_something_is_open(thornhaven: Town) -> None:
    movement = put(thornhaven, here(thornhaven), MovementState.NOTED)
    thornhaven.send(QUILLMEAD, joiner(Pupil(7, "Marsh"), date(2026, 11, 16)))
    [came] = [m for m in thornhaven.movements if m.id != movement.id]
    suggested = o.SuggestClosing("a joiner", came.id, ("the registration is a guest's",))
    ordered(thornhaven, movement, suggested)
    assert thornhaven.suggestions == []
    ordered(thornhaven, movement, CASE, suggested, suggested)
    assert [s.state for s in thornhaven.suggestions] == [SuggestionState.OPEN]
    thornhaven.send(QUILLMEAD, joiner(Pupil(8, "Quill"), date(2026, 11, 16)))
    [another] = [m for m in thornhaven.movements if m.id not in (movement.id, came.id)]
    ordered(thornhaven, movement, replace(suggested, joiner=another.id))
    assert [s.movement for s in thornhaven.suggestions] == [came.id, another.id]


def test_two_records_are_put_beside_each_other_once(thornhaven: Town) -> None:
    one = here(thornhaven)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(2, "Quill"), ground="a", **to_school(QUILLMEAD, confirmed=True)))
    [other] = [m for m in thornhaven.movements if m.id != one.id]
    doubt = Doubt(other.child, ("the same name",))
    for new in (1, 0):
        with at_desk(thornhaven) as desk:
            desk.take_out([one.child, other.child])
            assert suggest_doubts(desk, one.child, [doubt]) == new


def test_a_child_is_handed_to_a_team_once(thornhaven: Town) -> None:
    again = o.HandOver("educated at home", "ehe")
    ordered(thornhaven, here(thornhaven), again, again)
    assert thornhaven.teams == ["ehe"]


def test_restricting_ends_what_is_chased_and_what_was_instructed(thornhaven: Town) -> None:
    movement = here(thornhaven)
    thornhaven.send(QUILLMEAD, joiner(Pupil(1), date(2026, 11, 16)))
    [other] = [m for m in thornhaven.movements if m.id != movement.id]
    ordered(thornhaven, movement, CASE, o.InstructSchool("lost", "XXXXXXX"))
    put(thornhaven, other, MovementState.AWAITED)
    done = ordered(thornhaven, put(thornhaven, movement, MovementState.PENDING), o.Restrict("ground (k)"))
    assert done.movement.state is MovementState.NOTED
    with thornhaven.act() as tx:
        assert tx.movements.get(other.id).state is MovementState.NOTED
        assert [i.state for i in tx.instructions.where()] == [InstructionState.WITHDRAWN]


def test_an_alarm_that_somebody_acknowledged_does_not_ring_again(thornhaven: Town) -> None:
    movement = here(thornhaven)
    for _ in range(2):
        with at_desk(thornhaven) as desk:
            raise_alarm(desk, movement.parcel, 2, movement.id)
        for hold in thornhaven.holds("urgent"):
            with thornhaven.act() as tx:
                release(tx, thornhaven.ports, hold.id, "spoke to the school", OFFICER, thornhaven.now)
    assert len(thornhaven.jobs("alert")) == 1
    assert thornhaven.holds("urgent") == []
