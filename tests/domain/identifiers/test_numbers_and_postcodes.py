from __future__ import annotations

import pytest

from gateway.domain.identifiers.faults import BadLaestabError, BadPostcodeError, BadUlnError
from gateway.domain.identifiers.laestab import LaCode, Laestab, is_laestab
from gateway.domain.identifiers.postcode import Postcode
from gateway.domain.identifiers.uln import Uln


@pytest.mark.parametrize("uln", ["1000000000", "1234567899", "9999999998", "4853538681"])
def test_learner_numbers_with_a_right_check_digit_are_read(uln: str) -> None:
    assert Uln.parse(uln).text == uln


@pytest.mark.parametrize("uln", ["2481081875", "9108238231", "5808297121", "12345678", "9999999999", "１000000000"])
def test_other_learner_numbers_are_not(uln: str) -> None:
    with pytest.raises(BadUlnError):
        Uln.parse(uln)


@pytest.mark.parametrize("text", ["9902001", "990/2001", "990 2001", "990-2001", " 990 / 2001 ", "9902001.0", "990.2001"])
def test_a_school_number_is_read_in_every_usual_notation(text: str) -> None:
    assert Laestab.parse(text).text == "9902001"
    assert Laestab.parse(text).la == LaCode("990")


@pytest.mark.parametrize("text", ["990101", "99020011", "990LLLL", "XXXXXXX", "", "９902001"])
def test_what_is_no_school_number_is_refused(text: str) -> None:
    with pytest.raises(BadLaestabError):
        Laestab.parse(text)


def test_a_school_number_is_found_inside_a_longer_text() -> None:
    assert Laestab.inside("Tanyard Academy (991/4010)") == Laestab("9914010")
    assert Laestab.inside("leavers 20261120") is None


def test_only_seven_ascii_digits_are_a_laestab() -> None:
    assert is_laestab("9902001")
    assert not is_laestab("990200８")
    assert not is_laestab(None)


@pytest.mark.parametrize(("text", "code"), [("990", "990"), ("990LLLL", "990"), ("990.0", "990")])
def test_an_authority_code_is_read(text: str, code: str) -> None:
    assert LaCode.parse(text).text == code


@pytest.mark.parametrize(
    ("text", "postcode"), [("zy13ab", "ZY1 3AB"), ("ZY1  3AB", "ZY1 3AB"), ("z12ab", "Z1 2AB"), ("ec1a1bb", "EC1A 1BB")]
)
def test_a_postcode_gets_capitals_and_one_space(text: str, postcode: str) -> None:
    assert Postcode.parse(text).text == postcode


@pytest.mark.parametrize("text", ["ZY1", "ZYI 3AB", "12 Mill Lane", "", "ZY1 3A"])
def test_what_is_no_postcode_is_refused(text: str) -> None:
    with pytest.raises(BadPostcodeError):
        Postcode.parse(text)


def test_a_postcode_is_found_at_the_end_of_an_address() -> None:
    assert Postcode.ending("1 Mill Lane, Thornhaven, ZY1 3AB.") == Postcode("ZY1 3AB")
    assert Postcode.ending("ZY1 3AB, 1 Mill Lane") is None
    assert Postcode("ZY1 3AB").outward == "ZY1"
