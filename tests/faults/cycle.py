"""The cycle that is traced: three files and a package are received, settled and delivered, by one pass on one thread.

The files: a child taught at home (a hand-over), a broken workbook (refused, a notice), a return with a good and a faulty row (a
case, a hold, the school's workbook). Counting comes first: a trace lists how often each call is made, another proves that one
thread makes them all.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from functools import cache
from pathlib import Path

from tests.faults.known import known
from tests.faults.strace import Injection, Traced, threads, traced
from tests.faults.town import Town, new_town

FILES = tuple(known(number) for number in (2, 4, 5))
NAMED_ENDS = (0, 69, 74, 75)


def about_to_begin(folder: Path) -> Town:
    """A town in which nothing of the cycle has happened yet."""
    town = new_town(folder)
    town.give(*FILES)
    return town


def passed(town: Town, injection: Injection, *more: str) -> Traced:
    """The cycle with an injection; ``more`` calls are written down as well."""
    return traced(town.pass_in_turn(), town.aside, injection, more)


def reached(pass_: Traced, injection: Injection) -> bool:
    """Whether the call was made. How often some are made depends on chance: on folders of the vault that are there already."""
    assert pass_.hit or pass_.counts[injection.call] < injection.nth, f"{injection} was not injected"
    return pass_.hit


@cache
def counts() -> Counter[str]:
    """How often each call is made in the cycle."""
    with tempfile.TemporaryDirectory(prefix="gateway-faults-") as folder:
        town = about_to_begin(Path(folder) / "threads")
        [(_, of_one)] = threads(town.pass_in_turn(), town.aside).items()
        town = about_to_begin(Path(folder) / "counted")
        found = traced(town.pass_in_turn(), town.aside).counts
    assert abs(of_one - found.total()) < found.total() // 4, (of_one, found)
    return found


def injections(what: str, *calls: str) -> list[Injection]:
    """One for each time that each of these calls is made."""
    return [Injection(what, call, nth) for call in calls for nth in range(1, counts()[call] + 1)]
