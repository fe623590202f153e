"""A disk without room, or without inodes: it fills up at one step or another of the work, and later has room again.

1. The disk is a small tmpfs in the place of the whole home, of its vault, of its store, or of one school's folder. How much is
   left free decides at which step it is full. Most trials are two passes on the full disk, then it is freed.
2. In a trial named *daemon* the daemon runs all the time: it meets the full disk at work, waits longer and longer between two
   tries, and goes on by itself when there is room again. That takes up to a minute, and is measured.
3. A pass on a full disk ends in a state that has a name, and a person is told wherever a notice can still be written.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults.account import Reckoning, take_account
from tests.faults.cycle import FILES, NAMED_ENDS
from tests.faults.disk import OWN_MOUNTS, SmallDisk, in_a_world_of_its_own
from tests.faults.fault import Fault
from tests.faults.town import Town, new_town
from tests.faults.typed import carried_out
from tests.journeys.borough import ALL_HALLOWS

PLACES = {"home": ".", "vault": "vault", "store": "store", "drop": f"drop/{ALL_HALLOWS}"}
MIB = 1 << 20
LEVELS = {                                        # how much is left free, from nothing to more than is needed
    ("home", "pages"): range(0, 330, 3), ("vault", "pages"): range(24), ("store", "pages"): range(0, 300, 5),
    ("drop", "pages"): range(24), ("home", "inodes"): range(60), ("vault", "inodes"): range(16),
    ("store", "inodes"): range(3), ("drop", "inodes"): range(16),
}
AT_WORK = {("home", "pages"): (0, 60, 150), ("vault", "pages"): (0, 4), ("store", "pages"): (0, 60), ("drop", "pages"): (0, 3),
           ("home", "inodes"): (0, 20), ("vault", "inodes"): (0, 4), ("drop", "inodes"): (0, 4)}
LONG = ("home, 0 pages free, daemon for 75 s", "store, 20 pages free, daemon for 75 s", "drop, 0 inodes free, daemon for 75 s")
SHORT = 4
A_MINUTE = 60.0


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """Every place and level, or a few."""
    passes = [f"{place}, {level} {what} free" for (place, what), levels in LEVELS.items() for level in levels]
    daemons = [f"{place}, {level} {what} free, daemon for 3 s" for (place, what), levels in AT_WORK.items() for level in levels]
    return [*passes, *daemons, *LONG] if full else [*chance.sample(passes, SHORT), chance.choice(daemons)]


def attempt(trial: str, folder: Path) -> Reckoning:
    """One full disk."""
    town = new_town(folder / "town")
    town.one_pass()                               # readers are warm before the trial leaves this world
    return in_a_world_of_its_own(lambda: _suffered(trial, town), folder)


def _suffered(trial: str, town: Town) -> Reckoning:
    os.environ["GATEWAY_RECEIVE__RESERVE_BYTES"] = "0"
    place, free, *at_work = trial.split(", ")
    level, what, _ = free.split()
    disk = _small_disk(town, place)
    if at_work:
        return _at_work(town, disk, {what: int(level)}, full_for=float(at_work[0].split()[2]))
    town.give(*FILES)
    disk.fill(**{what: int(level)})
    broken = [fault for _ in range(2) for fault in _a_pass(town)]
    disk.free()
    reckoning = take_account(town)
    reckoning.broken += broken
    return reckoning


def _small_disk(town: Town, place: str) -> SmallDisk:
    if place == "store":
        (town.home / "store").mkdir()
        for part in town.home.glob("gateway.sqlite*"):
            part.rename(town.home / "store" / part.name)
        (town.home / "gateway.sqlite").symlink_to(town.home / "store" / "gateway.sqlite")
    return SmallDisk(town.home / PLACES[place] if place != "home" else town.home, 16 * MIB, 2_000)


def _a_pass(town: Town) -> Iterator[str]:
    ended = carried_out(town.one_pass(), town.aside)
    if ended.code not in NAMED_ENDS or "UNEXPECTED" in ended.err:
        yield f"a pass on the full disk ended with {ended.code}: {ended.err[-800:]}"


def _at_work(town: Town, disk: SmallDisk, room: dict[str, int], *, full_for: float) -> Reckoning:
    """The files lie there, hidden, before it is full; schools then only give them their names."""
    for one in FILES:
        (town.home / "drop" / one.sender / f".{one.name}").write_bytes(one.content)
    with town.daemon() as daemon:
        disk.fill(**room)
        for one in FILES:
            folder = town.home / "drop" / one.sender
            (folder / f".{one.name}").rename(folder / one.name)
            town.dropped.append(one)
        time.sleep(full_for)
        disk.free()
        began = time.monotonic()
        while time.monotonic() < began + A_MINUTE and not town.at_rest() and not daemon.ended():
            time.sleep(0.05)
        recovered = time.monotonic() - began
        ended = daemon.ended()
        at_rest = town.at_rest()
    reckoning = take_account(town)
    reckoning.recovered = recovered
    if ended or not at_rest:
        what = "ended" if ended else "did not go on by itself within a minute"
        reckoning.broken.append(f"the daemon {what}: {daemon.said()[-800:]}")
    return reckoning


FAULT = Fault("full disk", "a disk of its own for the home, the vault, the store or a drop folder runs out of room or of inodes, "
              "at every level that makes a difference; then it is freed, and the gateway goes on by itself", trials, attempt,
              needs=(OWN_MOUNTS,))
