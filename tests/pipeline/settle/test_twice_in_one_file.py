"""Rows of one file that are about one movement: one movement, and nothing that any of them says is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.domain.matching.child import Child
from gateway.domain.parcels.kinds import Finding, Severity
from gateway.domain.returns.record import DestinationType, PupilRecord
from tests.safeguards.thornhaven import FERNBRIDGE, QUILLMEAD, SALTMARCH_QUAY, Pupil, Town, leaver, to_school

PLACE = to_school(SALTMARCH_QUAY, destination_confirmed=True)
HELD = leaver(Pupil(1), ground="a", destination=None, held=True)      # ground (a) without a school
NOTE = Finding("SAME-CHILD-TWICE", Severity.NOTE, "The same child stands in row 2 already.", "…", row=3, field="upn")


def children(place: Town) -> list[Child]:
    with place.store.reading() as tx:
        return tx.children.where()


def severities(place: Town, parcel: str) -> list[str]:
    with place.store.reading() as tx:
        [receipt] = tx.receipts.where(parcel=parcel)
    return [f["severity"] for f in receipt.body["findings"] if f["code"] == "SAME-CHILD-TWICE"]


@pytest.mark.parametrize("first", [leaver(Pupil(1)), HELD], ids=["a good row", "a held row"])
def test_an_urgent_flag_in_the_second_row_alerts_and_names_that_row(thornhaven: Town, first: PupilRecord) -> None:
    thornhaven.send(FERNBRIDGE, first, leaver(Pupil(1), urgent=True))
    [hold] = thornhaven.holds("urgent")
    assert "row 3" in hold.reason


def test_an_urgent_flag_in_a_held_second_row_alerts(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)), replace(HELD, urgent=True))
    [hold] = thornhaven.holds("urgent")
    assert "row 3" in hold.reason


@pytest.mark.parametrize("flag", ["address_protected", "restricted"])
def test_a_protection_in_the_second_row_protects_the_child(thornhaven: Town, flag: str) -> None:
    raised: dict[str, Any] = {flag: True}
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)), leaver(Pupil(1), **raised))
    assert [getattr(child, flag) for child in children(thornhaven)] == [True]


@pytest.mark.parametrize("held", [False, True])
def test_a_second_row_that_says_the_child_died_restricts(thornhaven: Town, held: bool) -> None:
    died = leaver(Pupil(1), ground="k", destination=DestinationType.DECEASED, held=held)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)), died)
    assert [child.restricted for child in children(thornhaven)] == [True]
    assert [case.restricted for case in thornhaven.cases] == [True]


def test_a_good_row_goes_before_a_held_one_whatever_their_order(thornhaven: Town) -> None:
    iris = leaver(Pupil(2, "Sandhu", "Iris"))
    held = replace(HELD, upn=iris.upn, legal_surname="Sandhu", legal_forename="Iris")
    thornhaven.send(FERNBRIDGE, HELD, leaver(Pupil(1)))
    thornhaven.send(FERNBRIDGE, iris, held)
    assert [(m.held, m.state.value) for m in thornhaven.movements] == [(False, "noted")] * 2
    assert [case.state.value for case in thornhaven.cases] == ["open", "open"]


def test_what_the_first_row_leaves_out_is_taken_from_the_second(thornhaven: Town) -> None:
    less = leaver(Pupil(1, upn=None, postcode=""), home_postcode=None)
    thornhaven.send(FERNBRIDGE, less, leaver(Pupil(1), new_postcode="ZY3 1QP"))
    [movement] = thornhaven.movements
    assert (movement.record.upn, movement.record.details["new_postcode"]) == (Pupil(1).number, "ZY3 1QP")


@pytest.mark.parametrize("rows", [
    (leaver(Pupil(1), ground="a", **PLACE), leaver(Pupil(1), ground="a", **to_school(QUILLMEAD, destination_confirmed=True))),
    (leaver(Pupil(1), ground="f", destination=DestinationType.EHE, ehe_letter_date="2026-11-12"), leaver(Pupil(1), ground="i")),
], ids=["two places", "two grounds"])
def test_rows_that_contradict_each_other_take_no_child_out(thornhaven: Town, rows: tuple[PupilRecord, ...]) -> None:
    thornhaven.send(FERNBRIDGE, *rows)
    assert len(thornhaven.movements) == 1
    assert len(thornhaven.open_cases) == 1


def test_the_file_sent_again_is_the_same_movement(thornhaven: Town) -> None:
    rows = leaver(Pupil(1)), leaver(Pupil(1), urgent=True, new_postcode="ZY3 1QP"), replace(HELD, address_protected=True)
    for _ in range(3):
        thornhaven.send(FERNBRIDGE, *rows)
    with thornhaven.store.reading() as tx:
        assert tx.movements.count() == 1
    assert len(thornhaven.holds("urgent")) == 1


@pytest.mark.parametrize(("other", "severity"), [({}, "note"), ({"new_postcode": "ZY3 1QP"}, "query"),
                                                 ({"urgent": True}, "query")])
def test_the_note_is_a_query_where_the_rows_differ(thornhaven: Town, other: dict[str, Any], severity: str) -> None:
    parcel = thornhaven.send(FERNBRIDGE, leaver(Pupil(1)), leaver(Pupil(1), **other), findings=(NOTE,))
    assert severities(thornhaven, parcel) == [severity]


def test_two_rows_that_lack_the_date_of_birth_are_one_only_where_they_say_the_same(thornhaven: Town) -> None:
    lacks = leaver(Pupil(1, born=None, upn=None), held=True)
    for _ in range(2):
        thornhaven.send(FERNBRIDGE, lacks, lacks, replace(lacks, home_postcode="ZY2 4TT"))
        assert len(thornhaven.movements) == 2
    thornhaven.pass_to(date(2026, 12, 1))
    assert len(thornhaven.open_cases) == 2


def test_two_numbers_under_one_name_stay_two_in_whichever_files_they_come(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    for rows in ([Pupil(2)], [Pupil(2), Pupil(1)], [Pupil(1)], [Pupil(2)]):
        thornhaven.send(FERNBRIDGE, *map(leaver, rows))
        assert sorted(str(m.record.upn) for m in thornhaven.movements) == sorted(str(Pupil(n).number) for n in (1, 2))
        assert len({m.child for m in thornhaven.movements}) == 2
    [suggestion] = thornhaven.suggestions              # and a person is asked
    assert "different UPNs" in suggestion.evidence


def test_a_number_that_the_school_itself_says_it_gave_up_is_the_same_child(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(2), former_upn=Pupil(1).number))
    assert [m.record.upn for m in thornhaven.movements] == [Pupil(2).number]


def test_a_row_without_a_number_beside_two_numbers_is_neither_of_them(thornhaven: Town) -> None:
    for _ in range(2):
        thornhaven.send(FERNBRIDGE, leaver(Pupil(1)), leaver(Pupil(2)), leaver(Pupil(3, upn=None), new_postcode="ZY3 1QP"))
        assert len(thornhaven.movements) == 3
