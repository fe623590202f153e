"""A new home's register: the schools that were given, or the invented ones of the demonstration.

1. ``schools.csv`` is copied as it is; only its LA columns and whether a school is open are read here.
2. ``authorities.csv`` lists every authority that the schools name.
3. ``postcodes.csv`` decides who is responsible for a child, so it is never guessed in a live home: it gets its heading and the
   demonstration's area ``ZY``, which does not exist. A rehearsal also learns the outward parts that one authority has to itself.
4. ``terms.csv`` gets its heading: until terms stand there, every weekday that is no bank holiday counts as a school day.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from gateway.errors import UsageError

DEMONSTRATION = Path(__file__).parent / "register"
NEEDED = ("LA (code)", "LA (name)", "EstablishmentNumber", "EstablishmentName", "EstablishmentStatus (code)")
TERMS_HEADING = "la,laestab,start,end,name\n"
_CLOSED = "2"

Row = Mapping[str, str]


def write_register(folder: Path, la: str, schools: Path | None, *, rehearsal: bool) -> list[str]:
    """Fill ``register/``; gives the LAESTABs of the authority's schools that are not closed."""
    source = schools or DEMONSTRATION / "schools.csv"
    rows = read_schools(source)
    shutil.copyfile(source, folder / "schools.csv")
    _write_authorities(folder / "authorities.csv", rows)
    _write_postcodes(folder / "postcodes.csv", rows if rehearsal else ())
    (folder / "terms.csv").write_text(TERMS_HEADING, encoding="utf-8")
    return sorted(
        {
            row["LA (code)"] + row["EstablishmentNumber"].zfill(4)
            for row in rows
            if row["LA (code)"] == la and row["EstablishmentNumber"] and row["EstablishmentStatus (code)"] != _CLOSED
        }
    )


def read_schools(path: Path) -> list[Row]:
    """The rows of a register of schools, or UsageError when it is not one."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}",
            code="NO-REGISTER",
            hint="Give --schools the establishment download of the national register (GIAS).",
        ) from error
    reader = csv.DictReader(io.StringIO(_text(raw), newline=""))
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise UsageError(
            f"{path} lacks the columns {', '.join(missing)}; it has {len(reader.fieldnames or ())} others",
            code="NOT-A-REGISTER",
            hint="Give --schools the establishment download of the national register (GIAS), with its own headings.",
        )
    return [{name: (value or "").strip() for name, value in row.items() if name} for row in reader]


def demonstration_authorities() -> dict[str, str]:
    """The demonstration's authorities: code and name."""
    with (DEMONSTRATION / "authorities.csv").open(encoding="utf-8") as file:
        return {line["la"]: line["name"] for line in csv.DictReader(file)}


def _text(raw: bytes) -> str:
    """The national register is published in Windows-1252; our own is UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")  # cp1252 but for typographic quotes, and it never fails; only ASCII columns are used


def _write_authorities(path: Path, rows: Iterable[Row]) -> None:
    demonstration = demonstration_authorities()
    names = {row["LA (code)"]: row["LA (name)"] for row in rows if row["LA (code)"]}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("la", "name", "region", "successor"))
        for la, name in sorted(names.items()):
            writer.writerow((la, name, "Demonstration" if la in demonstration else "", ""))


def _write_postcodes(path: Path, rows: Iterable[Row]) -> None:
    text = (DEMONSTRATION / "postcodes.csv").read_text(encoding="utf-8")
    there = {line.partition(",")[0] for line in text.splitlines()}
    owners: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        outward = row.get("Postcode", "").partition(" ")[0].upper()
        if outward and outward not in there:
            owners[outward].add(row["LA (code)"])
    learnt = "".join(f"{outward},{next(iter(las))}\n" for outward, las in sorted(owners.items()) if len(las) == 1)
    path.write_text(text + learnt, encoding="utf-8")
