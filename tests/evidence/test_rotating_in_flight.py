"""Forty packages between two authorities while every key is rotated; ``make faults`` carries a thousand."""

from __future__ import annotations

import os
import random
from pathlib import Path

from tests.evidence.rotating_in_flight import attempt, trials


def test_nothing_is_lost_or_refused_wrongly_while_keys_are_rotated(tmp_path: Path) -> None:
    seed = int(os.environ.get("GATEWAY_TEST_SEED", "") or random.SystemRandom().randrange(1_000_000))
    print(f"GATEWAY_TEST_SEED={seed}")
    for trial in trials(random.Random(seed), False):  # noqa: S311 - it must be possible to do it again
        carried = attempt(trial, tmp_path)
        assert carried.wrong == [], trial
        assert carried.rotations > 10
