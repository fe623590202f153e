"""The clock of the machine goes a year ahead, or a year back, under the running daemon, and is put right a moment later.

1. The daemon's clock is the port it always has, and beside it what it compares file times with; files keep their times. At the
   leap some files lie there, some are in hand, some come later. In half of the trials the daemon is killed under the wrong clock.
2. What comes under a wrong clock is answered, once: those files' outcome is the same on any day. What comes when the clock is
   right again has the outcome of an ordinary day.
3. Nothing waits for next year: everyone is answered within a minute after the clock is right again, by the daemon alone.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from adapters.clock import wall_seconds
from gateway.bootstrap import home as homes
from gateway.bootstrap import plant as plants
from gateway.domain.clocks.london import day_of
from gateway.ports import Clock
from tests.faults.account import Reckoning, take_account
from tests.faults.fault import Fault
from tests.faults.known import Known, known
from tests.faults.town import Town, new_town
from tests.faults.typed import Act, carried_out

YEAR = timedelta(days=365)
WAYS = {"a year ahead": YEAR, "a year back": -YEAR}
ANY_DAY = (1, 3, 4)               # of seven sorts: a child nobody can find, a joiner, a broken file
ORDINARY = (2, 5, 6)
SEEDS, FILES = 25, 24
SHORT_FILES = 6
WRONG_FOR = 1.5                   # seconds, at most
A_MINUTE = 60.0


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """Each way with and without a kill, by so many seeds; or two of them."""
    seeds = [chance.randrange(1_000_000) for _ in range(SEEDS if full else 1)]
    ends = ("", ", killed meanwhile") if full else (chance.choice(("", ", killed meanwhile")),)
    files = FILES if full else SHORT_FILES
    return [f"seed {seed}, {files} files, {way}{end}" for seed in seeds for way in WAYS for end in ends]


def attempt(trial: str, folder: Path) -> Reckoning:
    """One leap there, and one back."""
    seed, files, way, *killed = trial.split(", ")
    chance = random.Random(int(seed.split()[1]))  # noqa: S311 - it must be possible to do it again
    town = new_town(folder)
    carried_out(town.one_pass(), town.aside)      # the package has left: an ordinary day until now
    leap = town.aside / "leap"
    leap.write_text("0")
    act = _by_a_clock_that(leap, town.forever())
    with town.daemon(act) as daemon:
        _give(town, int(files.split()[0]), chance, leap, WAYS[way])
        if killed:
            daemon.kill()
        leap.write_text("0")
        recovered = None if killed else _right_again(town)
    if killed:
        with town.daemon(act):
            recovered = _right_again(town)
    reckoning = take_account(town)
    reckoning.recovered = recovered
    if recovered is None:
        reckoning.stuck.append("not everyone was answered within a minute after the clock was right again")
    return reckoning


def _give(town: Town, files: int, chance: random.Random, leap: Path, by: timedelta) -> None:
    """Files come for a while, and the clock leaps in the midst of it."""
    life = chance.uniform(0.2, WRONG_FOR)
    moments: list[tuple[float, Known | None]] = [
        (chance.uniform(0.0, life), known(7 * (number // 3) + ANY_DAY[number % 3])) for number in range(files)]
    moments.append((chance.uniform(0.0, life / 2), None))
    began = time.monotonic()
    for moment, one in sorted(moments, key=lambda each: each[0]):
        time.sleep(max(0.0, began + moment - time.monotonic()))
        if one is None:
            leap.write_text(str(by.days))
        else:
            town.give(one)


def _right_again(town: Town) -> float | None:
    town.give(*(known(number) for number in ORDINARY))
    return town.rests(A_MINUTE)


def _by_a_clock_that(leap: Path, act: Act) -> Act:
    """The same act, by a clock that is so many days off as the file says."""
    real = homes._clock

    def off() -> timedelta:
        return timedelta(days=int(leap.read_text() or 0))

    def in_the_child() -> int:
        homes._clock = lambda settings, today: _Leaping(real(settings, today), off)     # in the child alone
        vars(plants)["wall_seconds"] = lambda: wall_seconds() + off().total_seconds()   # likewise
        return act()

    return in_the_child


@dataclass(frozen=True)
class _Leaping:
    """Implements ``ports.Clock``."""

    inner: Clock
    off: Callable[[], timedelta]

    def now(self) -> datetime:
        """By the machine, as it stands."""
        return self.inner.now() + self.off()

    def today(self) -> date:
        """In London."""
        return day_of(self.now())


FAULT = Fault("leaping clock", "the daemon's clock goes a year ahead, or a year back, with files in flight, and is put right: by "
              "the running daemon alone, or after a kill", trials, attempt)
