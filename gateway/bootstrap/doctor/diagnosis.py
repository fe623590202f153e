"""What doctor says of one thing: how it stands, in a sentence, and what to type."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from gateway.bootstrap.home import Home


class State(StrEnum):
    """Well; worth knowing; or to be mended."""

    OK = "ok"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of doctor's answer."""

    check: str
    state: State
    says: str
    type: str = ""  # the command or the line to write

    def to_json(self) -> dict[str, Any]:
        """As ``gateway doctor --json`` prints it."""
        return asdict(self) | {"state": self.state.value}


Check = Callable[[Home], Iterable[Diagnosis]]


def ok(check: str, says: str) -> Diagnosis:
    """It was tried and it works."""
    return Diagnosis(check, State.OK, says)


def note(check: str, says: str, type: str = "") -> Diagnosis:
    """It works, but someone should know."""
    return Diagnosis(check, State.NOTE, says, type)


def fault(check: str, says: str, type: str) -> Diagnosis:
    """It does not work, and this mends it."""
    return Diagnosis(check, State.FAULT, says, type)
