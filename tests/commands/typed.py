"""Typing commands in this process: what they print, and how they end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateway import bootstrap
from gateway.commands.app import run

LEAVERS = (
    "UPN,Legal surname,Legal forename,Date of birth,Sex,Year group,Home postcode,Off roll date,Last date attended,"
    "Ground for deletion,Destination school\n"
    ",Ellery,Musa,02/03/2018,M,3,ZY1 8GD,13/11/2026,13/11/2026,9(1)(i),Unknown\n"
    ",D'Souza,Zoë,31/02/2017,F,4,ZY1 6LX,13/11/2026,13/11/2026,9(1)(a),Quillmead Primary School\n"
)
FERNBRIDGE = "9902001"
REGISTER = str(Path(bootstrap.__file__).parent / "register" / "schools.csv")   # the invented one
DAY = "2026-11-16"


@dataclass(frozen=True)
class Typed:
    """One command's ending."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.err.splitlines()[-1])["error"]
        return told


@dataclass(frozen=True)
class Keyboard:
    """Types commands in one home."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def type(self, *words: str) -> Typed:
        """Run one command; ``--home`` is put at the end."""
        self.capsys.readouterr()
        code = run([*words, "--home", str(self.home)])
        said = self.capsys.readouterr()
        return Typed(code, said.out, said.err)

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """The objects of a list."""
        typed = self.type(*words, "--json")
        assert typed.code == 0, typed.err
        return typed.rows
