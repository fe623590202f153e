"""SIGKILL at each system call of the cycle that changes a file, one run for each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from tests.faults.account import Reckoning, take_account
from tests.faults.cycle import about_to_begin, injections, passed, reached
from tests.faults.fault import Fault
from tests.faults.strace import CALLS, KILL, STRACE, Injection

SHORT = 8


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """Every call, or a few."""
    every = [str(one) for one in injections(KILL, *CALLS)]
    return every if full else chance.sample(every, SHORT)


def attempt(trial: str, folder: Path) -> Reckoning:
    """One kill."""
    town, injection = about_to_begin(folder), Injection.of(trial)
    was_killed = reached(passed(town, injection), injection)
    reckoning = take_account(town)
    reckoning.tries = int(was_killed)
    return reckoning


FAULT = Fault("killed at every call", "SIGKILL at the N-th call of each kind that changes a file, for every N of a cycle of "
              "receiving, settling and delivering", trials, attempt, needs=(STRACE,))
