from __future__ import annotations

import pytest

from gateway.domain.register.establishments import Register
from gateway.domain.register.lookup import home_la, index_register
from tests.domain.register import places

INDEX = places.index()


def found(name: str, la: str | None = None) -> str | None:
    school = INDEX.find(name, la).establishment
    return school.laestab if school else None


@pytest.mark.parametrize(
    "name",
    [
        "All Hallows Thornhaven CofE Primary School",
        "all hallows thornhaven c of e primary school",
        "All Hallows Thornhaven C.E. Primary",
        "All Hallows Thornhaven Church of England Primary Sch.",
        "All Hallows Thornhaven CE Pri School",
        "All Hallows, Thornhaven",
    ],
)
def test_a_school_is_found_whatever_the_punctuation_and_abbreviation(name: str) -> None:
    assert found(name) == places.ALL_HALLOWS


@pytest.mark.parametrize(
    "name", ["St Dymphna's Catholic Academy", "Saint Dymphna’s RC Academy", "ST. DYMPHNAS CATHOLIC ACADEMY", "St Dymphna's"]
)
def test_saints_are_found_with_and_without_their_apostrophe(name: str) -> None:
    assert found(name) == "9904002"


@pytest.mark.parametrize(
    "name",
    ["Tanyard Academy, Marlowick", "Tanyard Academy (Marlowick)", "Tanyard Academy - Marlowick", "Tanyard Academy Marlowick"],
)
def test_a_trailing_town_is_tried_without(name: str) -> None:
    assert found(name) == places.TANYARD_ACADEMY


def test_a_trailing_authority_that_is_not_the_schools_own_finds_nothing() -> None:
    assert found("Tanyard Academy, Pennygate") is None


def test_words_of_kind_may_be_left_out_but_not_contradicted() -> None:
    assert found("Quillmead") == places.QUILLMEAD_PRIMARY
    assert found("Quillmead Primary") == places.QUILLMEAD_PRIMARY
    assert found("Quillmead Academy") is None
    assert found("Mill") is None


def test_a_name_that_two_schools_share_stays_unresolved_unless_the_authority_tells() -> None:
    shared = INDEX.find("Holy Trinity Primary School")
    assert shared.establishment is None
    assert {school.laestab for school in shared.candidates} == {"9912010", "9922011"}
    assert found("Holy Trinity Primary School", "992") == "9922011"
    assert found("Holy Trinity Primary School, Marlowick") == "9912010"


def test_a_closed_school_is_itself_and_has_a_successor() -> None:
    closed = INDEX.find("Oldfield Lane Primary School").establishment
    assert closed is not None
    assert closed.laestab == places.OLDFIELD_LANE_PRIMARY
    successor = INDEX.register.successor(closed.laestab)
    assert successor is not None
    assert successor.laestab == places.OLDFIELD_LANE_ACADEMY


def test_a_bare_name_borne_by_a_closed_school_and_an_open_one_is_the_open_one() -> None:
    assert found("Oldfield Lane") == places.OLDFIELD_LANE_ACADEMY


@pytest.mark.parametrize(
    "text", ["Pennygate", "Pennygate LA", "Pennygate Council", "London Borough of Pennygate", "993", "993LLLL", "pennygate lea"]
)
def test_an_authority_is_found_by_name_and_code(text: str) -> None:
    authority = INDEX.authority(text)
    assert authority is not None
    assert authority.la == "993"


def test_a_school_is_found_by_number_and_urn() -> None:
    assert INDEX.school("9914010") is INDEX.school("990122")
    assert INDEX.school("9999999") is None


def test_a_converted_academy_may_speak_under_its_old_number() -> None:
    assert INDEX.permitted([places.OLDFIELD_LANE_ACADEMY]) == {places.OLDFIELD_LANE_ACADEMY, places.OLDFIELD_LANE_PRIMARY}


@pytest.mark.parametrize(
    ("postcode", "la"),
    [
        ("ZY1 3AB", "990"),
        ("ZY3 1AA", "991"),
        ("ZY3 9CD", "992"),
        ("ZY3 9AB", "993"),
        ("zy39ab", "993"),
        ("ZZ9 9ZZ", None),
        (None, None),
        ("", None),
    ],
)
def test_a_home_lies_where_the_longest_known_part_of_its_postcode_lies(postcode: str | None, la: str | None) -> None:
    assert home_la(places.register(), postcode) == la


def test_an_empty_register_finds_nothing_and_says_that_it_is_empty() -> None:
    index = index_register(Register())
    assert index.empty
    assert index.find("Tanyard Academy").establishment is None
