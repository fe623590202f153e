"""Every fault, in the order of the table. A new one is a file beside this one, and its line here."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.faults import killed_at_random
from tests.faults.account import Reckoning
from tests.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    killed_at_random.FAULT,
)


def named(name: str) -> Fault:
    """The fault of that name, or of the only name that begins so."""
    found = [fault for fault in FAULTS if fault.name == name] or [fault for fault in FAULTS if fault.name.startswith(name)]
    if len(found) != 1:
        raise SystemExit(f"{name!r} is {len(found)} faults, 1 expected; there are: " + ", ".join(fault.name for fault in FAULTS))
    return found[0]


def attempted(name: str, trial: str) -> Reckoning:
    """One trial of a fault, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="gateway-faults-", ignore_cleanup_errors=True) as folder:
        return named(name).attempt(trial, Path(folder))
