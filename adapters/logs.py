"""Logs: one JSON object a line on standard error, never with a child's data.

1. An event is a fixed word; its keys are those of ``KEYS``. A key outside the list is dropped and its name is noted, so that
   nobody logs a row by accident.
2. Values are ids, codes, counts and durations; text is cut at 200 characters and its control characters are escaped by JSON.
3. A person who runs one pass is told in words instead, under the same rules.
4. An exception is its type and code. Never its text, unless it is one of ours: those are written without a child's data.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

import structlog

from gateway.errors import GatewayError

KEYS = frozenset({
    "event", "level", "at", "job", "kind", "parcel", "sender", "channel", "code", "message", "hint", "attempt", "due_at", "count",
    "seconds", "size", "hold", "where", "la", "team", "tree_size", "state", "version", "home", "error",
})
_LONGEST = 200


class JsonLog:
    """A log for one process."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._log = structlog.wrap_logger(
            structlog.PrintLogger(stream or sys.stderr),
            processors=[
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
                structlog.processors.add_log_level,
                _without_personal_data,
                structlog.processors.JSONRenderer(ensure_ascii=True),
            ],
            cache_logger_on_first_use=True,
        )

    def note(self, event: str, **facts: Any) -> None:
        """Something went as it should."""
        self._log.info(event, **facts)

    def fault(self, event: str, error: BaseException, **facts: Any) -> None:
        """Something went wrong: what, by code."""
        self._log.error(event, **facts, **described(error))


class SpokenLog:
    """What a person who waits is told: only what went wrong, in words. Keeps which parcels came."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self.parcels: list[str] = []

    def note(self, event: str, **facts: Any) -> None:
        """Something went as it should."""
        if event == "parcel-received":
            self.parcels.append(str(facts["parcel"]))

    def fault(self, event: str, error: BaseException, **facts: Any) -> None:
        """Something went wrong."""
        said = described(error)
        about = " ".join(str(facts[key]) for key in ("parcel", "job", "sender", "where") if facts.get(key))
        self._tell(f"{event}{f' ({about})' if about else ''}: {said.get('message') or ' '.join(said.values())}")
        if said.get("hint"):
            self._tell(f"  {said['hint']}")


def described(error: BaseException) -> dict[str, str]:
    """An exception in words that may be logged."""
    if isinstance(error, GatewayError):
        return {"code": error.code, "message": error.message, "hint": error.hint}
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_globals.get('__name__', '?')}:{frame.tb_lineno}" if frame is not None else ""
    return {"code": "UNEXPECTED", "error": type(error).__name__, "where": where}


def _without_personal_data(_: Any, __: str, event: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: _short(value) for key, value in event.items() if key in KEYS}
    dropped = sorted(set(event) - KEYS)
    return kept | {"dropped": dropped} if dropped else kept


def _short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:_LONGEST]
