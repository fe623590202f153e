"""Several daemons are started in one home: one works, the others are refused, and when it is killed another takes over.

1. *Two*: beside a daemon at work a second is started, and a pass is typed. Both end at once with exit code 75, say who has the
   home, and touch nothing.
2. *Eight*: eight are started at the same moment with files lying there, exactly one works and seven are refused. It is killed at
   a random moment, and the next eight are started while it dies. The last of them is left alone: the time of recovery.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.faults.account import Reckoning, take_account
from tests.faults.fault import Fault
from tests.faults.known import Known, morning
from tests.faults.town import STARTED, Town, new_town
from tests.faults.typed import Child, begun, carried_out

REFUSED, LOCKED = 75, "another gateway runs in this home"
EIGHT, KILLS, FILES, ROUNDS = 8, 5, 60, 20
SHORT_KILLS, SHORT_FILES = 2, 14
LONGEST_LIFE = 0.7
PATIENCE = 60.0


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """Rounds of two and of eight; or one of each."""
    rounds, kills, files = (ROUNDS, KILLS, FILES) if full else (1, SHORT_KILLS, SHORT_FILES)
    two = [f"seed {chance.randrange(1_000_000)}, two, 0 kills, {SHORT_FILES} files" for _ in range(rounds)]
    return [*two, *(f"seed {chance.randrange(1_000_000)}, eight, {kills} kills, {files} files" for _ in range(rounds))]


def attempt(trial: str, folder: Path) -> Reckoning:
    """One round."""
    seed, many, kills, files = trial.split(", ")
    chance = random.Random(int(seed.split()[1]))  # noqa: S311 - it must be possible to do it again
    town = new_town(folder)
    waiting = morning(int(files.split()[0]))
    if many == "two":
        broken, recovered = list(_two(town, waiting)), None
    else:
        broken, recovered = _eight(town, waiting, int(kills.split()[0]), chance)
    reckoning = take_account(town)
    reckoning.broken += broken
    reckoning.recovered = recovered
    reckoning.tries = 2 if many == "two" else EIGHT * (1 + int(kills.split()[0]))
    return reckoning


def _two(town: Town, files: Sequence[Known]) -> Iterator[str]:
    beside = town.aside / "second"
    beside.mkdir()
    with town.daemon() as first:
        town.give(*files)
        for act in (town.forever(), town.one_pass()):
            second = carried_out(act, beside)
            if second.code != REFUSED or LOCKED not in second.err or str(first.pid) not in second.err:
                yield f"the second ended with {second.code}: {second.err[-800:]}"
        if first.ended() or town.rests(PATIENCE) is None:
            yield f"the first did not do its work: {first.said()[-800:]}"


def _eight(town: Town, files: Sequence[Known], kills: int, chance: random.Random) -> tuple[list[str], float | None]:
    """What was wrong, and how long the last took."""
    wrong: list[str] = []
    shares = [files[n::kills + 1] for n in range(kills + 1)]
    for number, share in enumerate(shares[:-1]):
        with ExitStack() as all_of_them:
            town.give(*share)
            crowd = _crowd(town, number, all_of_them)
            wrong += _one_works(crowd)
            time.sleep(chance.uniform(0.0, LONGEST_LIFE))
            for each in crowd:
                each.kill()
    with ExitStack() as all_of_them:
        town.give(*shares[-1])
        crowd = _crowd(town, kills, all_of_them)
        wrong += _one_works(crowd)
        recovered = town.rests(PATIENCE)
        if recovered is None:
            wrong.append("not everyone was answered within a minute")
        for each in crowd:
            if not each.ended():
                os.kill(each.pid, signal.SIGTERM)
                each.wait()
    return wrong, recovered


def _crowd(town: Town, number: int, stack: ExitStack) -> list[Child]:
    """Eight, started at once."""
    crowd = []
    for place in range(EIGHT):
        aside = town.aside / f"crowd-{number}-{place}"
        aside.mkdir()
        crowd.append(stack.enter_context(begun(town.forever(), aside)))
    return crowd


def _one_works(crowd: Sequence[Child]) -> Iterator[str]:
    """Wait until each works or was refused; what is wrong with that."""
    deadline = time.monotonic() + PATIENCE
    while not all(STARTED in each.said() or each.ended() for each in crowd) and time.monotonic() < deadline:
        time.sleep(0.02)
    at_work = [each for each in crowd if STARTED in each.said()]
    if len(at_work) != 1 or at_work[0].ended():
        yield f"{len(at_work)} of {len(crowd)} work, 1 expected"
    for each in crowd:
        if each not in at_work and (not each.ended() or each.wait().code != REFUSED or LOCKED not in each.said()):
            yield f"one was not refused: {each.said()[-800:]}"


FAULT = Fault("several daemons", "a second daemon and a second pass in a home at work; eight started at once, the one at work "
              "killed at a random moment, eight more: exactly one works, the others are refused", trials, attempt)
