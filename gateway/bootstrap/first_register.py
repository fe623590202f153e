"""A new home's register: the schools that were given, or the invented ones of the demonstration.

1. ``schools.csv`` is copied as it is, once it has been read like any register.
2. ``authorities.csv`` lists every authority that the schools name.
3. ``postcodes.csv`` decides who is responsible for a child, so it is never guessed in a live home: it gets its heading and the
   demonstration's area ``ZY``, which does not exist. A rehearsal also learns the outward parts that one authority has to itself.
4. ``terms.csv`` gets its heading: until terms stand there, every weekday that is no bank holiday counts as a school day.
"""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from gateway.domain.register.establishments import Register
from gateway.errors import ConfigError, UsageError
from schemas.register import load_register

DEMONSTRATION = Path(__file__).parent / "register"
TERMS_HEADING = "la,laestab,start,end,name\n"


def write_register(folder: Path, la: str, schools: Path | None, *, rehearsal: bool) -> list[str]:
    """Fill ``register/``; gives the LAESTABs of the authority's open schools. UsageError: what was given is no register."""
    _copy(schools or DEMONSTRATION / "schools.csv", folder / "schools.csv")
    register = _read(folder, schools)
    _write_authorities(folder / "authorities.csv", register)
    learnt = _outward_parts(register) if rehearsal else {}
    _table(folder / "postcodes.csv", ("postcode", "la"), sorted((learnt | _demonstration("postcodes.csv")).items()))
    (folder / "terms.csv").write_text(TERMS_HEADING, encoding="utf-8")
    return sorted(school.laestab for school in register.establishments.values() if school.la == la and school.open)


def _read(folder: Path, given: Path | None) -> Register:
    """The register; a fault of the file that was given names that file."""
    try:
        return load_register(folder)
    except ConfigError as error:
        if given is None:
            raise
        message = error.message.replace("register/schools.csv", str(given))
        raise UsageError(message, code="NO-REGISTER", hint=error.hint) from error


def demonstration_authorities() -> dict[str, str]:
    """The demonstration's authorities: code and name."""
    return _demonstration("authorities.csv")


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror}", code="NO-REGISTER",
                         hint="Give --schools the establishment download of the national register (GIAS).") from error


def _write_authorities(path: Path, register: Register) -> None:
    demonstration = demonstration_authorities()
    rows = [(a.la, a.name, "Demonstration" if demonstration.get(a.la) == a.name else a.region, a.successor or "")
            for _, a in sorted(register.authorities.items())]
    _table(path, ("la", "name", "region", "successor"), rows)


def _outward_parts(register: Register) -> dict[str, str]:
    owners: dict[str, set[str]] = defaultdict(set)
    for school in register.establishments.values():
        if school.postcode:
            owners[school.postcode.partition(" ")[0].upper()].add(school.la)
    return {outward: next(iter(las)) for outward, las in owners.items() if len(las) == 1}


def _demonstration(name: str) -> dict[str, str]:
    with (DEMONSTRATION / name).open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1] for row in list(csv.reader(file))[1:]}


def _table(path: Path, heading: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(rows)
