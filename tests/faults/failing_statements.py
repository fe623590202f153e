"""Each statement of the store in the cycle fails once, one run for each: SQLite's own errors, in turn, on the real file.

1. The N-th statement or commit of a transaction fails before it is carried out. A commit may also be carried out and answer with
   an error all the same: whoever asked cannot know which it was.
2. The run that meets the error must end in a state that has a name: never by a bug's exception, never with exit code 70.
3. The next pass recovers, from the same files.

What SQLAlchemy and the upkeep ask outside a transaction is not among them; its calls of the disk are (see ``failing_calls``).
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Sequence
from functools import cache
from itertools import cycle
from pathlib import Path

from adapters.store.dialects.sqlite import SqliteDialect
from tests.faults.account import Reckoning, take_account
from tests.faults.cycle import NAMED_ENDS, about_to_begin
from tests.faults.fault import Fault
from tests.faults.typed import Act, carried_out
from tests.simulation.statements import COMMIT, COMMITTED, failure, told_connection

ERRORS = ("SQLITE_IOERR", "SQLITE_FULL", "SQLITE_BUSY")
UNKNOWN = "SQLITE_IOERR"          # of a commit that was carried out
SHORT = 4


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """Every statement, or a few."""
    told = _statements()
    names = cycle(ERRORS)
    every = [f"{UNKNOWN if sql == COMMITTED else next(names)} at statement {number}" for number, sql in enumerate(told, start=1)]
    commits = [one for one, sql in zip(every, told, strict=True) if sql in (COMMIT, COMMITTED)]
    return every if full else [*chance.sample(every, SHORT - 1), chance.choice(commits)]


def attempt(trial: str, folder: Path) -> Reckoning:
    """One failure."""
    name, _, _, number = trial.split()
    town = about_to_begin(folder)
    told = town.aside / "told"
    ended = carried_out(_told(town.pass_in_turn(), told, fails=(int(number), name)), town.aside)
    reckoning = take_account(town)
    reckoning.tries = int(len(_lines(told)) >= int(number))
    if ended.code not in NAMED_ENDS or "UNEXPECTED" in ended.err:
        reckoning.broken.append(f"the run ended with {ended.code}: {ended.err[-800:]}")
    return reckoning


def _told(act: Act, told: Path, fails: tuple[int, str] = (0, "")) -> Act:
    """The same act; its statements are written down, a line each, and one of them fails."""
    def in_the_child() -> int:
        count = 0

        def listener(_: object, sql: str) -> None:
            nonlocal count
            count += 1
            lines.write(sql.split(maxsplit=1)[0] + "\n")
            if count == fails[0]:
                raise failure(fails[1])

        with told.open("w", encoding="ascii", buffering=1) as lines:
            def connect(self: SqliteDialect) -> sqlite3.Connection:
                return told_connection(self._uri, listener)

            SqliteDialect._connect = connect  # type: ignore[method-assign]   # in the child alone
            return act()

    return in_the_child


def _lines(told: Path) -> list[str]:
    return told.read_text(encoding="ascii").splitlines()


@cache
def _statements() -> list[str]:
    """The cycle's statements, by their first words."""
    with tempfile.TemporaryDirectory(prefix="gateway-faults-") as folder:
        town = about_to_begin(Path(folder) / "counted")
        told = town.aside / "told"
        ended = carried_out(_told(town.pass_in_turn(), told), town.aside)
        assert ended.code == 0, ended.err
        return _lines(told)


FAULT = Fault("failing statements", "the N-th statement of the store fails with SQLITE_IOERR, SQLITE_FULL or SQLITE_BUSY, for "
              "every N of the cycle; each commit also fails after it was carried out", trials, attempt)
