"""Separated text: rows by the line they start on, letters never changed."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.parcels.stages import Offered
from gateway.errors import RefusedError
from schemas.content import Held
from schemas.screening import screen
from schemas.spreadsheets import read_text
from schemas.spreadsheets.delimiter import likely_delimiter, said_delimiter
from tests.schemas.readings import grid, rows

HEADINGS = "Surname,Forename,Date of birth"


def test_a_rows_number_is_the_line_on_which_it_starts() -> None:
    text = f'{HEADINGS}\nNg,"one\ntwo\nthree",x\nBegum,Noah,y\n\nLast,One,z\n'
    assert [(r.number, r.cells[0] if r.cells else "") for r in rows(text)] == [
        (1, "Surname"),
        (2, "Ng"),
        (5, "Begum"),
        (6, ""),
        (7, "Last"),
    ]


def test_a_line_that_names_the_separator_counts_as_a_line() -> None:
    assert [(r.number, r.cells) for r in rows("sep=;\nA;B,C\nx;y\n")] == [(2, ("A", "B,C")), (3, ("x", "y"))]


def test_rows_can_be_read_again_from_the_start() -> None:
    one = grid(f"{HEADINGS}\nNg,Wai,x\n")
    assert list(one.rows()) == list(one.rows())


def test_ragged_rows_are_given_as_they_are() -> None:
    assert [len(r.cells) for r in rows("a,b,c\n1\n1,2,3,4\n")] == [3, 1, 4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_ends_a_line(end: str) -> None:
    assert [(r.number, r.cells) for r in rows(end.join(("a,b", "1,2", "3,4")))] == [
        (1, ("a", "b")),
        (2, ("1", "2")),
        (3, ("3", "4")),
    ]


NAMES = [
    "Zoë",
    "Siân",
    "O’Brien",
    "D'Souza",
    "José",
    "Müller",
    "Chloë-Anne",
    "Smith–Jones",
    "François",
    "Núñez",
    "Øyvind",
    "Žižek",
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("name", NAMES)
def test_names_keep_their_letters_in_every_encoding(name: str, encoding: str) -> None:
    read = rows(f"{HEADINGS}\n{name},Tia,x\n".encode(encoding))
    assert read[1].cells[0] == name
    assert read[0].cells[0] == "Surname"


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp437"])
@pytest.mark.parametrize("name", ["André", "Zoë", "Müller", "Chloé Lee", "Siân", "Núñez"])
def test_letters_of_old_machines_are_refused_or_right_but_never_wrong(name: str, encoding: str) -> None:
    try:
        read = rows(f"{HEADINGS}\n{name},Tia,x\n".encode(encoding))
    except RefusedError as refused:
        assert refused.code == "CSV-ENCODING"
    else:
        assert read[1].cells[0] == name


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["a,b,c", "1,2,3"], ","),
        (["a;b;c", "x,y;2;3", "z,w;5;6"], ";"),
        (["a\tb", "1\t2"], "\t"),
        (["a|b|c", "1|2|3"], "|"),
        (["Leavers, Fernbridge", "", "a;b;c;d", "1;2;3;4", "5;6;7;8"], ";"),
        (["NIL"], ","),
        (['"Ellery; Musa","x","y"', '"Ng; Wai","x","y"'], ","),
    ],
)
def test_the_separator_is_the_one_that_cuts_most_lines_alike(lines: list[str], delimiter: str) -> None:
    assert likely_delimiter([line + "\n" for line in lines]) == delimiter


def test_only_a_line_that_says_so_names_the_separator() -> None:
    assert said_delimiter('"sep=|"\r\n') == "|"
    assert said_delimiter("sep=;;\n") is None


def test_a_refusal_names_the_line_and_no_value() -> None:
    with pytest.raises(RefusedError) as refused:
        rows(f'{HEADINGS}\nNg,Wai,x\n"Secret,Name,y\nBegum,Noah,z\n')
    assert refused.value.code == "CSV-QUOTE"
    assert "line 3" in refused.value.message
    assert "Secret" not in refused.value.message


def test_a_large_file_is_read_by_slices(tmp_path: Path) -> None:
    content = (f"{HEADINGS}\n" + "Ng,Wai,Zoë\n" * 200_000).encode()
    path = tmp_path / "large.csv"
    path.write_bytes(content)
    fd = os.open(path, os.O_RDONLY)
    held = Held(fd, len(content))
    screened = screen(Offered("large.csv", held))  # type: ignore[arg-type]
    assert sum(1 for _ in read_text(screened).grids[0].rows()) == 200_001
    os.close(fd)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_whatever_do_worse_than_be_refused(content: bytes) -> None:
    with_headings = f"{HEADINGS}\n".encode() + content
    try:
        for row in rows(with_headings):
            assert row.number >= 1
    except RefusedError as refused:
        assert refused.hint


cell = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_was_written_is_what_is_read(table: list[list[str]]) -> None:
    import csv

    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([["Surname", "Forename", "Date of birth"], *table])
    read = [list(r.cells) for r in rows(out.getvalue().encode())]
    assert read[1:] == table
