"""Held rows (promise 3): an officer sees them at once; uncorrected, each opens a provisional case; corrected, it is decided."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.domain.cases.case import CaseState
from gateway.domain.parcels.kinds import Verdict
from gateway.domain.parcels.parcel import ParcelState
from gateway.pipeline.officer import reject_hold, release_hold
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

NO_DATE = leaver(Pupil(1), None, held=True)
GOOD = leaver(Pupil(2, "Sandhu", "Iris"), ground="a", **to_school(SALTMARCH_QUAY, destination_confirmed=True))


def test_good_rows_flow_and_bad_rows_wait_together(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, NO_DATE, leaver(Pupil(3, "Begum"), born_wrong=True, held=True), GOOD)
    [hold] = thornhaven.holds()
    assert hold.what == "rows"
    assert hold.reason.startswith("2 rows")
    assert len(thornhaven.movements) == 3


def test_a_provisional_case_opens_when_the_third_school_day_has_ended(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, NO_DATE, GOOD)
    thornhaven.pass_to(date(2026, 11, 19))
    assert thornhaven.cases == []
    thornhaven.pass_to(date(2026, 11, 20))
    assert [case.state for case in thornhaven.cases] == [CaseState.PROVISIONAL]


def test_a_row_put_right_in_time_leaves_no_hold_and_no_provisional_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, NO_DATE, GOOD)
    right = leaver(Pupil(1), ground="a", **to_school(SALTMARCH_QUAY, destination_confirmed=True))
    thornhaven.send(FERNBRIDGE, right, GOOD)
    assert thornhaven.holds() == []
    thornhaven.pass_to(date(2026, 12, 18))
    assert thornhaven.cases == []
    assert len(thornhaven.movements) == 2


def test_a_row_put_right_late_makes_the_provisional_case_a_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, NO_DATE)
    thornhaven.pass_to(date(2026, 11, 20))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    assert [case.state for case in thornhaven.cases] == [CaseState.OPEN]


def test_a_row_put_right_to_a_confirmed_place_closes_the_provisional_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, NO_DATE)
    thornhaven.pass_to(date(2026, 11, 20))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(SALTMARCH_QUAY, destination_confirmed=True)))
    [case] = thornhaven.cases
    assert case.state is CaseState.CLOSED
    assert (case.closing or {})["evidence"] == "corrected-by-school"


@pytest.mark.parametrize("wrong", [
    leaver(Pupil(1, born=None), held=True), leaver(Pupil(1, surname=""), held=True), leaver(Pupil(1), None, held=True),
    leaver(Pupil(1, upn=None, born=None), held=True), leaver(Pupil(1, upn=None), None, held=True),
    leaver(Pupil(1), ground="a", destination=None, held=True),
], ids=["date of birth", "surname", "off-roll date", "no UPN, date of birth", "no UPN, off-roll date", "ground a, no school"])
def test_whatever_was_wrong_the_corrected_row_takes_its_place(thornhaven: Town, wrong: object) -> None:
    thornhaven.send(FERNBRIDGE, wrong, GOOD)  # type: ignore[arg-type]
    right = leaver(Pupil(1, upn=None)) if wrong.upn is None else leaver(Pupil(1))  # type: ignore[attr-defined]
    thornhaven.send(FERNBRIDGE, right)
    assert thornhaven.holds() == []
    assert len(thornhaven.open_cases) == 1
    thornhaven.pass_to(date(2026, 12, 18))
    assert len(thornhaven.cases) == 1


def test_two_faulty_rows_are_two_children(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, *(leaver(Pupil(n, "", None, None, None, postcode=""), held=True) for n in (1, 2)))
    thornhaven.pass_to(date(2026, 11, 20))
    assert len(thornhaven.cases) == 2


def test_the_same_held_row_again_is_one_child(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, NO_DATE)
    thornhaven.pass_to(date(2026, 11, 23))
    thornhaven.send(FERNBRIDGE, NO_DATE)
    thornhaven.pass_to(date(2026, 12, 18))
    assert len(thornhaven.cases) == 1


def test_a_held_joiner_is_no_case(thornhaven: Town) -> None:
    thornhaven.send(QUILLMEAD, joiner(Pupil(1), None, held=True))  # type: ignore[arg-type]
    thornhaven.pass_to(date(2026, 12, 18))
    assert thornhaven.cases == []
    assert len(thornhaven.holds("rows")) == 1


def test_a_held_leaver_whose_child_has_an_open_case_opens_no_second(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    thornhaven.send(QUILLMEAD, leaver(Pupil(1), None, held=True))
    thornhaven.pass_to(date(2026, 12, 18))
    assert len(thornhaven.cases) == 1


def test_a_parcel_of_which_every_row_is_held_is_held(thornhaven: Town) -> None:
    parcel = thornhaven.send(FERNBRIDGE, NO_DATE)
    with thornhaven.store.reading() as tx:
        assert tx.parcels.get(parcel).state is ParcelState.HELD


def test_releasing_held_rows_routes_them_as_they_stand(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, NO_DATE, GOOD)
    [hold] = thornhaven.holds("rows")
    with thornhaven.act() as tx:
        release_hold(tx, thornhaven.ports, hold.id, "the date does not matter", OFFICER, thornhaven.now)
    assert [case.state for case in thornhaven.cases] == [CaseState.OPEN]


def test_rejecting_held_rows_withdraws_them(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, NO_DATE, GOOD)
    [hold] = thornhaven.holds("rows")
    with thornhaven.act() as tx:
        reject_hold(tx, thornhaven.ports, hold.id, "another school's child", OFFICER, thornhaven.now)
    thornhaven.pass_to(date(2026, 12, 18))
    assert thornhaven.cases == []


def test_a_refused_file_is_before_a_person_the_same_day(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, verdict=Verdict.REFUSED)
    [hold] = thornhaven.holds()
    assert hold.what == "file"
    assert len(thornhaven.jobs("notice")) == 1
