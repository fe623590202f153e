"""Every fault, in the order of the table. A new one is a file beside this one, and its line here."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.faults import (
    bad_peer,
    failed_sync,
    failing_calls,
    failing_statements,
    full_disk,
    killed_at_every_call,
    killed_at_random,
    killed_while_recovering,
    leaping_clock,
    power_lost,
    several_daemons,
)
from tests.faults.account import Reckoning
from tests.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    killed_at_random.FAULT,
    killed_at_every_call.FAULT,
    killed_while_recovering.FAULT,
    power_lost.FAULT,
    failing_calls.FAULT,
    failing_statements.FAULT,
    failed_sync.FAULT,
    full_disk.FAULT,
    leaping_clock.FAULT,
    several_daemons.FAULT,
    bad_peer.FAULT,
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
        try:
            return named(name).attempt(trial, Path(folder))
        except AssertionError as error:      # the trial itself could not be carried out as it must be
            return Reckoning(broken=[str(error)])
