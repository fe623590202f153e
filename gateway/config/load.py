"""Reading config.toml, with the environment on top.

1. What a flag says goes before ``GATEWAY_<SECTION>__<KEY>`` in the environment, that before the file, that before the default.
2. Every fault names the key, the value and what to write; all faults are told at once.
3. ``rehearsal`` cannot be set from the environment: a live home never becomes one by accident.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from gateway.config.rehearsal import check_contacts
from gateway.config.section import nearest
from gateway.config.settings import Settings
from gateway.config.toml import written
from gateway.config.watching import check_folders
from gateway.errors import ConfigError, UsageError

CONFIG = "config.toml"
PREFIX = "GATEWAY_"


def load(home: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings of a home, or ConfigError; UsageError when there is no home."""
    home = home.absolute()
    values = _read(home / CONFIG)
    origins = dict.fromkeys(_leaves(values), CONFIG)
    for name, key, value in _overrides(os.environ if environ is None else environ):
        _put(values, key, value, name)
        origins[".".join(key)] = f"environment {name}"
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise _explained(error, home, origins) from None
    return check_folders(check_contacts(settings.found_at(home, origins)))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(
            f"{path.parent} is not a gateway home: it has no {CONFIG}",
            code="NO-HOME",
            hint="Name the home with --home DIR or GATEWAY_HOME, or make one: gateway init --rehearsal --home DIR",
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"{path} is not TOML: {error}",
            code="CONFIG-SYNTAX",
            hint='Mend that line; text stands in "quotes", dates and numbers without.',
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path} cannot be read: {type(error).__name__}",
            code="CONFIG-UNREADABLE",
            hint="It must be UTF-8 and readable by the gateway's user.",
        ) from error


def _leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


def _overrides(environ: Mapping[str, str]) -> Iterator[tuple[str, list[str], Any]]:
    """Variables with a double underscore are settings; others, such as GATEWAY_HOME, are not ours to read here."""
    for name in sorted(environ):
        if name.startswith(PREFIX) and "__" in name:
            key = name.removeprefix(PREFIX).lower().split("__")
            yield name, key, _typed(environ[name])


def _typed(text: str) -> Any:
    """As TOML would read it; bare words are text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _put(values: dict[str, Any], key: list[str], value: Any, name: str) -> None:
    table: Any = values
    for part in key[:-1]:
        table = table.setdefault(part, {}) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        raise ConfigError(
            f"{name} names {'.'.join(key)}, which is not a single setting",
            code="CONFIG-ENVIRONMENT",
            hint=f"Unset {name} and write it in {CONFIG}.",
        )
    table[key[-1]] = str(value) if _wants_text(key) and isinstance(value, int | float) else value


def _wants_text(key: list[str]) -> bool:
    """Text such as "990" would read as a number when it stands bare in the environment."""
    field = _field(tuple(key))
    return field is not None and field.annotation is str


def _field(location: tuple[Any, ...]) -> FieldInfo | None:
    """The field that a location names; a list's number or a table's own name stands between section and key."""
    model: Any = Settings
    field: FieldInfo | None = None
    named = False
    for part in location:
        if named:
            named = False
        elif isinstance(model, type) and issubclass(model, BaseModel):
            field = model.model_fields.get(str(part))
            if field is None:
                return None
            model = _inner(field.annotation)
            named = model is not field.annotation
    return field


def _inner(annotation: Any) -> Any:
    """The section inside ``dict[str, Section]`` or ``tuple[Section, ...]``, or the annotation itself."""
    for argument in getattr(annotation, "__args__", ()):
        if isinstance(argument, type) and issubclass(argument, BaseModel):
            return argument
    return annotation


def _explained(error: ValidationError, home: Path, origins: Mapping[str, str]) -> ConfigError:
    told = error.errors(include_url=False)
    places = [tuple(detail["loc"]) for detail in told]
    inner = [dict(detail) for detail in told if not any(_inside(place, detail["loc"]) for place in places)]
    faults = [_fault(detail, origins) for detail in inner]
    message = (
        faults[0][0]
        if len(faults) == 1
        else f"{len(faults)} faults: " + "; ".join(f"({i}) {m}" for i, (m, _) in enumerate(faults, 1))
    )
    hint = " ".join(dict.fromkeys(h for _, h in faults))
    return ConfigError(f"{home / CONFIG}: {message}", code="CONFIG", hint=hint)


def _fault(detail: dict[str, Any], origins: Mapping[str, str]) -> tuple[str, str]:
    location: tuple[Any, ...] = detail["loc"]
    key = ".".join(str(part) for part in location)
    origin = origins.get(key, "")
    where = f" (from {origin})" if origin.startswith("environment") else ""
    if detail["type"] == "missing":
        return f"{key} is missing", f"Write {_sample(location)}."
    if detail["type"] == "extra_forbidden":
        return (
            f"{key} is not a setting{_near(location)}{where}",
            "Correct its spelling or remove it; docs/reference/config.md lists them all.",
        )
    if detail["type"] == "value_error":
        fault = detail["ctx"]["error"]
        text = str(fault)
        hint = getattr(fault, "hint", "gateway config check reads the file again after you have changed it.")
        return f"{key}: {text}{where}" if key else text, hint
    return f"{key} = {_shown(detail['input'])}: {_reason(detail)}{where}", f"Write {_sample(location)}."


def _reason(detail: dict[str, Any]) -> str:
    """What is wrong, in our words: the library's are for programmers."""
    said = _REASONS.get(detail["type"]) or next((words for sort, words in _SORTS.items() if detail["type"].startswith(sort)), "")
    return said.format(**detail.get("ctx", {})) if said else "is not what is expected here"


_REASONS = {
    "string_pattern_mismatch": "does not have the right shape", "string_too_short": "is empty",
    "too_short": "is empty, one is needed",
    "enum": "expected {expected}", "literal_error": "expected {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more", "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
}
_SORTS = {
    "int": "is no whole number", "float": "is no number", "bool": "is neither true nor false",
    "date": "is no day such as 2026-09-01",
    "string": 'is no text in "quotes"', "tuple": "is no list in [ ]", "list": "is no list in [ ]", "dict": "is no table",
    "model": "is no table", "path": "is no path", "time": "is no time such as 09:00",
}


def _inside(place: tuple[Any, ...], of: tuple[Any, ...]) -> bool:
    """Whether one fault stands within another's value: the inner one says it better."""
    return len(place) > len(of) and place[: len(of)] == tuple(of) and len(of) > 0


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _near(location: tuple[Any, ...]) -> str:
    model: Any = Settings
    for part in location[:-1]:
        if isinstance(model, type) and issubclass(model, BaseModel) and str(part) in model.model_fields:
            model = _inner(model.model_fields[str(part)].annotation)
    known = list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []
    return nearest(str(location[-1]), known)


def _sample(location: tuple[Any, ...]) -> str:
    """What to write: ``[section] key = example  (description)``."""
    names = [str(part) for part in location if not isinstance(part, int)]
    field = _field(location)
    if field is None:
        return ".".join(names)
    inner = _inner(field.annotation)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        required = [f"{k} = {written(f.examples[0])}" for k, f in inner.model_fields.items() if f.is_required() and f.examples]
        return f"[{'.'.join(names)}] {', '.join(required)}"
    example = field.examples[0] if field.examples else field.get_default(call_default_factory=True)
    table = f"[{'.'.join(names[:-1])}] " if len(names) > 1 else ""
    return f"{table}{names[-1]} = {written(example)} ({field.description})"
