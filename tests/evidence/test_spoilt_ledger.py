"""A few of the trials of ``spoilt_ledger``, by chance; ``make faults`` runs them all."""

from __future__ import annotations

import random
from pathlib import Path

from tests.evidence.spoilt_ledger import attempt, trials
from tests.seed import seed_of_the_run


def test_what_is_spoilt_in_the_ledger_is_found_where_it_lies(tmp_path: Path) -> None:
    seed = seed_of_the_run()
    tries = 0
    for number, trial in enumerate(trials(random.Random(seed), False)):  # noqa: S311 - it must be possible to do it again
        book = attempt(trial, tmp_path / str(number))
        assert book.wrong == [], trial
        tries += book.tries
    assert tries > 0
