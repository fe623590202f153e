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
JOINER_HEADINGS = (*LEAVER_HEADINGS[:7], "Start date", "Previous school")


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
        """A new home with the demonstration's register and, in config, the ``senders`` given as TOML."""
        borough = cls(home, la)
        name = {"990": "Thornhaven", "991": "Marlowick", "992": "Saltmarch Vale"}[la]
        borough.gateway("init", "--rehearsal", "--la", la, "--name", name)
        assert borough.last.returncode == 0, borough.last.stderr
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
