from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.returns.ground_table import NEW_LIST_FROM, NUMBERS_2006, REASONS, SHORT_2006, SHORT_2024
from gateway.domain.returns.grounds import Ground, GroundTrouble, read_ground

NOW, THEN = date(2026, 11, 2), date(2024, 1, 5)
LETTERS = "abcdefghijklmno"


def code(text: str, day: date | None = NOW) -> str | None:
    ground = read_ground(text, day).value
    return str(ground) if ground else None


def test_both_lists_have_fifteen_letters_and_every_letter_a_meaning() -> None:
    assert "".join(SHORT_2024) == "".join(SHORT_2006) == NUMBERS_2006 == LETTERS
    assert {reason.new for reason in REASONS} == {*LETTERS, None}
    assert {reason.old for reason in REASONS} == set(LETTERS)


def test_the_new_list_holds_from_19_august_2024() -> None:
    assert date(2024, 8, 19) == NEW_LIST_FROM
    assert code("f", date(2024, 8, 18)) == "2006:8(1)(f)"
    assert code("f", date(2024, 8, 19)) == "2024:9(1)(f)"


@pytest.mark.parametrize(
    "text",
    [
        "9(1)(f)",
        "9 (1) (f)",
        "9-1-f",
        "9/1/f",
        "F (EHE)",
        "(f) (home educated)",
        "9.1.f",
        "9(1)f",
        "9f",
        "Reg 9(1)(f)",
        "Regulation 9(1)(f) - home education",
        "reg9(1)(F)",
        "9(1)(f) EHE",
        "F",
        "f",
        "(f)",
        "Ground F",
        "ground f",
        "Ground (F)",
        "f) EHE",
        "F - Elective home education",
        "Elective home education",
        "EHE",
        "Home educated",
        "Educated otherwise",
    ],
)
def test_ground_f_is_understood_in_every_usual_notation(text: str) -> None:
    assert code(text) == "2024:9(1)(f)"


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("Moved away", "g"),
        ("Left the country", "g"),
        ("No longer lives a reasonable distance away", "g"),
        ("Not returned from leave", "h"),
        ("Failed to return from holiday", "h"),
        ("Continuously absent for 20 school days", "i"),
        ("Whereabouts unknown", "i"),
        ("Permanently excluded", "o"),
        ("PEX", "o"),
        ("Deceased", "k"),
        ("In custody", "j"),
        ("Over compulsory school age", "l"),
        ("Transferred to another school", "a"),
        ("Dual registered", "c"),
        ("Fees unpaid", "m"),
        ("SAO revoked", "e"),
        ("SAO named another school", "d"),
        ("Nursery leaver", "b"),
        ("Ceased to be a pupil", "n"),
    ],
)
def test_words_take_their_meaning_from_the_day(text: str, letter: str) -> None:
    assert code(text) == f"2024:9(1)({letter})"
    reason = Ground(2024, letter).reason
    assert Ground.of(code(text, THEN) or "").reason == reason.replace("revoked", "changed")


def test_a_letter_with_a_digit_behind_it_is_that_letter() -> None:
    assert code("g1") == "2024:9(1)(g)"


@pytest.mark.parametrize("number", range(1, 16))
def test_a_bare_number_is_always_the_2006_list(number: int) -> None:
    expected = f"2006:8(1)({LETTERS[number - 1]})"
    assert code(str(number)) == code(str(number), THEN) == code(f"Ground {number}") == code(f"{number}.0") == expected
    assert read_ground(str(number), NOW).trouble is GroundTrouble.OLD_LIST
    assert read_ground(str(number), THEN).trouble is None


def test_a_2006_ground_after_its_end_is_kept_and_flagged() -> None:
    assert code("8(1)(d)") == "2006:8(1)(d)"
    assert read_ground("8(1)(d)", NOW).trouble is GroundTrouble.OLD_LIST


def test_a_2024_ground_before_its_time_is_kept_and_flagged() -> None:
    assert code("9(1)(f)", THEN) == "2024:9(1)(f)"
    assert read_ground("9(1)(f)", THEN).trouble is GroundTrouble.NOT_YET


def test_letter_and_words_that_agree_in_the_old_list_are_of_the_old_list() -> None:
    assert code("D - Elective home education") == "2006:8(1)(d)"
    assert code("M: permanently excluded") == "2006:8(1)(m)"


def test_letter_and_words_that_agree_nowhere_are_flagged() -> None:
    assert read_ground("B - Permanently excluded", NOW).trouble is GroundTrouble.CONFLICT


