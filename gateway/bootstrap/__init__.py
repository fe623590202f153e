"""The composition root: the only place that names an adapter. Nothing connects at import; ``open_home`` puts a home together."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.bootstrap.home import Home

__all__ = ["Home", "open_home"]


def open_home(home: Path, *, today: date | None = None) -> Home:
    """A home, to be used in a ``with`` statement. ``today`` sets the clock of a rehearsal home; UsageError in a live one."""
    # Imported here: the sandbox imports its reader from this package, and must not load stores, keys and servers with it.
    from gateway.bootstrap.home import Home

    return Home.opened(home, today)
