from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.matching.likeness import typed_alike, within
from gateway.domain.matching.names import bare, fold, initial, parts
from gateway.domain.matching.sounds import sound


@pytest.mark.parametrize(("one", "other"), [
    ("Zoë", "zoe"), ("D'Souza", "D’Souza"), ("D'Souza", "dsouza"), ("Smith-Jones", "SMITH JONES"), ("Łukasz", "Lukasz"),
    ("Müller", "Muller"), ("Ní Bhriain", "Ni Bhriain"), ("Øster", "Oster"), ("Strauß", "Strauss"), ("St. John", "St John"),
    ("Ana\u0301", "Aná"), ("de la Cruz", "De La Cruz"),
])
def test_a_name_typed_elsewhere_folds_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Al-Hassan", "Hassan"), ("O'Brien", "Brien"), ("van der Berg", "Berg"), ("Mc Kay",
                                                                                                                      "Kay")])
def test_a_particle_is_part_of_the_name_and_left_out_only_for_likeness(one: str, other: str) -> None:
    assert fold(one) != fold(other)
    assert bare(one) == bare(other)


def test_names_of_other_scripts_are_kept() -> None:
    assert fold("Ольга") == "ольга"
    assert fold("محمد") == "محمد"
    assert fold("...") == fold(None) == ""


def test_parts_of_a_double_name_are_evidence_when_long_enough() -> None:
    assert parts("Smith-Jones") == {"smith", "jones"}
    assert parts("de la O") == frozenset()


def test_an_initial_ignores_accents() -> None:
    assert initial("Éloise") == "e"


@pytest.mark.parametrize(("one", "other"), [
    ("Muhammad", "Mohammed"), ("Mohamed", "Mohammed"), ("Philips", "Filips"), ("Clarke", "Klark"), ("Shaikh", "Sheikh"),
    ("Thomson", "Tomson"), ("Stephens", "Stevens"), ("Al-Hassan", "Hasan"),
])
def test_names_that_sound_alike_share_a_sound(one: str, other: str) -> None:
    assert sound(one) == sound(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Ellery", "Sandhu"), ("Begum", "Okonkwo"), ("Whitlock", "Fairclough")])
def test_names_that_do_not_sound_alike_do_not(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@pytest.mark.parametrize(("one", "other", "alike"), [
    ("ellery", "ellory", True), ("ellery", "elelry", True), ("ellery", "ellry", True), ("ellery", "elroy", False),
    ("whitlock", "witlock", True), ("fairclough", "fairclouhg", True), ("ng", "ny", True), ("", "", False), ("a", "", False),
])
def test_slips_of_the_keyboard(one: str, other: str, alike: bool) -> None:
    assert typed_alike(one, other) is alike


WORDS = st.text("abc", max_size=6)


@given(WORDS, WORDS, st.integers(0, 3))
def test_the_bounded_distance_is_the_same_both_ways_and_grows_with_its_bound(one: str, other: str, limit: int) -> None:
    assert within(one, other, limit) == within(other, one, limit)
    assert within(one, one, 0)
    assert not within(one, other, limit) or within(one, other, limit + 1)
