"""School terms: ``terms.csv`` with la, laestab, start, end, name; a blank laestab means every school of the authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from schemas.register.table import fault, read_rows


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an authority, or of one school."""

    la: str
    laestab: str | None
    start: date
    end: date
    name: str


def load_terms(folder: Path) -> tuple[Term, ...]:
    """The terms of a home, none when there is no file. ConfigError names the line."""
    path = folder / "terms.csv"
    if not path.is_file():
        return ()
    terms = []
    for line, row in read_rows(path, ("la", "start", "end")):
        try:
            start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
        except ValueError as error:
            raise fault(path, line, f"“{row['start']}” to “{row['end']}” is no term", "Dates are written 2026-09-02.") from error
        if end < start:
            raise fault(path, line, f"the term ends on {end}, before it starts on {start}", "Swap or correct the two dates.")
        terms.append(Term(row["la"].zfill(3), row.get("laestab") or None, start, end, row.get("name", "")))
    return tuple(terms)