@pytest.mark.parametrize(("text", "letter"), [
    ("9(1)(f) - permanently excluded", "f"), ("9(1)(f) permanently excluded", "f"), ("Permanently excluded: 9(1)(f)", "f"),
    ("Reg 9(1)(f), moved abroad", "f"), ("9(1)(j) home educated", "j"), ("9(1)(k) - moved to another school", "k"),
    ("9(1)(o) elective home education", "o"), ("F / G", "f"), ("F/G", "f"), ("f, g", "f"), ("(f) (g)", "f"),
    ("9(1)(f) / 9(1)(g)", "f"),
    ("9(1)(f) or (g)", "f"), ("9(1)(f)/(i)", "f"), ("9(1)(f) 9(1)(o)", "f"), ("Ground F - ground G", "f"), ("F - G", "f"),
    ("F) or O)", "f"), ("9f / 9o", "f"), ("Home educated after permanent exclusion", "o"), ("Deceased / moved abroad", "k"),
    ("In custody, then home educated", "j"), ("Moved abroad, to be home educated", "f"),
])
def test_two_grounds_in_one_cell_are_flagged_so_that_neither_takes_a_child_out(text: str, letter: str) -> None:
    assert code(text) == f"2024:9(1)({letter})"
    assert read_ground(text, NOW).trouble is GroundTrouble.CONFLICT


@pytest.mark.parametrize("text", [
    "9(1)(f) - elective home education", "9(1)(f): parent has written that the child will be educated otherwise than at school",
    "9(1)(a) - registered as a pupil at another school, not named in a school attendance order",
    "9(1)(a) moved house, now at another school", "9(1)(g) - moved away, new school not known",
    "9(1)(h) has not returned within ten school days following leave of absence", "9(1)(i) (ii)", "9(1)(h)(iii)", "9(1)(i)(i)",
    "9(1)(i) continuously absent for 20 school days, whereabouts unknown", "9(1)(l) over compulsory school age, no sixth form",
    "9(1)(n) ceased to be a pupil of the school", "9(1)(d) school attendance order changed to another school", "9(1)(k) died",
    "9(1)(j) - detained under a sentence", "9(1)(o) permanently excluded", "F - F", "9(1)(f) (F)", "9(1)(f) - see letter", "A: A",
    "Moved to another school", "Failed to return from holiday", "Moved away, new school", "9(1)(e) order revoked",
    "9(1)(b) after nursery, another school", "9(1)(m) boarder, fees unpaid", "9(1)(c) dual registered, other school agrees",
])
def test_words_that_agree_with_the_letter_are_not_flagged(text: str) -> None:
    assert read_ground(text, NOW).value is not None
    assert read_ground(text, NOW).trouble is None


@pytest.mark.parametrize("text", [
    "Not home educated", "Parent considering home education", "may be home educated", "Possibly in custody (detained)",
    "No permanent exclusion", "? home educated", "Threatens to home educate", "refuses to say whether home educated",
])
def test_what_is_denied_or_only_considered_takes_no_child_out(text: str) -> None:
    assert read_ground(text, NOW).value is None
    assert read_ground(text, NOW).trouble is GroundTrouble.NOT_UNDERSTOOD


@pytest.mark.parametrize("text", ["f or g", "F & G", "F G", "F+G", "either f or i", "FG", "a-o", "9(1)", "9(1)(f"[:4]])
def test_what_may_be_one_of_several_is_not_chosen_from(text: str) -> None:
    reading = read_ground(text, NOW)
    assert reading.trouble in (GroundTrouble.NOT_UNDERSTOOD, GroundTrouble.CONFLICT)


@pytest.mark.parametrize("text", ["Other", "16", "0", "9(3)(a)", "z", "9(1)(p)", "See notes", "Grounds"])
def test_what_is_no_ground_is_none_and_flagged(text: str) -> None:
    assert read_ground(text, NOW).value is None
    assert read_ground(text, NOW).trouble is GroundTrouble.NOT_UNDERSTOOD


@pytest.mark.parametrize("text", [None, "N/A", "TBC", "-"])
def test_a_placeholder_is_no_ground_and_no_fault(text: str | None) -> None:
    assert read_ground(text, NOW).value is None
    assert read_ground(text, NOW).trouble is None


def test_without_a_day_the_present_list_is_meant() -> None:
    assert code("f", None) == "2024:9(1)(f)"


@given(st.text(max_size=60), st.sampled_from([NOW, THEN, None]))
def test_no_text_breaks_the_reader(text: str, day: date | None) -> None:
    reading = read_ground(text, day)
    assert reading.value is None or Ground.of(str(reading.value)) == reading.value


def test_a_cell_that_says_ground_over_and_over_is_no_ground_and_is_read_at_once() -> None:
    assert read_ground("ground " * 40 + "!", NOW).trouble is GroundTrouble.NOT_UNDERSTOOD
