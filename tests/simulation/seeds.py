"""Which seeds are played.

A seed that failed is pinned here, with what it found: it is played in every run from then on. When the simulation itself changes,
a seed tells another story; what it found needs a test of its own, which does not.
"""

from __future__ import annotations

import os

USUAL = 2_000                 # in every run of the tests; GATEWAY_SIMULATION_SEEDS asks for more
BLOCK = 25                    # in one test, so that several processes share them

PINNED = {
    2: "their receipt came before our proof of delivery: nobody would have heard of their silence",
    68: "an idle worker took a job, again and again, from the one beside it who was at it: it was held, and nobody had died",
    776: "two workers sealed the same package, and both sealings left",
    827: "a clock that was put right changed the order of one sender's files",
    1494: "the week ended while a file was received that was known by its bytes: it was entered, and its bytes were not kept",
}


def wanted() -> range:
    """The seeds of this run."""
    return range(int(os.environ.get("GATEWAY_SIMULATION_SEEDS", "") or USUAL))
