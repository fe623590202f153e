"""Reading bytes as the sandbox does, in this process."""

from __future__ import annotations

from typing import Any

from gateway.domain.parcels.stages import Format, Grid, Offered, Pupil, RawRow, Sheets
from schemas.ctf import read_transfer
from schemas.screening import screen
from schemas.spreadsheets import read_text, read_workbook


def read(content: bytes | str, name: str = "leavers.csv") -> Sheets:
    """Screened and read."""
    screened = screen(Offered(name, content.encode() if isinstance(content, str) else content))
    return {Format.CSV: read_text, Format.XLSX: read_workbook, Format.CTF: read_transfer}[screened.format](screened)


def grid(content: bytes | str, name: str = "leavers.csv") -> Grid:
    """The first grid."""
    return read(content, name).grids[0]


def rows(content: bytes | str, name: str = "leavers.csv") -> list[RawRow]:
    """The rows of the first grid."""
    return list(grid(content, name).rows())


def pupils(content: bytes | str, name: str = "file.xml") -> list[Pupil]:
    """The pupils of a transfer."""
    transfer = read(content, name).transfer
    assert transfer is not None
    return list(transfer.pupils())


def values(content: bytes | str, name: str = "file.xml") -> dict[str, Any]:
    """The first pupil's values."""
    return dict(pupils(content, name)[0].values)
