"""Schools, authorities and postcodes out of their files.

1. ``schools.csv`` has the columns of the national register (GIAS). A school without a number of its own within the authority
   is kept out: nothing can name it. Of two rows with one number the open school wins, then the one opened last.
2. ``authorities.csv`` (la, name, region, successor) is optional; without it the schools' authorities are used.
3. ``postcodes.csv`` (postcode, la) is optional. Keys are full postcodes ("ZY1 3HE") or outward parts ("ZY1").
4. ``version`` changes with any byte of any of the files.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from gateway.domain.register.establishments import Authority, Establishment, Register
from schemas.register.table import Row, digest, fault, read_rows

SCHOOLS, AUTHORITIES, POSTCODES, TERMS = "schools.csv", "authorities.csv", "postcodes.csv", "terms.csv"
_NEEDED = ("urn", "la (code)", "establishmentnumber", "establishmentname")
_OPEN = ("open", "open, but proposed to close", "1", "3")


def load_register(folder: Path) -> Register:
    """The register of a home; empty where there is no ``schools.csv``. ConfigError names file, line and remedy."""
    establishments: dict[str, Establishment] = {}
    names: dict[str, str] = {}
    schools = folder / SCHOOLS
    if schools.is_file():
        for line, row in read_rows(schools, _NEEDED):
            la = row["la (code)"].zfill(3)
            names.setdefault(la, row.get("la (name)", ""))
            school = _school(schools, line, la, row)
            if school and _outranks(school, establishments.get(school.laestab)):
                establishments[school.laestab] = school
    return Register(
        establishments=establishments,
        authorities=_authorities(folder / AUTHORITIES, names),
        postcodes=_postcodes(folder / POSTCODES),
        version=digest([folder / name for name in (SCHOOLS, AUTHORITIES, POSTCODES, TERMS)]),
    )


def _school(path: Path, line: int, la: str, row: Row) -> Establishment | None:
    number = row["establishmentnumber"].zfill(4)
    if not number.strip("0"):
        return None
    laestab = la + number
    if len(laestab) != 7 or not laestab.isascii() or not laestab.isdigit():
        raise fault(path, line, f"LA “{la}” and number “{number}” make no DfE number of seven digits",
                    "Three digits of the authority and up to four of the establishment are expected.")
    status = row.get("establishmentstatus (code)") or row.get("establishmentstatus (name)") or "open"
    before = row.get("previousla (code)", ""), row.get("previousestablishmentnumber", "")
    return Establishment(
        urn=row["urn"], laestab=laestab, name=row["establishmentname"], open=status.lower() in _OPEN,
        type=row.get("typeofestablishment (name)", ""), phase=row.get("phaseofeducation (name)", ""),
        postcode=row.get("postcode", "").upper() or None,
        opened=_day(path, line, row.get("opendate", "")), closed=_day(path, line, row.get("closedate", "")),
        predecessor=before[0].zfill(3) + before[1].zfill(4) if before[0].strip("0") and before[1].strip("0") else None,
    )


def _outranks(school: Establishment, known: Establishment | None) -> bool:
    if known is None or school.open != known.open:
        return known is None or school.open
    return (school.opened or date.min) > (known.opened or date.min)


def _authorities(path: Path, names: dict[str, str]) -> dict[str, Authority]:
    if not path.is_file():
        return {la: Authority(la=la, name=name or la) for la, name in names.items()}
    found = {}
    for line, row in read_rows(path, ("la", "name")):
        la = row["la"].zfill(3)
        if len(la) != 3 or not la.isascii() or not la.isdigit():
            raise fault(path, line, f"“{row['la']}” is no authority code", "Write the three digits, such as 990.")
        found[la] = Authority(la=la, name=row["name"], region=row.get("region", ""), successor=row.get("successor") or None)
    return found


def _postcodes(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    found = {}
    for line, row in read_rows(path, ("postcode", "la")):
        la = row["la"].zfill(3)
        if len(la) != 3 or not la.isascii() or not la.isdigit():
            raise fault(path, line, f"“{row['la']}” is no authority code", "Write the three digits, such as 990.")
        found[_postcode(row["postcode"])] = la
    return found


def _postcode(text: str) -> str:
    """Capitals and one blank before the last three characters of a full postcode; outward parts as they are."""
    joined = "".join(text.upper().split())
    full = len(joined) >= 5 and joined[-3].isdigit() and joined[-2:].isalpha()
    return f"{joined[:-3]} {joined[-3:]}" if full else joined


def _day(path: Path, line: int, text: str) -> date | None:
    if not text:
        return None
    for form in ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day without a time has no zone
        except ValueError:
            continue
    raise fault(path, line, f"“{text}” is no date", "Dates are written 31-08-2025, as in the national register.")
