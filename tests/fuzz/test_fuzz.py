"""Some hundreds of spoilt files of each form, by a seed that is printed; ``python -m tests.fuzz`` and ``make fuzz`` go on."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.commands.app import run
from gateway.domain.parcels.stages import Offered
from schemas.screening import screen
from schemas.screening.area import SheetSeen, walk
from schemas.spreadsheets import read_workbook
from tests.bad_files.containers import MAIN, packed, workbook_parts
from tests.bad_files.sheets import part
from tests.fuzz.run import FORMS, case, fuzzed
from tests.seed import seed_of_the_run

SEED = seed_of_the_run()


def told(said: list[str]) -> list[str]:
    return said


@pytest.mark.parametrize("form", FORMS)
def test_a_spoilt_file_is_refused_with_a_reason_or_read_without_a_changed_letter(form: str) -> None:
    said: list[str] = []
    fuzzed(form, range(SEED, SEED + 250), tell=lambda form, seed, name, what: said.append(f"--case {form} {seed}: {what}"))
    assert told(said) == []


@pytest.mark.parametrize("form", ["csv", "xlsx", "xml"])
def test_no_spoilt_file_makes_the_confined_reader_stop(form: str) -> None:
    said: list[str] = []
    counts = fuzzed(form, range(SEED, SEED + 60), sandboxed=True, tell=lambda *what: said.append(str(what)))
    assert told(said) == []
    assert counts["cases"] == counts["refused"] + counts["read"] == 60


def test_the_command_ends_as_it_may_on_every_spoilt_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = []
    for number in range(SEED, SEED + 30):
        name, content = case(FORMS[number % 3], number)
        paths.append(tmp_path / f"{number}-{name}")
        paths[-1].write_bytes(content)
    code = run(["check", "--json", "--records", "--home", str(tmp_path / "none"), *map(str, paths)])
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (code in (0, 65, 80), len(answers)) == (True, len(paths))
    assert all(finding["hint"] for answer in answers for finding in answer["findings"])


SHAPES = {
    "as programs write it": lambda place, text: f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>',
    "type first": lambda place, text: f'<c t="inlineStr" r="{place}"><is><t xml:space="preserve">{text}</t></is></c>',
    "single quotes": lambda place, text: f"<c r='{place}' t='inlineStr'><is><t xml:space='preserve'>{text}</t></is></c>",
    "spaces": lambda place, text: f'<c  r = "{place}"\n t="inlineStr" ><is ><t xml:space="preserve" >{text}</t></is></c >',
    "in pieces": lambda place, text: f'<c r="{place}" t="inlineStr"><is><r><t xml:space="preserve">{text}</t></r></is></c>',
    "raw": lambda place, text: f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve"><![CDATA[{text}]]></t></is></c>',
}
LETTERS = st.text(
    st.characters(whitelist_categories=("L", "M", "N", "Zs"), whitelist_characters="'’-.,"), min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(LETTERS, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(sorted(SHAPES)))
def test_a_sheet_reads_the_same_in_whatever_shape_it_is_written(table: list[list[str]], shape: str) -> None:
    rows = "".join(
        f'<row r="{r}">' + "".join(SHAPES[shape](f"{chr(65 + c)}{r}", text) for c, text in enumerate(row)) + "</row>"
        for r, row in enumerate(table, start=1)
    )
    screened = screen(Offered("a.xlsx", packed(workbook_parts(rows))))
    [grid] = read_workbook(screened).grids
    read = [list(row.cells) for row in grid.rows()]
    assert [row[: len(wanted)] for row, wanted in zip(read, table, strict=True)] == table


PLACES = st.lists(st.tuples(st.integers(1, 3000), st.integers(1, 700)), min_size=1, max_size=12)


@settings(max_examples=80, deadline=None)
@given(PLACES, st.integers(1, 200))
def test_what_goes_by_in_pieces_measures_as_what_is_walked(places: list[tuple[int, int]], size: int) -> None:
    """The same sheet by its references, cut anywhere, and element by element; both no smaller than it is."""
    cells = "".join(f'<row r="{r}"><c r="{_letters(c)}{r}"><v>1</v></c></row>' for r, c in places)
    content = f'<worksheet xmlns="{MAIN}"><cols><col min="1"/></cols><sheetData>{cells}</sheetData></worksheet>'.encode()
    quick, slow = SheetSeen(), SheetSeen()
    for start in range(0, len(content), size):
        quick.take(content[start : start + size])
    quick.take(b"")
    assert not quick.odd
    walk(io.BytesIO(content), slow)
    assert (quick.rows, quick.columns) == (slow.rows, slow.columns) == (max(r for r, _ in places), max(c for _, c in places))
    assert screen(Offered("a.xlsx", part(content)))


def _letters(number: int) -> str:
    said = ""
    while number:
        number, left = divmod(number - 1, 26)
        said = chr(65 + left) + said
    return said
