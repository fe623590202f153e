"""One thing's story for people: what it is, line by line, what belongs together below its name, and last what can be done.

1. Nothing that is not known is printed; yes and no are words, and an unanswered item of a checklist is one.
2. A list of things is a line each when they are short, else a block each.
3. The choices stand at the end, each with a command that can be pasted whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.commands.present import Row, cell, line

LAST = ("choices", "clears_with", "holds")   # what clears it is what is being told; of holds, those that wait are
SHORT = 100          # characters of a thing that still stands on one line
_WIDTH = 26


def tell(row: Row) -> None:
    """Print a story on stdout."""
    for key, value in row.items():
        if key not in LAST:
            _line(key, value, 0)
    cleared = [hold for hold in row.get("holds") or () if hold["state"] != "open"]
    if cleared:
        line(f"{'cleared':<{_WIDTH}} {len(cleared)}: gateway holds --all")
    choices = row.get("choices") or ()
    if choices:
        line("what you can do")
    for choice in choices:
        line(f"  {choice['does']}")
        line(f"      {choice['command']}")


def _line(key: str, value: Any, depth: int) -> None:
    name, pad = key.replace("_", " "), "  " * depth
    if value in (None, "", (), [], {}):
        return
    if isinstance(value, Mapping):
        line(f"{pad}{name}")
        for inner, one in value.items():
            _line(inner, one, depth + 1)
    elif isinstance(value, list | tuple) and isinstance(value[0], Mapping):
        line(f"{pad}{name}")
        for one in value:
            _thing(one, depth + 1)
    else:
        line(f"{pad}{name:<{max(1, _WIDTH - len(pad))}} {_word(value)}")


def _thing(one: Mapping[str, Any], depth: int) -> None:
    """One of several: on a line, or as a block below its first value."""
    pad = "  " * depth
    known = {key: value for key, value in one.items() if value not in (None, "", (), [], {})}
    nested = any(isinstance(value, Mapping) or (isinstance(value, list) and value and isinstance(value[0], Mapping))
                 for value in known.values())
    short = "  ".join(_said(key, value) for key, value in known.items()) if not nested else ""
    if short and len(short) <= SHORT:
        line(f"{pad}- {short}")
        return
    for place, (key, value) in enumerate(known.items()):
        if place == 0:
            line(f"{pad}- {_said(key, value)}")
        else:
            _line(key, value, depth + 1)


def _said(key: str, value: Any) -> str:
    """A value that speaks for itself, or with its name."""
    plain = key in ("id", "at", "by", "what", "kind", "state", "text", "message", "hint", "reason", "movement", "name", "does")
    return _word(value) if plain else f"{key.replace('_', ' ')}: {_word(value)}"


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_word(one) for one in value)
    return cell(value)
