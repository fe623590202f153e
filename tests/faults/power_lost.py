"""The power goes, and with it everything that was not synced: at moments of the cycle, on a strict disk and on a careless one.

1. A seed is a run of the cycle under strace, told call by call to a model of the disk (see ``powercut``), and some cuts in it.
   What the disk holds after a cut becomes a town of its own, in which the gateway is started again.
2. Whatever anyone outside could see at the cut must still be true: a receipt is there again, byte for byte, and its parcel with
   it; a package that had left is the only one.
3. At the end of the run the model must agree with the real folder, byte for byte, or it has proved nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.account import SORTS, Reckoning, take_account
from tests.faults.calls import TOLD, Player
from tests.faults.cycle import about_to_begin
from tests.faults.fault import Fault
from tests.faults.powercut import Disk
from tests.faults.strace import CALLS, STRACE, told
from tests.faults.town import PEER, Town

SEEDS, CUTS = 32, 8
SHORT_CUTS = 4
OUTSIDE = ("drop/*/receipts/*", f"{PEER}/*", "handover/*/*")


@dataclass(frozen=True)
class Cut:
    """A moment, what is there when the power comes back, and what had been seen from outside."""

    name: str
    home: Path
    seen: dict[str, bytes]


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """Runs with their cuts."""
    cuts = CUTS if full else SHORT_CUTS
    return [f"seed {chance.randrange(1_000_000)}, {cuts} cuts" for _ in range(SEEDS if full else 1)]


def attempt(trial: str, folder: Path) -> Reckoning:
    """One run and its cuts."""
    seed, number = (int(word) for word in trial.replace(",", "").split() if word.isdigit())
    chance = random.Random(seed)  # noqa: S311 - it must be possible to do it again
    town = about_to_begin(folder / "whole")
    disk = Disk(town.home)
    lines = told(town.pass_in_turn(), town.aside, TOLD)
    total = Reckoning(tries=number)
    for cut in _cuts(disk, lines, number, folder, chance):
        after = Town(cut.home, dropped=list(town.dropped))
        reckoning = take_account(after)
        reckoning.broken += _untrue(cut)
        for sort in SORTS:
            getattr(total, sort).extend(f"{cut.name}: {what}" for what in getattr(reckoning, sort))
    return total


def _cuts(disk: Disk, lines: Sequence[str], number: int, folder: Path, chance: random.Random) -> Iterator[Cut]:
    """So many cuts, before calls that change or sync something; every second one on a careless disk."""
    telling = [n for n, line in enumerate(lines) if line.startswith(tuple(f"{call}(" for call in CALLS))]
    player, done = Player(disk), 0
    for count, moment in enumerate(sorted(chance.sample(telling, number))):
        player.play(lines[done:moment])
        done = moment
        careless = count % 2 == 1
        call = lines[moment].partition("(")[0]
        name = f"{'careless' if careless else 'strict'} disk, power lost before call {telling.index(moment) + 1}, {call}"
        home = folder / str(count) / "990"
        disk.after_the_cut(home, chance if careless else None)
        yield Cut(name, home, {path: content for pattern in OUTSIDE for path, content in disk.now(pattern).items()})
    player.play(lines[done:])
    differing = disk.differs()
    assert not differing, f"the model of the disk is wrong about {differing}"


def _untrue(cut: Cut) -> Iterator[str]:
    for path, content in cut.seen.items():
        if Path(path).name.startswith("."):
            continue
        now = cut.home / path
        if not now.is_file():
            yield f"{path} was there for all to see, and is not"
        elif now.read_bytes() != content:
            yield f"{path} was there for all to see, and is another now"


FAULT = Fault("power lost", "the power goes at a moment of the cycle; what was not synced is gone, on a careless disk by chance "
              "half of it, in any order; whatever had been seen from outside must still be true", trials, attempt,
              needs=(STRACE,))
