"""Small files that want much, and files that are much: refused for what they are, in a quarter of a gigabyte."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from adapters.sandbox import Limits, Sandbox
from gateway.bootstrap.checking import examined
from gateway.domain.parcels.kinds import Verdict
from gateway.domain.parcels.refused import LARGEST_READ
from gateway.domain.parcels.stages import Offered
from gateway.domain.policy import SenderTerms
from tests.bad_files.archives import built, with_first
from tests.bad_files.make_bad_files import BAD_FILES
from tests.bad_files.plain import CSV

QUARTER = 256 << 20
MAKERS: dict[str, tuple[str, Callable[[], bytes]]] = {name: (code, maker) for name, code, maker in BAD_FILES}
WANTING = (
    "two-cells-a-world-apart.xlsx",
    "world-apart-without-references.xlsx",
    "world-apart-called-and-begun-as-a-picture.xlsx",
    "zip-bomb.xlsx",
    "members-that-swell-to-a-gigabyte-by-what-they-say.xlsx",
    "a-million-columns.csv",
    "cell-of-ten-megabytes.csv",
    "line-breaks-in-quotation-marks-without-end.csv",
    "billion-laughs.xml",
    "value-of-twelve-megabytes.xml",
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """The real reader with a quarter of a gigabyte of addresses, its libraries included."""
    one = Sandbox(
        "gateway.bootstrap.reader",
        {"register": None},
        terms=lambda sender: SenderTerms(sender, (sender,)),
        today=lambda: date(2026, 11, 16),
        limits=Limits(memory=QUARTER, workers=1),
    )
    yield one
    one.close()


@pytest.mark.parametrize("name", WANTING)
def test_a_file_that_wants_much_is_refused_for_what_it_is_in_a_quarter_of_a_gigabyte(sandbox: Sandbox, name: str) -> None:
    code, maker = MAKERS[name]
    checked = sandbox.examine(Offered(name, maker(), "9902001"))
    assert [f.code for f in checked.findings] == [code]


def test_a_bomb_of_a_hundred_kilobytes_is_not_inflated(sandbox: Sandbox) -> None:
    bomb = built(with_first(content=b" " * (30 << 20)))
    assert len(bomb) < 100_000
    assert [f.code for f in sandbox.examine(Offered("bomb.xlsx", bomb, "9902001")).findings] == ["FILE-ARCHIVE-BOMB"]


@pytest.mark.parametrize("size", [10 << 30, LARGEST_READ + 1])
def test_a_file_too_large_is_refused_before_a_byte_of_it_is_read(sandbox: Sandbox, tmp_path: Path, size: int) -> None:
    path = tmp_path / "sparse.csv"
    path.touch()
    os.truncate(path, size)
    with path.open("rb") as file:
        frames = list(examined(sandbox, path.name, file, "9902001", None, records=True))
        assert file.tell() == 0
    assert [f["code"] for f in frames[-1]["summary"]["findings"]] == ["FILE-TOO-LARGE"]


def test_a_good_file_is_read_in_the_same_quarter(sandbox: Sandbox) -> None:
    assert sandbox.examine(Offered("a.csv", CSV.encode(), "9902001")).verdict is Verdict.ACCEPTED
