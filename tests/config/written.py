"""Homes with a config.toml as a test wants it."""

from __future__ import annotations

from pathlib import Path

LEAST = """\
[authority]
la = "990"
name = "Thornhaven"
[contact]
name = "Alice Osei"
email = "cme@thornhaven.example"
[deputy]
name = "Dele Park"
email = "deputy@thornhaven.example"
[safeguarding]
phone = "01632 960100"
"""


def home_with(folder: Path, more: str = "", *, least: str = LEAST, rehearsal: bool = False) -> Path:
    """A folder whose config.toml has what is required, and ``more``."""
    folder.mkdir(parents=True, exist_ok=True)
    first = "rehearsal = true\n" if rehearsal else ""
    (folder / "config.toml").write_text(first + least + more, encoding="utf-8")
    return folder
