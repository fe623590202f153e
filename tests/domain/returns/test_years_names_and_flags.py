from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.returns.flags import raises_alarm, read_confirmation, read_enrolment_status, read_flag, read_sex
from gateway.domain.returns.names import FullName, looks_damaged, looks_wrong, split_name
from gateway.domain.returns.text import cell_text, fold, is_nothing, is_placeholder
from gateway.domain.returns.year_groups import age_on, read_year_group, years_apart


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Year 5", "5"),
        ("Yr 5", "5"),
        ("Y5", "5"),
        ("5", "5"),
        ("05", "5"),
        ("5.0", "5"),
        ("5B", "5"),
        ("NC Year 5", "5"),
        ("Year  5", "5"),
        ("Year Group 5", "5"),
        ("year five", "5"),
        ("Year 10 Maple", "10"),
        ("Reception", "R"),
        ("R", "R"),
        ("YR", "R"),
        ("Year R", "R"),
        ("0", "R"),
        ("F2", "R"),
        ("N2", "N2"),
        ("Nursery", "N2"),
        ("F1", "N2"),
        ("N1", "N1"),
        ("E2", "N2"),
        ("14", "14"),
        ("Lower Sixth", "12"),
    ],
)
def test_year_groups_are_read_however_they_are_written(text: str, year: str) -> None:
    assert read_year_group(text) == year


@pytest.mark.parametrize("text", ["15", "KS2", "Maple", "2019", "A", ""])
def test_what_is_no_year_group_is_none(text: str) -> None:
    assert read_year_group(text) is None


@pytest.mark.parametrize(
    ("born", "year"),
    [
        (date(2021, 9, 1), "R"),
        (date(2022, 8, 31), "R"),
        (date(2021, 8, 31), "1"),
        (date(2009, 9, 11), "12"),
        (date(2022, 10, 11), "N2"),
        (date(2023, 10, 11), "N1"),
    ],
)
def test_the_year_group_follows_from_the_first_of_september(born: date, year: str) -> None:
    assert years_apart(year, born, date(2026, 11, 2)) == 0


def test_a_class_too_low_is_above_nothing() -> None:
    assert years_apart("7", date(2011, 11, 22), date(2026, 10, 26)) == -3
    assert age_on(date(2012, 2, 29), date(2026, 2, 28)) == 13


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SMITH, Amy", FullName("SMITH", "Amy")),
        ("van der Meer, Anne-Marie", FullName("van der Meer", "Anne-Marie")),
        ("SMITH JONES Amy", FullName("SMITH JONES", "Amy")),
        ("Amy SMITH", FullName("SMITH", "Amy")),
        ("Ngawang", FullName("Ngawang", None)),
        ("Amy Smith", FullName("Smith", "Amy", guessed=True)),
        ("Ludwig van der Meer", FullName("van der Meer", "Ludwig", guessed=True)),
    ],
)
def test_a_whole_name_is_split(text: str, name: FullName) -> None:
    assert split_name(text) == name


def test_the_heading_may_say_which_part_comes_first() -> None:
    assert split_name("Smith Amy", surname_first=True) == FullName("Smith", "Amy")
    assert split_name("Amy Smith", surname_first=False) == FullName("Smith", "Amy")


def test_letters_damaged_on_the_way_are_seen_and_sound_ones_are_not() -> None:
    assert looks_damaged("ZoÃ«")
    assert looks_damaged("O�Brien")
    assert looks_damaged("Dâ€™Souza")
    for sound in ("Zoë", "Łukasz", "Nguyễn", "O’Brien", "Ãsa"):
        assert not looks_damaged(sound)


def test_digits_and_signs_in_names_are_seen_and_hyphens_are_not() -> None:
    assert looks_wrong("Sm1th")
    for right in ("-Brook", "'t Hooft", "Anne-Marie", "D’Souza", "al-Hakimi", "St. John"):
        assert not looks_wrong(right)


@pytest.mark.parametrize(
    ("text", "sex"), [("M", "M"), ("male", "M"), ("Boy", "M"), ("F", "F"), ("Female", "F"), ("girl", "F"), ("X", None)]
)
def test_sex_is_read(text: str, sex: str | None) -> None:
    assert read_sex(text) == sex


