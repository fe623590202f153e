"""Sheets built in the test, in place of the readers: what a sheet or a transfer file amounts to once it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from gateway.domain.parcels.kinds import Kind, Severity
from gateway.domain.parcels.stages import Checked, Format, Grid, Offered, Pupil, RawRow, Screened, Sheets, Transfer
from gateway.domain.policy import SenderTerms
from gateway.domain.register.establishments import Register
from gateway.domain.returns.record import PupilRecord
from gateway.pipeline.check import check
from schemas.headings import load_synonyms
from tests.domain.register import places

TODAY = date(2026, 11, 20)
HEADINGS = ("UPN", "Surname", "Forename", "Date of birth", "Leaving date", "Ground", "Destination")
ASH = ("R201100018042", "Ash", "Bo", "01/02/2017", "02/11/2026", "9(1)(a)", "Tanyard Academy")
Rows = Sequence[Sequence[Any]]


def grid(rows: Rows, title: str | None = None, *, hidden: bool = False) -> Grid:
    """One sheet."""
    read = tuple(RawRow(number, tuple(row)) for number, row in enumerate(rows, 1))
    return Grid(title, lambda: read, hidden=hidden, typed=title is not None)


def checked(
    *grids: Grid | Rows,
    name: str = "return.csv",
    sender: str | None = places.FERNBRIDGE_PRIMARY,
    kind: Kind | None = None,
    terms: SenderTerms | None = None,
    register: Register | None = None,
) -> Checked:
    """Check sheets as one parcel."""
    screened = Screened(Offered(name, b"", sender, kind), Format.XLSX, b"")
    sheets = Sheets(screened, tuple(g if isinstance(g, Grid) else grid(g) for g in grids))
    return check(sheets, places.register() if register is None else register, terms, load_synonyms(), today=TODAY)


def transferred(
    pupils: Iterable[Mapping[str, Any]],
    kind: Kind = Kind.CML,
    *,
    source: str = places.FERNBRIDGE_PRIMARY,
    destination: str = "990LLLL",
    sender: str | None = places.FERNBRIDGE_PRIMARY,
) -> Checked:
    """Check a file of the CTF family."""
    read = tuple(Pupil(number, values) for number, values in enumerate(pupils, 1))
    transfer = Transfer(kind, "25.0", source, destination, None, lambda: read)
    screened = Screened(Offered("x.xml", b"", sender), Format.CTF, b"")
    return check(Sheets(screened, transfer=transfer), places.register(), None, load_synonyms(), today=TODAY)


def only(answer: Checked) -> PupilRecord:
    """The one record of an answer."""
    (record,) = answer.records
    return record


def codes(answer: Checked, severity: Severity | None = None) -> set[str]:
    """The codes of an answer's findings on rows."""
    return {f.code for f in answer.findings if f.row is not None and (severity is None or f.severity is severity)}


def errors(answer: Checked) -> list[tuple[int | None, str]]:
    """Row and code of every error."""
    return [(f.row, f.code) for f in answer.findings if f.severity is Severity.ERROR]
