"""Each system call of the cycle that changes a file fails once, one run for each, with every error that it may well give.

1. Of ``pwrite64``, which is made hundreds of times, each has one error, in turn.
2. The run that meets the error must end in a state that has a name: never by a bug's exception, never with exit code 70.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from tests.faults.account import Reckoning, take_account
from tests.faults.cycle import NAMED_ENDS, about_to_begin, injections, passed, reached
from tests.faults.fault import Fault
from tests.faults.strace import NAMES, STRACE, SYNCS, Injection

MAKES_NAMES = tuple(name for name in NAMES if not name.startswith(("unlink", "rmdir")))
ERRORS = {
    "EIO": ("write", "ftruncate", *NAMES),              # of a sync: see failed_sync.py
    "ENOSPC": ("write", *MAKES_NAMES),
    "EACCES": NAMES,
    "EINTR": (*SYNCS, "write", "ftruncate"),
}
IN_TURN = ("EIO", "ENOSPC", "EINTR")
SHORT = 8


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """Every call with each of its errors, or a few."""
    every = [one for error, calls in ERRORS.items() for one in injections(error, *calls)]
    stored = zip(cycle(IN_TURN), injections("", "pwrite64"), strict=False)
    trials = [str(one) for one in (*every, *(replace(one, what=error) for error, one in stored))]
    return trials if full else chance.sample(trials, SHORT)


def attempt(trial: str, folder: Path) -> Reckoning:
    """One failure."""
    town, injection = about_to_begin(folder), Injection.of(trial)
    pass_ = passed(town, injection)
    failed = reached(pass_, injection)
    reckoning = take_account(town)
    reckoning.tries = int(failed)
    if pass_.ended.code not in NAMED_ENDS or "UNEXPECTED" in pass_.ended.err:
        reckoning.broken.append(f"the run ended with {pass_.ended.code}: {pass_.ended.err[-800:]}")
    return reckoning


FAULT = Fault("failing calls", "the N-th call of each kind that changes a file fails with EIO, ENOSPC, EACCES or EINTR, for "
              "every N of the cycle; the run ends in a state that has a name", trials, attempt, needs=(STRACE,))
