"""The figures of the last full run, one line for each fault, kept in the tree: docs/reliability.md shows them.

``make faults`` writes ``docs/reliability.json``; ``make docs`` makes the table of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HEADINGS = ("test", "tries", "lost", "doubled", "stuck", "unanswered", "broken", "worst recovery")
KEPT = Path(__file__).parents[2] / "docs" / "reliability.json"


def kept() -> list[dict[str, Any]]:
    """Every row that was measured."""
    rows: list[dict[str, Any]] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    return rows


def keep(row: Mapping[str, Any]) -> None:
    """Put a row in the place of the one of the same test."""
    rows = {one["test"]: one for one in kept()} | {row["test"]: dict(row)}
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in rows.values())
    KEPT.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """A row as text: numbers with commas, seconds where they were measured."""
    counts = (f"{row[name]:,}" for name in ("tries", "lost", "doubled", "stuck", "unanswered", "broken"))
    worst = row["recovered_s"]
    return (row["test"], *counts, "" if worst is None else f"{worst:.1f} s")
