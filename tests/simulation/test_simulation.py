"""Whatever the seed: nothing is lost, doubled or stuck, everyone is answered, nobody commits past a fence or goes out of turn."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.simulation.run import PLAYS, run
from tests.simulation.seeds import BLOCK, PINNED, wanted

ROOT = Path(__file__).parents[2]
FAULTS = ("died", "slept", "taken over", "store failed", "commit unknown", "store busy", "request lost", "request late",
          "answer lost", "arrived twice", "partner away", "lease-lost LEASE-LOST", "parcel-again")


@pytest.mark.parametrize("first", wanted()[::BLOCK])
def test_a_seed_ends_well(first: int) -> None:
    wrong = [said for seed in range(first, min(first + BLOCK, wanted().stop)) for said in run(seed).wrong]
    assert wrong == []


@pytest.mark.parametrize("seed", PINNED, ids=str)
def test_a_seed_that_once_failed_ends_well(seed: int) -> None:
    assert run(seed).wrong == [], PINNED[seed]


def test_every_play_is_played_and_every_fault_happens() -> None:
    seen: Counter[str] = Counter()
    for seed in range(300):
        outcome = run(seed)
        seen.update(outcome.tally | {outcome.play: 1})
        if all(seen[what] for what in (*FAULTS, *(play.__name__ for play in set(PLAYS)))):
            break
    assert [what for what in FAULTS if not seen[what]] == []


def test_the_same_seed_tells_the_same_story_in_any_process() -> None:
    seeds = ["4", "9", "13", "35"]
    told = "from tests.simulation.run import run; import sys; print([run(int(seed)).digest for seed in sys.argv[1:]])"
    answers = {subprocess.run([sys.executable, "-c", told, *seeds], cwd=ROOT, capture_output=True, text=True, check=True,
                              env=os.environ | {"PYTHONHASHSEED": mark}).stdout for mark in ("1", "2")}
    assert len(answers) == 1
