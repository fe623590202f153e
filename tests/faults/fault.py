"""A fault: what is done to the gateway, in trials that can each be done again by name.

1. A trial is a few words, such as ``seed 4711`` or ``SIGKILL fsync 17``. It makes its own town in an empty folder, does its
   worst, and gives the account of it. The same words do the same again.
2. ``trials`` gives all of them for ``make faults``, or a few for ``make test``, chosen by a seed that is printed.
3. A fault lives in a file of its own and has its line in ``table.py``; the runner, the table and the short test know no other.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.account import SORTS, Reckoning


@dataclass(frozen=True)
class Fault:
    """One row of the table."""

    name: str                                                    # short: it is typed to run it again
    what: str                                                    # for the page: what is done, in one sentence
    trials: Callable[[random.Random, bool], Sequence[str]]       # by chance; all of them, or a few
    attempt: Callable[[str, Path], Reckoning]
    needs: tuple[str, ...] = ()                                  # commands without which this machine cannot do it

    def missing(self) -> str | None:
        """What this machine lacks, as a sentence."""
        for command in self.needs:
            words = command.split()
            if not shutil.which(words[0]) or subprocess.run(words, capture_output=True, check=False).returncode != 0:
                return f"{self.name} was not tried: `{command}` does not work here"
        return None


@dataclass
class Row:
    """What all trials of a fault came to."""

    test: str
    tries: int = 0
    lost: int = 0
    doubled: int = 0
    stuck: int = 0
    unanswered: int = 0
    broken: int = 0
    recovered: float | None = None                               # the worst, in seconds
    failures: list[str] = field(default_factory=list)

    def add(self, trial: str, reckoning: Reckoning) -> None:
        """One more trial."""
        self.tries += reckoning.tries
        for sort in SORTS:
            setattr(self, sort, getattr(self, sort) + len(getattr(reckoning, sort)))
        if reckoning.recovered is not None:
            self.recovered = max(self.recovered or 0.0, reckoning.recovered)
        self.failures += [f"{self.test} · {trial} · {what}" for what in reckoning.wrong]

    def to_json(self) -> dict[str, Any]:
        """As the page's figures are kept."""
        counts = {sort: getattr(self, sort) for sort in SORTS}
        worst = None if self.recovered is None else round(self.recovered, 2)
        return {"test": self.test, "tries": self.tries, **counts, "recovered_s": worst}
