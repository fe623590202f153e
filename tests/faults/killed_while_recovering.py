"""SIGKILL at a call of the cycle, then SIGKILL at a call of the run that recovers, then an ordinary run.

Every sync and every change of a name is the place of a first kill; the second is chosen by the seed.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from tests.faults.account import Reckoning, take_account
from tests.faults.cycle import about_to_begin, injections, passed, reached
from tests.faults.fault import Fault
from tests.faults.strace import CALLS, KILL, NAMES, STRACE, SYNCS, Injection

SHORT = 3


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """Every first kill, or a few."""
    first, then = injections(KILL, *SYNCS, *NAMES), injections(KILL, *CALLS)
    return [f"{one}, then {chance.choice(then)}" for one in (first if full else chance.sample(first, SHORT))]


def attempt(trial: str, folder: Path) -> Reckoning:
    """Two kills. The second is reached only when enough was left to do; then it counts."""
    town = about_to_begin(folder)
    kills = [Injection.of(words) for words in trial.split(", then ")]
    hit = [reached(passed(town, kill), kill) for kill in kills]
    reckoning = take_account(town)
    reckoning.tries = sum(hit)
    return reckoning


FAULT = Fault("killed while recovering", "SIGKILL at a sync or a change of a name, for every one of them, then SIGKILL at a call "
              "of the run that recovers", trials, attempt, needs=(STRACE,))
