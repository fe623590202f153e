"""The register of the demonstration: invented schools, authorities and postcodes in the shape of the national files."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

_SCHOOL_COLUMNS = (
    "URN",
    "LA (code)",
    "LA (name)",
    "EstablishmentNumber",
    "EstablishmentName",
    "EstablishmentStatus (code)",
    "EstablishmentStatus (name)",
    "PhaseOfEducation (name)",
    "TypeOfEstablishment (name)",
    "Postcode",
    "OpenDate",
    "CloseDate",
    "PreviousLA (code)",
    "PreviousEstablishmentNumber",
)
_SCHOOLS = (
    ("990101", "990", "Thornhaven", "2001", "Fernbridge Primary School", "Primary", "Community school", "ZY1 1AA"),
    (
        "990102",
        "990",
        "Thornhaven",
        "2002",
        "All Hallows Thornhaven CofE Primary School",
        "Primary",
        "Voluntary controlled school",
        "ZY1 2BD",
    ),
    ("990103", "990", "Thornhaven", "2003", "Quillmead Primary School", "Primary", "Community school", "ZY1 3EF"),
    ("990106", "990", "Thornhaven", "4001", "Thornhaven High School", "Secondary", "Community school", "ZY2 1JL"),
    ("990110", "990", "Thornhaven", "1101", "The Causeway Centre", "Not applicable", "Pupil referral unit", "ZY2 5UW"),
    ("990111", "991", "Marlowick", "2010", "Marlowick Green Primary School", "Primary", "Community school", "ZY3 1XY"),
    ("990112", "991", "Marlowick", "4010", "Tanyard Academy", "Secondary", "Academy converter", "ZY3 2ZA"),
    ("990115", "993", "Pennygate", "2030", "Pennygate Park Primary School", "Primary", "Academy converter", "ZY5 1GH"),
)
_AUTHORITIES = (("990", "Thornhaven"), ("991", "Marlowick"), ("993", "Pennygate"))
_POSTCODES = (("ZY1", "990"), ("ZY2", "990"), ("ZY3", "991"), ("ZY5", "993"))


def write(folder: Path) -> None:
    """Write ``schools.csv``, ``authorities.csv`` and ``postcodes.csv`` into ``folder``."""
    schools = [(*row[:5], "1", "Open", *row[5:], "01-09-1995", "", "", "") for row in _SCHOOLS]
    _table(folder / "schools.csv", _SCHOOL_COLUMNS, schools)
    _table(folder / "authorities.csv", ("la", "name", "region", "successor"), [(*row, "", "") for row in _AUTHORITIES])
    _table(folder / "postcodes.csv", ("postcode", "la"), list(_POSTCODES))


def _table(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