def test_only_a_plain_no_lowers_a_flag() -> None:
    assert not any(map(read_flag, ("N", "no", "None", "False", "0", "No concerns", "N/A", "not known")))
    assert all(map(read_flag, ("Y", "yes", "x", "✓", "see DSL", "CP plan since May")))


@pytest.mark.parametrize("text", [
    "Not safe at home", "Not seen since 3 November", "No contact with the family", "No one has seen her", "No fixed abode",
    "No, but on a CP plan since May", "Not sure - ring the DSL", "None of us has seen him", "Nothing heard, police told",
    "No concerns until Friday, then a disclosure", "no longer safe", "N/A but see DSL", "Not attending, whereabouts unknown",
])
def test_a_concern_that_opens_with_no_is_a_concern(text: str) -> None:
    assert read_flag(text)


@pytest.mark.parametrize("text", [
    "No known safeguarding concerns", "None known at this time", "no current concerns.", "Not urgent", "N/A - no concerns",
    "No concerns reported", "no issues", "No - none", "No risk identified", "Nil.", "None, thank you", "No safeguarding flags",
    "not to our knowledge", "No concerns that we are aware of", "Nothing to report", "No urgent concerns", "No CP concerns",
    "No new concerns",
])
def test_a_denial_in_more_words_is_a_no(text: str) -> None:
    assert not read_flag(text)


@pytest.mark.parametrize("text", ["Y", "yes", "TRUE", "1", "x", "✓", "Confirmed", "Yes - confirmed", "yes."])
def test_a_place_is_confirmed_by_a_plain_yes(text: str) -> None:
    assert read_confirmation(text) is True


@pytest.mark.parametrize("text", ["N", "no", "False", "0", "None", "Nil", "not known", "Not confirmed", "not yet"])
def test_and_not_confirmed_by_a_plain_no(text: str) -> None:
    assert read_confirmation(text) is False


@pytest.mark.parametrize("text", [
    "Unconfirmed", "Applied for", "On the waiting list", "To be confirmed by school", "Declined", "Awaiting", "Offered",
    "Yes, if the house sale goes through", "Yes - TBC", "Y?", "Yes/No", "02/11/2026", "Mrs Office", "verbally", "see notes",
    "confirmed by parent only", "not confirmed yet, rang twice", "Place offered, not accepted",
])
def test_whatever_else_stands_there_confirms_nothing(text: str) -> None:
    assert read_confirmation(text) is None


def test_an_alarm_in_the_notes_is_heard_unless_it_is_denied() -> None:
    assert raises_alarm("URGENT - call DSL")
    assert raises_alarm("Safeguarding concern raised")
    assert raises_alarm("No answer at home. Safeguarding referral made")
    assert raises_alarm("Not seen for a week, safeguarding referral made")
    assert raises_alarm("No new school yet - safeguarding")
    assert not raises_alarm("No child protection or safeguarding concerns")
    assert not raises_alarm("There are no current safeguarding concerns")
    assert not raises_alarm("not considered to be urgent")
    assert not raises_alarm("No safeguarding concerns")
    assert not raises_alarm("not urgent")
    assert not raises_alarm("Moved house")


def test_enrolment_status_is_read_from_code_and_words() -> None:
    assert read_enrolment_status("C") == "single"
    assert read_enrolment_status("Current - Single Registration") == "single"
    assert read_enrolment_status("Guest") == "guest"
    assert read_enrolment_status("something else") == "something else"


def test_text_is_trimmed_composed_and_rid_of_what_nobody_sees() -> None:
    assert cell_text("  Zoe\u0308  ") == "Zoë"
    assert cell_text("O\u200bBrien\u202e") == "OBrien"
    assert cell_text("a\u00a0 b") == "a b"
    assert cell_text("   ") is None
    assert cell_text(9902001.0) == "9902001"
    assert cell_text(True) == "Yes"
    assert cell_text(date(2026, 11, 2)) == "2026-11-02"


def test_null_is_a_name_and_not_a_placeholder() -> None:
    assert not is_placeholder("Null")
    assert is_nothing("null")
    assert is_placeholder("tbc")


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers(text: str) -> None:
    read_year_group(text)
    split_name(text)
    raises_alarm(text)
    assert fold(text) == fold(fold(text))
