"""Safeguard 7: an instruction to the school, ready only after recorded enquiries and the configured days."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.domain.returns.record import DestinationType
from gateway.domain.s2s.batch import Instruction
from gateway.pipeline.officer import enquiry
from tests.safeguards.thornhaven import (
    FERNBRIDGE,
    OFFICER,
    SALTMARCH_QUAY,
    Pupil,
    Town,
    leaver,
    to_school,
    town,
)


def instructions(place: Town) -> list[Instruction]:
    with place.store.reading() as tx:
        return tx.instructions.where()


def ask(place: Town, times: int = 1) -> None:
    [case] = place.open_cases
    with place.act() as tx:
        for _ in range(times):
            enquiry(tx, place.ports, case.id, "home visit, nobody there", OFFICER, place.now)


@pytest.mark.parametrize(("destination", "to"), [(DestinationType.UNKNOWN, "XXXXXXX"), (DestinationType.ABROAD, "MMMMMMM")])
def test_the_order_is_an_instruction_to_the_childs_own_school(thornhaven: Town, destination: DestinationType, to: str) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), destination=destination))
    assert [(i.school, i.destination, i.state.value) for i in instructions(thornhaven)] == [(FERNBRIDGE, to, "waiting")]


def test_nothing_is_ready_without_a_recorded_enquiry(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    thornhaven.pass_to(date(2027, 1, 15))
    assert [i.state.value for i in instructions(thornhaven)] == ["waiting"]
    ask(thornhaven)
    assert [i.state.value for i in instructions(thornhaven)] == ["ready"]


def test_as_many_enquiries_as_configured() -> None:
    place = town(enquiries_before_s2s=3)
    place.send(FERNBRIDGE, leaver(Pupil(1)))
    ask(place)
    ask(place)
    assert [i.state.value for i in instructions(place)] == ["waiting"]
    ask(place)
    assert [i.state.value for i in instructions(place)] == ["ready"]


def test_the_configured_days_pass_first() -> None:
    place = town(s2s_days=5)
    place.send(FERNBRIDGE, leaver(Pupil(1)))
    ask(place)
    place.pass_to(date(2026, 11, 23))
    assert [i.state.value for i in instructions(place)] == ["waiting"]
    place.pass_to(date(2026, 11, 24))
    assert [i.state.value for i in instructions(place)] == ["ready"]


def test_a_child_with_a_named_school_elsewhere_is_not_lost(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(SALTMARCH_QUAY)))
    assert instructions(thornhaven) == []


def test_a_restricted_child_is_in_no_instruction(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), restricted=True))
    assert len(thornhaven.open_cases) == 1
    assert instructions(thornhaven) == []
