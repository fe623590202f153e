"""A rehearsal borough for tests: its home, its schools' folders, its days, and what its commands print."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.domain.identifiers.upn import check_letter

FERNBRIDGE, ALL_HALLOWS, QUILLMEAD, THORNHAVEN_HIGH = "9902001", "9902002", "9902003", "9904001"
MARLOWICK_GREEN, SALTMARCH_QUAY = "9912010", "9922020"

_SCHOOLS = """\
URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,EstablishmentStatus (code),EstablishmentStatus (name),\
PhaseOfEducation (name),TypeOfEstablishment (name),Postcode,OpenDate,CloseDate,PreviousLA (code),PreviousEstablishmentNumber
990101,990,Thornhaven,2001,Fernbridge Primary School,1,Open,Primary,Community school,ZY1 1AA,01-09-1995,,,
990102,990,Thornhaven,2002,All Hallows Thornhaven CofE Primary School,1,Open,Primary,Community school,ZY1 2BD,01-09-1995,,,
990103,990,Thornhaven,2003,Quillmead Primary School,1,Open,Primary,Community school,ZY1 3EF,01-09-1995,,,
990104,990,Thornhaven,2005,Oldfield Lane Primary School,2,Closed,Primary,Community school,ZY1 4GH,01-09-1974,31-08-2025,,
990105,990,Thornhaven,2105,Oldfield Lane Academy,1,Open,Primary,Academy converter,ZY1 4GH,01-09-2025,,990,2005
990106,990,Thornhaven,4001,Thornhaven High School,1,Open,Secondary,Community school,ZY2 1JL,01-09-1995,,,
990108,990,Thornhaven,6001,Larkrise House School,1,Open,Not applicable,Other independent school,ZY2 3QR,01-09-1995,,,
990110,990,Thornhaven,1101,The Causeway Centre,1,Open,Not applicable,Pupil referral unit,ZY2 5UW,01-09-1995,,,
990111,991,Marlowick,2010,Marlowick Green Primary School,1,Open,Primary,Community school,ZY3 1XY,01-09-1995,,,
990113,992,Saltmarch Vale,2020,Saltmarch Quay Primary School,1,Open,Primary,Community school,ZY4 1BD,01-09-1995,,,
"""
_AUTHORITIES = "la,name,region,successor\n990,Thornhaven,,\n991,Marlowick,,\n992,Saltmarch Vale,,\n"
_POSTCODES = "postcode,la\nZY1,990\nZY2,990\nZY3,991\nZY4,992\n"

LEAVER_HEADINGS = (
    "UPN",
    "Legal surname",
    "Legal forename",
    "Date of birth",
    "Sex",
    "Year group",
    "Home postcode",
    "Off roll date",
    "Last date attended",
    "Ground for deletion",
    "Destination school",
)
JOINER_HEADINGS = (
    "UPN",
    "Legal surname",
    "Legal forename",
    "Date of birth",
    "Sex",
    "Year group",
    "Home postcode",
    "Start date",
    "Previous school",
)


@dataclass(frozen=True)
class Pupil:
    """An invented child."""

    serial: int
    surname: str = "Ellery"
    forename: str = "Musa"
    born: str = "02/03/2018"
    year: str = "4"
    postcode: str = "ZY1 8GD"

    @property
    def upn(self) -> str:
        body = f"990200124{self.serial:03d}"
        return check_letter(body) + body


@dataclass
class Borough:
    """One rehearsal home and the commands a person would type in it."""

    home: Path
    la: str = "990"
    last: subprocess.CompletedProcess[str] = field(init=False)

    @classmethod
    def found(cls, home: Path, la: str = "990", senders: str = "") -> Borough:
        """A new home with a register and, in config, the ``senders`` given as TOML."""
        borough = cls(home, la)
        schools = home.parent / f"schools-{la}.csv"
        schools.write_text(_SCHOOLS, encoding="utf-8")
        name = {"990": "Thornhaven", "991": "Marlowick", "992": "Saltmarch Vale"}[la]
        borough.gateway("init", "--rehearsal", "--la", la, "--name", name, "--schools", str(schools))
        assert borough.last.returncode == 0, borough.last.stderr
        (home / "register" / "authorities.csv").write_text(_AUTHORITIES, encoding="utf-8")
        (home / "register" / "postcodes.csv").write_text(_POSTCODES, encoding="utf-8")
        if senders:
            with (home / "config.toml").open("a", encoding="utf-8") as config:
                config.write("\n" + senders)
        return borough

    def gateway(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Type one command; its output and exit code."""
        command = [sys.executable, "-m", "gateway", *words, "--home", str(self.home)]
        settled_soon = os.environ | {"GATEWAY_RECEIVE__SETTLE_SECONDS": "0.3"}   # a test's file is whole when it is dropped
        self.last = subprocess.run(command, capture_output=True, text=True, timeout=120, env=settled_soon, check=False)
        return self.last

    def objects(self, *words: str) -> list[dict[str, Any]]:
        """What a command prints with ``--json``, an object a line."""
        done = self.gateway(*words, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def run(self, day: str, expect: int = 0) -> None:
        """One pass of the daemon on a day."""
        done = self.gateway("run", "--once", "--today", day)
        assert done.returncode == expect, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])

    def drop(self, school: str, name: str, content: bytes) -> None:
        """A school puts a file into its folder, renamed into place when it is whole."""
        folder = self.home / "drop" / school
        part = folder / (name + ".part")
        part.write_bytes(content)
        part.rename(folder / name)

    def cases(self) -> list[dict[str, Any]]:
        """The cases that are not closed."""
        return [case for case in self.objects("cases") if case["state"] != "closed"]

    def holds(self, what: str) -> list[dict[str, Any]]:
        """The open holds of one sort."""
        return [hold for hold in self.objects("holds") if hold["what"] == what]


def leavers(*rows: dict[str, str]) -> bytes:
    """A leavers' return: each row is what ``leaver`` gives."""
    return _sheet(LEAVER_HEADINGS, rows)


def joiners(*rows: dict[str, str]) -> bytes:
    """A joiners' return: each row is what ``joiner`` gives."""
    return _sheet(JOINER_HEADINGS, rows)


def leaver(child: Pupil, left: str, ground: str, destination: str = "", **more: str) -> dict[str, str]:
    """One leaver by heading; ``more`` adds columns, an underscore standing for a space."""
    return (
        _child(child)
        | {"Off roll date": left, "Last date attended": left, "Ground for deletion": ground, "Destination school": destination}
        | _columns(more)
    )


def joiner(child: Pupil, start: str, previous: str = "", **more: str) -> dict[str, str]:
    """One joiner by heading."""
    return _child(child) | {"Start date": start, "Previous school": previous} | _columns(more)


def _child(child: Pupil) -> dict[str, str]:
    return {
        "UPN": child.upn,
        "Legal surname": child.surname,
        "Legal forename": child.forename,
        "Date of birth": child.born,
        "Sex": "M",
        "Year group": child.year,
        "Home postcode": child.postcode,
    }


def _columns(more: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", " "): value for name, value in more.items()}


def _sheet(headings: tuple[str, ...], rows: tuple[dict[str, str], ...]) -> bytes:
    wide = list(headings) + sorted({name for row in rows for name in row} - set(headings))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, wide, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
