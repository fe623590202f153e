"""The seed of tests that choose by chance.

``make test`` always chooses the same, so that what fails there was broken by a change; ``GATEWAY_TEST_SEED`` gives another. The
long commands (``make faults``, ``make fuzz``) choose anew each time, and print what they chose.
"""

from __future__ import annotations

import os

USUAL = 990


def seed_of_the_run() -> int:
    """Printed, for whoever reads a failure."""
    seed = int(os.environ.get("GATEWAY_TEST_SEED", "") or USUAL)
    print(f"GATEWAY_TEST_SEED={seed}")
    return seed
