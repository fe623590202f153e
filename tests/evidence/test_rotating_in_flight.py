"""Forty packages between two authorities while every key is rotated; ``make faults`` carries a thousand."""

from __future__ import annotations

import random
from pathlib import Path

from tests.evidence.rotating_in_flight import attempt, trials
from tests.seed import seed_of_the_run


def test_nothing_is_lost_or_refused_wrongly_while_keys_are_rotated(tmp_path: Path) -> None:
    seed = seed_of_the_run()
    for trial in trials(random.Random(seed), False):  # noqa: S311 - it must be possible to do it again
        carried = attempt(trial, tmp_path)
        assert carried.wrong == [], trial
        assert carried.rotations > 10
