"""One seed: a play, its weather, its turns, and the account at the end.

    python -m tests.simulation.run 17          tells the story of seed 17
"""

from __future__ import annotations

import hashlib
import random
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.simulation.errands import Errands
from tests.simulation.exchange import Exchange
from tests.simulation.history import History
from tests.simulation.play import Account, Play, Scene, next_due, release_held_jobs
from tests.simulation.schools import Schools
from tests.simulation.stores import workshop
from tests.simulation.turns import Endless, Turns
from tests.simulation.weather import Weather

PLAYS: Sequence[Callable[[Scene], Play]] = (*[Errands] * 8, *[Schools] * 5, Exchange)
RELEASES = 2                  # how often a person tries again what was held


@dataclass
class Outcome:
    """What came of a seed."""

    seed: int
    play: str
    account: Account
    steps: int = 0
    tally: dict[str, int] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """What should not be; each line names the seed, so that it can be run again."""
        return [f"seed {self.seed} ({self.play}): {said}" for said in self.account.wrong()]

    @property
    def digest(self) -> str:
        """The same for the same story."""
        return hashlib.sha256("\n".join(self.story).encode()).hexdigest()


def run(seed: int, only: Callable[[Scene], Play] | None = None) -> Outcome:
    """Play one seed to its end; ``only``: this play, instead of the one it would draw."""
    chance = random.Random(seed)  # noqa: S311 - it must be possible to do it again
    turns, history = Turns(chance, Weather.drawn(chance)), History()
    folder = workshop() / "seed"       # the same for all: a store that is kept for the next seed keeps its folder
    folder.mkdir(exist_ok=True)
    play = (only or chance.choice(PLAYS))(Scene(turns, history, folder))
    outcome = Outcome(seed, type(play).__name__, Account())
    turns.next_due = lambda: next_due(turns, play.houses)
    try:
        _played(play, turns)
        play.account(outcome.account)
    except Endless as endless:
        outcome.account.stuck.append(str(endless))
    finally:
        turns.end()
        for house in play.houses:
            house.close()
        for left in folder.iterdir():
            left.unlink()
    outcome.account.unfenced += history.faults()
    outcome.account.broken += turns.unexpected
    outcome.steps, outcome.tally = turns.steps, turns.tally | {"taken over": history.takeovers()}
    # A receipt is named for the bytes it is of, and no two sealings are alike.
    outcome.story = [re.sub(r"-R[0-9a-f]{8}", "-R", repr(line)) for line in history.lines]
    return outcome


def _played(play: Play, turns: Turns) -> None:
    play.begin()
    turns.run()
    turns.weather.blows = False
    turns.ring(1.0)
    turns.run()
    play.mend()
    for _ in range(RELEASES):
        turns.run()
        if not sum(release_held_jobs(house) for house in play.houses):
            return


if __name__ == "__main__":
    for given in sys.argv[1:]:
        told = run(int(given))
        print(*told.story, *sorted(told.tally.items()), *told.wrong or [f"seed {given} ({told.play}): nothing wrong"], sep="\n")
