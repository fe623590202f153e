from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.identifiers.faults import BadUpnError
from gateway.domain.identifiers.upn import CHECK_LETTERS, Upn, check_letter, is_upn

BODIES = st.text(alphabet=string.digits, min_size=12, max_size=12)


def test_there_are_23_check_letters_without_i_o_and_s() -> None:
    assert len(CHECK_LETTERS) == 23
    assert set(string.ascii_uppercase) - set(CHECK_LETTERS) == set("IOS")


@pytest.mark.parametrize("upn", ["R201100018042", "P307300018001", "G335311012004", "Z801209809069"])
def test_published_numbers_are_read(upn: str) -> None:
    assert Upn.parse(upn).text == upn
    assert not Upn.parse(upn).temporary


@pytest.mark.parametrize("upn", ["T20110001804V", "A30730001800A"])
def test_published_temporary_numbers_are_read_and_said_to_be_temporary(upn: str) -> None:
    assert Upn.parse(upn).temporary


@pytest.mark.parametrize(("upn", "expected"), [("U865346313703", "R"), ("J933207636549", "T")])
def test_a_wrong_check_letter_is_named_with_the_right_one(upn: str, expected: str) -> None:
    with pytest.raises(BadUpnError) as caught:
        Upn.parse(upn)
    assert caught.value.code == "UPN-CHECK-LETTER"
    assert f"is {upn[0]}, expected {expected}" in caught.value.message


def test_a_message_never_prints_the_number() -> None:
    for upn in ("U865346313703", "U8653", "I865346313703", "R2O1100018042", "R20110001804O", "R2011X0018042"):
        with pytest.raises(BadUpnError) as caught:
            Upn.parse(upn)
        assert upn not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("upn", "code"),
    [
        ("R20110001804", "UPN-LENGTH"),
        ("I201100018042", "UPN-FIRST"),
        ("R2O1100018042", "UPN-LA"),
        ("R2011X0018042", "UPN-DIGITS"),
        ("R20110001804I", "UPN-LAST"),
        ("R20110001804٢", "UPN-LENGTH"),
        ("R２01100018042", "UPN-LENGTH"),
    ],
)
def test_a_misshapen_number_is_told_which_character_is_wrong(upn: str, code: str) -> None:
    with pytest.raises(BadUpnError) as caught:
        Upn.parse(upn)
    assert caught.value.code == code


def test_spaces_dashes_and_small_letters_are_forgiven() -> None:
    assert Upn.parse(" r 201-1000 18042 ").text == "R201100018042"


def test_the_first_school_is_read_out_of_a_number() -> None:
    assert Upn.parse("R201100018042").issued_by == "2011000"


@given(BODIES)
def test_every_number_with_its_own_check_letter_is_read(body: str) -> None:
    assert is_upn(check_letter(body) + body)


@given(BODIES, st.integers(0, 11), st.sampled_from(string.digits))
def test_one_wrong_digit_never_passes(body: str, place: int, digit: str) -> None:
    wrong = body[:place] + digit + body[place + 1 :]
    assert wrong == body or not is_upn(check_letter(body) + wrong)


@given(BODIES, st.integers(0, 10))
def test_two_swapped_digits_never_pass(body: str, place: int) -> None:
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert swapped == body or not is_upn(check_letter(body) + swapped)
