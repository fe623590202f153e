"""The synonym table: headings as schools write them, loaded from ``headings.toml`` beside this file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from gateway.domain.returns.headings import HeadingPattern, Synonyms, compact, fold_heading
from gateway.domain.returns.record import MovementKind


@cache
def load_synonyms() -> Synonyms:
    """The table, read once per process."""
    return parse_synonyms(tomllib.loads((files(__package__) / "headings.toml").read_text(encoding="utf-8")))


def parse_synonyms(table: dict[str, Any]) -> Synonyms:
    """Build the table; ValueError when one heading is given to two fields."""
    exact: dict[str, str] = {}
    rank: dict[str, int] = {}
    for field, headings in table["fields"].items():
        for place, heading in enumerate(headings):
            key = compact(fold_heading(heading))
            if exact.setdefault(key, field) != field:
                raise ValueError(f"heading {heading!r} stands for both {exact[key]} and {field}")
            rank.setdefault(key, place)
    parents = table.get("parents", {})
    attributes = {word: name for name, words in parents.get("attributes", {}).items() for word in words}
    return Synonyms(
        exact=exact,
        by_movement={
            MovementKind.LEAVER: _flat(table.get("leavers", {})), MovementKind.JOINER: _flat(table.get("joiners", {})),
        },
        rank=rank,
        holders=tuple(sorted(parents.get("holders", ()), key=len, reverse=True)),
        attributes=attributes,
        patterns=tuple(HeadingPattern(p["field"], *(tuple(p.get(part, ())) for part in ("all", "any", "all_any", "none")))
                       for p in table.get("pattern", ())),
    )


def _flat(fields: dict[str, list[str]]) -> dict[str, str]:
    return {compact(fold_heading(heading)): field for field, headings in fields.items() for heading in headings}
