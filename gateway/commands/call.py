"""What every command is called with: the home, whether to print JSON, and the day of a rehearsal.

    from gateway.commands.call import call
    with call().open() as home: …

``--home``, ``--json`` and ``--today`` are taken off the line before a command sees its own arguments, wherever they stand.
"""

from __future__ import annotations

import os
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.errors import UsageError

if TYPE_CHECKING:
    from gateway.bootstrap import Home
    from gateway.config import Settings

DEFAULT_HOME = "gateway-home"


@dataclass(frozen=True, slots=True)
class Call:
    """How the running command was called."""

    home: Path
    json: bool = False
    today: date | None = None
    home_given: bool = False  # by --home or GATEWAY_HOME, not by default

    def settings(self) -> Settings:
        """The home's settings alone; a day has no meaning for them."""
        from gateway.config import load

        return load(self.home)

    def open(self) -> Home:
        """The home, to be used in a ``with`` statement. ``--today`` in a live home is a UsageError."""
        from gateway.bootstrap import open_home

        return open_home(self.home, today=self.today)


_CALL: ContextVar[Call] = ContextVar("call")


def call() -> Call:
    """How the running command was called; outside a command, the defaults."""
    return _CALL.get(None) or Call(home=default_home())


def default_home() -> Path:
    """$GATEWAY_HOME, then ./gateway-home."""
    return Path(os.environ.get("GATEWAY_HOME") or DEFAULT_HOME)


def begin(arguments: list[str], own: frozenset[str] = frozenset()) -> list[str]:
    """Take the shared options off the line and remember them. ``own``: options that the command declares itself, left to it."""
    rest: list[str] = []
    home: Path | None = None
    as_json = False
    today: date | None = None
    words = iter(arguments)
    for word in words:
        name, has_value, value = word.partition("=")
        if word == "--":
            rest += [word, *words]
        elif name == "--home" and name not in own:
            home = Path(value if has_value else _next(words, name))
        elif name == "--today" and name not in own:
            today = _day(value if has_value else _next(words, name))
        elif word == "--json" and name not in own:
            as_json = True
        else:
            rest.append(word)
    given = home is not None or bool(os.environ.get("GATEWAY_HOME"))
    _CALL.set(Call(home=home or default_home(), json=as_json, today=today, home_given=given))
    return rest


def _next(words: object, name: str) -> str:
    value = next(words, None)  # type: ignore[call-overload]
    if not value:
        raise UsageError(
            f"{name} needs a value and got none",
            code="USAGE",
            hint=f"For example {name} {'2026-11-23' if name == '--today' else DEFAULT_HOME}",
        )
    return str(value)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--today {text!r} is not a day, expected YYYY-MM-DD", code="USAGE", hint="For example --today 2026-11-23"
        ) from None
