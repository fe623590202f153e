"""What cannot be seen is found, taken out or kept as its kind wants, and never reaches a terminal."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.returns.scripts import mixed_alphabets
from gateway.domain.returns.text import tidy
from gateway.domain.returns.unseen import INVISIBLE, hidden, joins_latin, json_visible, visible

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_every_control_and_every_mark_of_direction_is_taken_out_of_a_value() -> None:
    controls = [chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) == "Cc" and not chr(n).isspace()]
    left = [c for c in (*controls, *BIDI) if c not in "\x1c\x1d\x1e\x1f" and tidy(f"a{c}b") != "ab"]
    assert left == []
    assert tidy("a\x1cb") == "ab"


def test_every_invisible_format_character_is_known_but_those_that_names_need() -> None:
    seen = {
        *range(0x600, 0x606),
        0x6DD,
        0x70F,
        0x890,
        0x891,
        0x8E2,
        0x110BD,
        0x110CD,
        *range(0x13430, 0x13460),
    }  # signs of scripts
    needed = {0x200C, 0x200D}
    formats = {n for n in range(0x110000) if unicodedata.category(chr(n)) == "Cf"}
    assert {hex(n) for n in formats if not INVISIBLE.fullmatch(chr(n)) and n not in seen | needed} == set()


def test_spaces_letters_and_marks_are_not_hidden() -> None:
    assert hidden("Zoë O’Brien\u00a0Łukasz Đặng 王 اللہ e\u0301 \U0001f600") == 0
    assert hidden("a\u200bb\u202e\x1bc\u3164") == 4


@pytest.mark.parametrize(("text", "shown"), [
    ("El\u202elery", "El\\u202elery"), ("a\x1b[31mb", "a\\x1b[31mb"), ("a\nb\r\tc", "a\\nb\\r\\tc"), ("\x9b31m", "\\x9b31m"),
    ("\U000e0041", "\\U000e0041"), ("\udcff", "\\udcff"), ("Zoë 王", "Zoë 王"), ("a\u2028b", "a\\u2028b"),
])  # fmt: skip
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text() | st.text(alphabet=st.sampled_from(f"a\u0301\x1b\x9b\n\t\u2028\ud800\U000e0041{BIDI}")))
def test_json_says_the_same_and_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    written = json_visible(json.dumps({text: text}, ensure_ascii=False))
    assert json.loads(written) == {text: text}
    assert INVISIBLE.search(written) is None
    assert not {"\n", "\u2028", "\u2029"} & set(written)


@given(st.text())
def test_what_is_shown_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    shown = visible(text)
    assert INVISIBLE.search(shown) is None
    assert not any(unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") for c in shown)
    assert shown.encode().decode() == shown


def test_joiners_are_asked_about_between_latin_letters_only() -> None:
    assert joins_latin("El\u200dlery Zo\u200ce") == 2
    assert joins_latin("علی\u200cرضا क्\u200dष 葛\U000e0100") == 0


@pytest.mark.parametrize(("name", "alphabets"), [
    ("P\u0430vel", ("Cyrillic", "Latin")), ("\u0391nna", ("Greek", "Latin")), ("Zo\uff45", ("Fullwidth", "Latin")),
    ("𝐙𝐨𝐞", ("Mathematical",)), ("Zoë", ()), ("Павел", ()), ("Anna Павлова", ()), ("Ahmed-اللہ", ()), ("O’Brien", ()),
    ("王Wang", ()), ("Ó Súilleabháin", ()), ("Đặng", ()),
])  # fmt: skip
def test_a_word_in_two_alphabets_is_noticed(name: str, alphabets: tuple[str, ...]) -> None:
    assert mixed_alphabets(name) == alphabets
