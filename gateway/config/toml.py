"""Writing TOML values, and config.toml's own text. The standard library reads TOML but does not write it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import PurePath
from typing import Any


def written(value: Any) -> str:
    """One value as TOML writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case Enum():
            return written(value.value)
        case int() | float():
            return repr(value)
        case date():
            return value.isoformat()
        case str() | PurePath():
            return json.dumps(str(value), ensure_ascii=False)  # a JSON string is a TOML basic string
        case Mapping():
            return "{ " + ", ".join(f"{key(k)} = {written(v)}" for k, v in value.items()) + " }" if value else "{}"
        case list() | tuple():
            return "[" + ", ".join(written(v) for v in value) + "]"
    raise TypeError(f"TOML has no form for {type(value).__name__}")


def key(name: str) -> str:
    """A key, quoted when it must be."""
    return (
        name if name and all(c.isascii() and (c.isalnum() or c in "-_") for c in name) else json.dumps(name, ensure_ascii=False)
    )


def table(name: str, values: Mapping[str, Any]) -> str:
    """``[name]`` and its keys."""
    heading = ".".join(key(part) for part in name.split("."))
    return f"[{heading}]\n" + "".join(f"{key(k)} = {written(v)}\n" for k, v in values.items())
