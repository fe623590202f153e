"""Rules: one small file for each, and the table that orders them. ``ALL`` lists every rule with code, severity and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gateway.domain.rules.rule import Rule

    ALL: tuple[Rule, ...]


def __getattr__(name: str) -> Any:
    """``ALL`` is read from the table when it is first asked for: the table imports every rule of this package."""
    if name == "ALL":
        from gateway.domain.rules.table import ALL as table

        return table
    raise AttributeError(name)
