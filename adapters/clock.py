"""The only place that tells the time.

1. ``SystemClock``: the machine's time, in UTC; today as London has it.
2. ``RehearsalClock``: kept in a file of the home. It stands still at real time until the first ``--today``; from then on it runs
   from 09:00 of that day, never beyond that day's end, and never goes back, whoever sets it.
3. All commands of a rehearsal home share it: a daemon sees a new day at its next look.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.errors import OperatorError, UsageError

LONDON = ZoneInfo("Europe/London")
REHEARSAL_FILE = "rehearsal-clock.json"   # in a rehearsal home
_MORNING = time_of_day(9, 0)
_LAST_MOMENT = time_of_day(23, 59, 59)


def wall_seconds() -> float:
    """Seconds since the epoch by this machine, for comparison with file times; never a rehearsal's time."""
    return time.time()  # noqa: TID251 - this is the home of the clock


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the home of the clock

    def today(self) -> date:
        """Today in London."""
        return self.now().astimezone(LONDON).date()


class RehearsalClock:
    """A clock that was set; see the module's rules."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._system = SystemClock()
        self._read: tuple[int, datetime, datetime] | None = None    # mtime of the file, rehearsal start, real start

    def set(self, day: date) -> None:
        """Go to a day. UsageError: the clock stands on a later one."""
        with self._locked():
            if self._started() is None:
                self._write(datetime.combine(day, _MORNING, LONDON).astimezone(UTC))
                return
            if day < self.today():
                raise UsageError(f"--today {day.isoformat()} is before {self.today().isoformat()}, where this rehearsal stands",
                                 code="CLOCK-BACK", hint="It never goes back; make a new home for an earlier day.")
            if day > self.today():
                self._write(datetime.combine(day, _MORNING, LONDON).astimezone(UTC))

    def now(self) -> datetime:
        """The rehearsal's time, in UTC."""
        started = self._started()
        if started is None:
            return self._system.now()
        rehearsed, real = started
        end = datetime.combine(rehearsed.astimezone(LONDON).date(), _LAST_MOMENT, LONDON).astimezone(UTC)
        passed = max(self._system.now() - real, timedelta())
        return min(rehearsed + passed, end)

    def today(self) -> date:
        """The rehearsal's day in London."""
        return self.now().astimezone(LONDON).date()

    def _started(self) -> tuple[datetime, datetime] | None:
        try:
            stamp = self._path.stat().st_mtime_ns
            if self._read is None or self._read[0] != stamp:
                kept = json.loads(self._path.read_text(encoding="utf-8"))
                self._read = (stamp, datetime.fromisoformat(kept["rehearsal"]), datetime.fromisoformat(kept["real"]))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError) as error:
            raise OperatorError(f"{self._path.name} does not hold a rehearsal's time", code="CLOCK-UNREADABLE",
                                hint="Remove the file; the clock then starts at the next --today.") from error
        return self._read[1], self._read[2]

    def _write(self, rehearsed: datetime) -> None:
        kept = {"rehearsal": rehearsed.isoformat(), "real": self._system.now().isoformat()}
        fresh = self._path.with_name(self._path.name + ".new")
        with fresh.open("w", encoding="utf-8") as out:
            json.dump(kept, out)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._path)
        self._read = None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._path.with_name(self._path.name + ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
