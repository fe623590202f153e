"""The whole reading in the real sandbox: samples, odd and bad files, all behind the filter of system calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from adapters.sandbox import Sandbox
from gateway.domain.parcels.kinds import Verdict
from gateway.domain.parcels.stages import Checked, Offered
from gateway.domain.policy import SenderTerms
from schemas.screening.locked import lock
from tests.bad_files.make_bad_files import BAD_FILES, ODD_FILES
from tests.samples.make_samples import FERNBRIDGE, QUILLMEAD, SAMPLES, make_samples, template


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("samples")
    make_samples(folder)
    one = Sandbox(
        "gateway.bootstrap.reader",
        {"register": str(folder / "register"), "annotating": True},
        terms=lambda s: SenderTerms(s, (s,), passwords=("old", "s3cret")),
        today=lambda: date(2026, 11, 16),
    )
    yield one
    one.close()


def examine(sandbox: Sandbox, name: str, content: bytes, sender: str = FERNBRIDGE) -> Checked:
    return sandbox.examine(Offered(name, content, sender))


EXPECTED = {
    "arbor-leavers.csv": ("leavers", "part-accepted", 3, 1),
    "arbor-joiners.csv": ("joiners", "accepted", 2, 0),
    "bromcom_leavers.csv": ("leavers", "part-accepted", 2, 1),
    "weekly report.xlsx": ("movements", "part-accepted", 5, 1),
    "movements return.xlsx": ("movements", "part-accepted", 5, 1),
    "9902001_CML_990LLLL_007.xml": ("cml", "accepted", 2, 0),
    "9902001_CML_990LLLL_008.xml": ("cml", "accepted", 2, 0),
    "9902001_CMJ_990LLLL_003.xml": ("cmj", "accepted", 2, 0),
    "9902001_CTF_XXXXXXX_021.xml": ("ctf", "accepted", 1, 0),
    "leavers-none-this-week.csv": ("nil", "accepted", 0, 0),
    "movements return - nil.xlsx": ("nil", "accepted", 0, 0),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_as_it_was_meant(sandbox: Sandbox, name: str) -> None:
    checked = examine(sandbox, name, SAMPLES[name]())
    assert (checked.kind.value, checked.verdict.value, checked.rows.read, checked.rows.held) == EXPECTED[name]
    assert len(checked.records) == checked.rows.read
    assert all(record.details["row_id"] for record in checked.records)


@pytest.mark.parametrize("name", [n for n, (_, verdict, _, _) in EXPECTED.items() if verdict == "part-accepted"])
def test_a_faulty_sample_comes_back_marked(sandbox: Sandbox, name: str) -> None:
    offered = Offered(name, SAMPLES[name](), FERNBRIDGE)
    book = sandbox.annotate(offered, sandbox.examine(offered))
    assert book is not None
    again = examine(sandbox, "again.xlsx", book)
    assert again.rows == examine(sandbox, name, offered.content).rows


@pytest.mark.parametrize(("name", "code", "maker"), BAD_FILES, ids=[name for name, _, _ in BAD_FILES])
def test_a_bad_file_is_refused_with_one_error_on_the_file(
    sandbox: Sandbox, name: str, code: str, maker: Callable[[], bytes]
) -> None:
    checked = examine(sandbox, name, maker())
    assert (checked.verdict, checked.rows.read, checked.records) == (Verdict.REFUSED, 0, ())
    errors = [f for f in checked.findings if f.severity.value == "error"]
    assert [(f.code, f.row, f.sheet) for f in errors] == [(code, None, None)]
    assert errors[0].message and errors[0].hint


@pytest.mark.parametrize(("name", "code", "maker"), ODD_FILES, ids=[name for name, _, _ in ODD_FILES])
def test_an_odd_file_is_taken(sandbox: Sandbox, name: str, code: str | None, maker: Callable[[], bytes]) -> None:
    checked = examine(sandbox, name, maker())
    assert checked.verdict is not Verdict.REFUSED
    assert checked.rows.read >= 1
    assert code is None or code in [f.code for f in checked.findings]


def test_a_locked_return_is_opened_and_answered_under_its_password(sandbox: Sandbox) -> None:
    offered = Offered("locked.xlsx", lock(template(), "s3cret"), FERNBRIDGE)
    checked = sandbox.examine(offered)
    assert checked.rows.read == 5
    book = sandbox.annotate(offered, checked)
    assert book is not None
    assert examine(sandbox, "again.xlsx", book).rows.read == 5


def test_another_schools_return_is_refused_by_the_sender(sandbox: Sandbox) -> None:
    checked = examine(sandbox, "movements return.xlsx", template(), QUILLMEAD)
    assert checked.verdict is Verdict.REFUSED
    assert [f.field for f in checked.findings if f.severity.value == "error"] == ["sender"]


def test_a_large_file_is_read_behind_its_descriptor(sandbox: Sandbox, tmp_path: Path) -> None:
    head, *rows = SAMPLES["arbor-joiners.csv"]().splitlines(keepends=True)
    checked = examine(sandbox, "large.csv", head + rows[0] * 50_000)
    assert checked.rows.read == 50_000
    assert checked.records[-1].row == 50_001
