"""Blobs at the boundaries of pages and chunks on a full disk; ``make faults`` tries every size."""

from __future__ import annotations

import random
from pathlib import Path

from tests.adapters.vault.test_faults import needed
from tests.evidence.vault_sizes import attempt, trials
from tests.seed import seed_of_the_run


def test_an_acknowledged_blob_is_whole_however_full_the_disk_is(tmp_path: Path) -> None:
    needed(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], "mount a tmpfs of its own")
    seed = seed_of_the_run()
    for number, trial in enumerate(trials(random.Random(seed), False)):  # noqa: S311 - it must be possible to do it again
        filled = attempt(trial, tmp_path / str(number))
        assert filled.wrong == [], trial
        assert 0 < filled.acknowledged < filled.tries
