"""What can go wrong in a seed's world, and how often: drawn once, at its beginning.

1. Chances are for each step: a call of a port, a statement of the store. Some seeds are still, some blow from one side only.
2. When the storm is over nothing fails any more: what is stuck then is stuck for ever.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

LEAPS = tuple(sign * days * 86_400.0 for days in (1, 365) for sign in (1, -1))
LEVELS = (0.0, 0.0, 1.0, 1.0, 3.0)      # of a fault's usual chance: two seeds in five do not have it at all


@dataclass(slots=True)
class Weather:
    """Chances of each fault."""

    crash: float                  # the process ends at this step
    sleep: float                  # the worker sleeps at this step, longer than a lease may be
    store: float                  # a statement or a commit fails
    unknown: float                # a commit was done, and its answer is an error
    lost: float                   # a request never arrives
    unanswered: float             # a request arrives, its answer does not
    late: float                   # a request is given up, and arrives hours later
    twice: float                  # what arrived arrives again later
    away: float                   # the partner is down from here for a while
    skew: float                   # seconds by which a machine's clock may be wrong
    leaps: tuple[float, ...]      # by which a machine's clock may leap, until the storm is over
    steps: int                    # until the storm is over
    blows: bool = True

    @classmethod
    def drawn(cls, chance: random.Random) -> Weather:
        """One seed's weather."""
        def level() -> float:
            return chance.choice(LEVELS)

        return cls(crash=0.004 * level(), sleep=0.004 * level(), store=0.006 * level(), unknown=0.01 * level(),
                   lost=0.1 * level(), unanswered=0.1 * level(), late=0.06 * level(), twice=0.1 * level(), away=0.02 * level(),
                   skew=chance.choice((0.0, 0.0, 2.0, 90.0)),
                   leaps=chance.choice(((), (), (), LEAPS)), steps=chance.choice((60, 200, 500)))
