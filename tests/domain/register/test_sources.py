"""Which cells of a row name an authority, each by itself; and which place an address ends with."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.domain.register.lookup import index_register
from gateway.domain.returns.destinations import DestinationCells, sources
from gateway.domain.returns.record import DestinationType, MovementKind, PupilRecord
from gateway.pipeline.route.responsibility import asked_about, named_in, of_school
from tests.safeguards.thornhaven import register

INDEX = index_register(register())
QUAY = "Saltmarch Quay Primary School"


@pytest.mark.parametrize(("cells", "named"), [
    (DestinationCells(QUAY), {"name": "992"}),
    (DestinationCells(QUAY, "992/2020"), {"name": "992", "number": "992"}),
    (DestinationCells(QUAY, "991 2010"), {"name": "992", "number": "991"}),
    (DestinationCells(QUAY, None, "Saltmarch Vale"), {"name": "992", "authority": "992"}),
    (DestinationCells(QUAY, None, "Marlowick"), {"name": "992", "authority": "991"}),
    (DestinationCells(None, "9922020"), {"number": "992"}),
    (DestinationCells("a school somewhere", "XXXXXXX"), {}),
    (DestinationCells(None, None, "Marlowick Council"), {"authority": "991"}),
])
def test_each_cell_speaks_for_itself(cells: DestinationCells, named: dict[str, str]) -> None:
    assert sources(cells, INDEX) == named


def _leaver(postcode: str = "ZY1 8GD", **details: Any) -> PupilRecord:
    return PupilRecord(2, None, MovementKind.LEAVER, destination_type=DestinationType.SCHOOL, destination_school=QUAY,
                       destination_laestab="9922020", destination_la="992", home_postcode=postcode, details=details)


def test_what_the_register_says_of_one_cells_school_is_no_second_source() -> None:
    assert of_school(_leaver(), register()) == {"school name": "992"}
    assert of_school(_leaver(destination_sources={"name": "992"}), register()) == {"school name": "992"}


def test_a_typed_number_an_authority_column_and_a_home_there_are_sources_of_their_own() -> None:
    both = {"name": "992", "number": "992"}
    assert of_school(_leaver(destination_sources=both), register()) == {"school name": "992", "school number": "992"}
    assert of_school(_leaver("ZY4 1BD"), register()) == {"school name": "992", "home postcode": "992"}
    assert of_school(_leaver(new_postcode="ZY4 1BD"), register()) == {"school name": "992", "new home postcode": "992"}


def test_a_home_elsewhere_speaks_against_nothing() -> None:
    assert of_school(_leaver("ZY3 1QP"), register()) == {"school name": "992"}
    assert asked_about(_leaver("ZY3 1QP"), register()) == "992"


@pytest.mark.parametrize(("lines", "la"), [
    (["9 Quay Street", "Marlowick"], "991"), (["9 Quay Street", "Marlowick ZY3 2AA"], "991"),
    (["9 Quay Street, Marlowick, Northshire"], "991"), (["9 Quay Street", "London Borough of Marlowick"], "991"),
    (["9 Marlowick Road", "Thornaby"], None), (["9 Marlowick Road, Thornaby"], None), (["Marlowick House", "2 High St"], None),
    (["Marlowick"], None), (["9 Quay Street", "Marlowick", "Saltmarch Vale"], None), ([], None), (None, None),
    ("2 Vale View, Saltmarch Vale", "992"), (["Saltmarch", "2 High Street", "Upper Vale"], None),
])
def test_an_address_names_an_authority_by_one_of_its_last_places_alone(lines: object, la: str | None) -> None:
    assert named_in(lines, register()) == la
