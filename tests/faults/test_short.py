"""A few trials of every fault, chosen by a seed that is printed; ``make faults`` runs them all."""

from __future__ import annotations

import random

import pytest

from tests.conftest import in_ci
from tests.faults.fault import Fault
from tests.faults.table import FAULTS, attempted
from tests.seed import seed_of_the_run


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_nothing_is_lost_doubled_stuck_or_unanswered(fault: Fault) -> None:
    if lacks := fault.missing():
        (pytest.fail if in_ci() else pytest.skip)(lacks)
    seed = seed_of_the_run()
    wrong, tries = [], 0
    for trial in fault.trials(random.Random(seed), False):  # noqa: S311 - it must be possible to do it again
        reckoning = attempted(fault.name, trial)
        tries += reckoning.tries
        wrong += [f'python -m tests.faults "{fault.name}" --trial "{trial}": {what}' for what in reckoning.wrong]
    assert wrong == []
    assert tries > 0
