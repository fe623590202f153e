"""Each fsync and fdatasync of the cycle answers EIO once, one run for each.

1. The run stops at it, or stops that file: exit code 74.
2. That descriptor is never synced again: it is closed, or the process ends.
3. A person is told.
4. Nothing is acknowledged that is not whole: the receipts of the run that met it verify, and their parcels open.
5. The source is kept: the next run takes it from there, and nothing is missing.

One answer nobody reads: SQLite syncs the folder of a new log by ``fdatasync`` and ignores what it is told. The store has synced
that folder itself before, by ``fsync``, and heeds the answer. There only 5 is asked for.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults.account import Reckoning, take_account
from tests.faults.cycle import about_to_begin, injections, passed, reached
from tests.faults.fault import Fault
from tests.faults.strace import STRACE, SYNCS, Injection, Traced
from tests.faults.town import Town

DISK = 74
SHORT = 5
_CALL = re.compile(r"(\w+)\((\d+)<")


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """Every sync, or a few."""
    every = [str(one) for one in injections("EIO", *SYNCS)]
    return every if full else chance.sample(every, SHORT)


def attempt(trial: str, folder: Path) -> Reckoning:
    """One failed sync."""
    town, injection = about_to_begin(folder), Injection.of(trial)
    pass_ = passed(town, injection, "close")
    failed = reached(pass_, injection)
    heeded = failed and f"fdatasync({_descriptor(_failed_line(pass_))}<{town.home}>)" not in _failed_line(pass_)
    broken = [*_went_on(pass_), *_nobody_told(town), *_not_whole(town)] if heeded else []
    reckoning = take_account(town)
    reckoning.broken += broken
    reckoning.tries = int(failed)
    return reckoning


def _went_on(pass_: Traced) -> Iterator[str]:
    if pass_.ended.code != DISK:
        yield f"the run ended with {pass_.ended.code}, {DISK} expected: {pass_.ended.err[-800:]}"
    failed = _failed_line(pass_)
    descriptor = _descriptor(failed)
    for line in pass_.lines[pass_.lines.index(failed) + 1:]:
        if line.startswith(f"close({descriptor}<"):
            return
        if line.startswith(SYNCS) and _descriptor(line) == descriptor:
            yield f"synced again after it failed: {line}"


def _failed_line(pass_: Traced) -> str:
    return next(line for line in pass_.lines if "(INJECTED)" in line)


def _descriptor(line: str) -> str:
    found = _CALL.match(line)
    assert found, line
    return found[2]


def _nobody_told(town: Town) -> Iterator[str]:
    if not any(hold["what"] == "disk" for hold in town.objects("holds")) and not any(town.home.glob("notices/disk-*.txt")):
        yield "nobody was told"


def _not_whole(town: Town) -> Iterator[str]:
    """What was acknowledged by the run that failed."""
    parcels = {parcel["id"] for parcel in town.objects("parcels")}
    for receipt in town.home.glob("drop/*/receipts/*.json"):
        if receipt.name.partition("-")[0] not in parcels:
            yield f"{receipt.name} answers for no parcel"
    [report] = town.objects("verify") or [{"problems": ["gateway verify says nothing"]}]
    yield from report["problems"]


FAULT = Fault("failed sync", "each fsync and fdatasync of the cycle answers EIO once: the run stops, a person is told, that "
              "descriptor is never synced again, nothing is acknowledged that is not whole", trials, attempt, needs=(STRACE,))
