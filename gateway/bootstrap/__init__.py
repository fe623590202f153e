"""The composition root: the only place that names an adapter. Nothing connects at import; ``open_home`` puts a home together."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.bootstrap.home import Home

__all__ = ["Home", "open_home"]


def open_home(home: Path, *, today: date | None = None) -> Home:
    """A home, to be used in a ``with`` statement. ``today`` sets the clock of a rehearsal home; UsageError in a live one.

    From here on this process holds keys and children's data: it leaves no core file, no process of the same user reads its
    memory, and what it starts has none of its capabilities.
    """
    # Imported here: the sandbox imports its reader from this package, and must not load stores, keys and servers with it.
    from adapters.sandbox.confine import guard_process
    from gateway.bootstrap.home import Home

    guard_process()
    return Home.opened(home, today)
