"""Every bad file is refused with its own reason and a hint; every odd one is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway.domain.parcels.stages import Format, Offered, Sheets
from gateway.errors import RefusedError
from schemas.ctf import read_transfer
from schemas.screening import screen
from schemas.spreadsheets import read_text, read_workbook
from tests.bad_files.make_bad_files import BAD_FILES, ODD_FILES


def read_all(name: str, content: bytes) -> tuple[Sheets, list[object]]:
    screened = screen(Offered(name, content))
    read = {Format.CSV: read_text, Format.XLSX: read_workbook, Format.CTF: read_transfer}[screened.format](screened)
    rows: list[object] = [row for grid in read.grids for row in grid.rows()]
    return read, rows or (list(read.transfer.pupils()) if read.transfer else [])


@pytest.mark.parametrize(("name", "code", "maker"), BAD_FILES, ids=[name for name, _, _ in BAD_FILES])
def test_a_bad_file_is_refused_with_its_reason(name: str, code: str, maker: Callable[[], bytes]) -> None:
    with pytest.raises(RefusedError) as refused:
        read_all(name, maker())
    assert refused.value.code == code
    assert refused.value.message.endswith(".")
    assert refused.value.hint.endswith(".")
    assert "Ellery" not in refused.value.message + refused.value.hint


@pytest.mark.parametrize(("name", "code", "maker"), ODD_FILES, ids=[name for name, _, _ in ODD_FILES])
def test_an_odd_file_is_read(name: str, code: str | None, maker: Callable[[], bytes]) -> None:
    sheets, rows = read_all(name, maker())
    codes = [f.code for f in (*sheets.screened.findings, *sheets.findings)]
    assert codes == ([code] if code else [])
    assert rows
