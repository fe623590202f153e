"""Regular expressions that are only asked about short texts.

1. A text beyond ``longest`` is nothing that the expression knows: it is not searched, not split and not changed.
2. So an expression whose time grows faster than the text cannot be made to run: the longest text it sees takes it milliseconds.
   ``tests/test_regexes.py`` holds every expression to one or the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import AnyStr, Generic


@dataclass(frozen=True, slots=True)
class Brief(Generic[AnyStr]):
    """A compiled expression and the longest text that it is asked about."""

    pattern: re.Pattern[AnyStr]
    longest: int

    def match(self, text: AnyStr) -> re.Match[AnyStr] | None:
        """As of ``re``."""
        return self.pattern.match(text) if len(text) <= self.longest else None

    def fullmatch(self, text: AnyStr) -> re.Match[AnyStr] | None:
        """As of ``re``."""
        return self.pattern.fullmatch(text) if len(text) <= self.longest else None

    def search(self, text: AnyStr) -> re.Match[AnyStr] | None:
        """As of ``re``."""
        return self.pattern.search(text) if len(text) <= self.longest else None

    def sub(self, new: AnyStr, text: AnyStr) -> AnyStr:
        """As of ``re``; a text too long stays as it is."""
        return self.pattern.sub(new, text) if len(text) <= self.longest else text


def brief(expression: AnyStr, longest: int, flags: int = 0) -> Brief[AnyStr]:
    """Compile an expression for texts of at most so many characters."""
    return Brief(re.compile(expression, flags), longest)
