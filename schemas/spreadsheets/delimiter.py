"""Which character separates the columns: comma, semicolon, tab or pipe.

1. A first line ``sep=;`` says so, as Excel writes and understands it.
2. Else the one that cuts the most lines of the start into the same number of columns wins. Titles above the header and
   commas inside names ("SURNAME, Forename") do not decide.
"""

from __future__ import annotations

import csv
import re
from collections import Counter

CANDIDATES = (",", ";", "\t", "|")
_SAID = re.compile(r'^"?sep=([,;|\t])"?\r?\n?$', re.IGNORECASE)
SAMPLE_LINES = 60


def said_delimiter(first_line: str) -> str | None:
    """The delimiter that a ``sep=`` line names."""
    said = _SAID.match(first_line.lstrip("\ufeff"))
    return said.group(1) if said else None


def likely_delimiter(lines: list[str]) -> str:
    """The delimiter that fits these first lines best; a comma when there is nothing to separate."""
    return max(CANDIDATES, key=lambda candidate: _fit(lines, candidate))


def _fit(lines: list[str], candidate: str) -> int:
    """Columns won times lines that agree on their number."""
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=candidate) if len(row) > 1)
    except csv.Error:
        return 0
    if not widths:
        return 0
    width, agreeing = max(widths.items(), key=lambda pair: (pair[0] - 1) * pair[1])
    return (width - 1) * agreeing
