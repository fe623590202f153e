"""SIGKILL at random moments, with 200 files in flight, the daemon started again each time.

1. A seed is a round: most of its files lie there when the daemon starts, the rest come while it runs, and it is killed up to a
   second later, again and again. Between two kills nobody tidies up.
2. Only a kill that left a file unanswered counts as one.
3. The last daemon of a round is a new process, left alone. How long it takes, from its start, until every file is answered is
   the time of recovery.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults.account import Reckoning, take_account
from tests.faults.fault import Fault
from tests.faults.known import Known, morning
from tests.faults.town import MONDAY, Town, new_town
from tests.faults.typed import begun, typed

FILES, KILLS, ROUNDS = 200, 10, 105
SHORT_FILES, SHORT_KILLS = 30, 4
LONGEST_LIFE = 1.0
PATIENCE = 60.0


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """Rounds: 1,050 kills, or 4."""
    shape = f"{KILLS} kills, {FILES} files" if full else f"{SHORT_KILLS} kills, {SHORT_FILES} files"
    return [f"seed {chance.randrange(1_000_000)}, {shape}" for _ in range(ROUNDS if full else 1)]


def attempt(trial: str, folder: Path) -> Reckoning:
    """One round."""
    seed, kills, files = (int(word) for word in trial.replace(",", "").split() if word.isdigit())
    chance = random.Random(seed)  # noqa: S311 - it must be possible to do it again
    town = new_town(folder)
    waiting = morning(files)
    early = files * 3 // 4
    town.give(*waiting[:early])
    late = [waiting[early + n::kills] for n in range(kills)]
    in_flight = [_one_life(town, files, chance) for files in late]
    recovered = _last_life(town)
    reckoning = take_account(town)
    reckoning.tries = sum(count > 0 for count in in_flight)
    reckoning.recovered = recovered
    return reckoning


def _one_life(town: Town, files: Sequence[Known], chance: random.Random) -> int:
    """Start it, give it files, kill it; how many files had no final answer by then."""
    life = chance.uniform(0.0, LONGEST_LIFE)
    moments = sorted(chance.uniform(0.0, life) for _ in files)
    with begun(typed("run", "--today", MONDAY, "--home", str(town.home)), town.aside) as daemon:
        began = time.monotonic()
        for moment, one in zip(moments, files, strict=True):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            town.give(one)
        time.sleep(max(0.0, began + life - time.monotonic()))
        daemon.kill()
        return town.unanswered()


def _last_life(town: Town) -> float | None:
    """Seconds until everyone is answered; None when that does not come about, which the account will tell."""
    command = [sys.executable, "-m", "gateway", "run", "--today", MONDAY, "--home", str(town.home)]
    began = time.monotonic()
    with (town.aside / "log").open("w") as log, subprocess.Popen(command, stderr=log) as daemon:
        try:
            while time.monotonic() < began + PATIENCE:
                if town.at_rest():
                    return time.monotonic() - began
                time.sleep(0.02)
            return None
        finally:
            daemon.terminate()
            daemon.wait(30)


FAULT = Fault("killed at random", "SIGKILL at a random moment with 200 files in flight; the daemon is started again",
              trials, attempt)
