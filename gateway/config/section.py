"""What every section of config.toml is: a frozen model, and the texts it is made of.

1. Every key has a description, which becomes the reference page, the comment in config.example.toml and the hint of an error.
2. Secrets are never values here: ``…_from`` names a file or a systemd credential.
3. A key that is not known is a fault: a misspelt safeguard must not be silently off.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

LaCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()]{6,20}$")]
Named = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Section(BaseModel):
    """A table of config.toml: frozen, and with no keys but its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SettingFault(ValueError):
    """What is wrong with a setting, and what to write instead. A validator raises it; the loader tells both."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def nearest(word: str, known: Iterable[str]) -> str:
    """'; did you mean …?' when something similar is known."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {found[0]!r}?" if found else ""
