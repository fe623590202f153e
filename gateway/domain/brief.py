"""Regular expressions that are only asked about short texts.

1. A text beyond ``longest`` is nothing that the expression knows: it is not searched, not split and not changed.
2. So an expression whose time grows faster than the text cannot be made to run: the longest text it sees takes it milliseconds.
   ``tests/test_regexes.py`` holds every expression to one or the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brief:
    """A compiled expression and the longest text that it is asked about."""

    pattern: re.Pattern[str]
    longest: int

    def match(self, text: str) -> re.Match[str] | None:
        """As of ``re``."""
        return self.pattern.match(text) if len(text) <= self.longest else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As of ``re``."""
        return self.pattern.fullmatch(text) if len(text) <= self.longest else None

    def sub(self, new: str, text: str) -> str:
        """As of ``re``; a text too long stays as it is."""
        return self.pattern.sub(new, text) if len(text) <= self.longest else text


def brief(expression: str, longest: int, flags: int = 0) -> Brief:
    """Compile an expression for texts of at most so many characters."""
    return Brief(re.compile(expression, flags), longest)
