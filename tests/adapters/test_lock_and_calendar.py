from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adapters.holidays import BankHolidays
from adapters.lock import held_lock
from adapters.schedule import last_due
from gateway.errors import RetryableError

THURSDAYS = "0 7 * * thu"


def test_a_home_has_one_daemon(tmp_path: Path) -> None:
    path = tmp_path / "daemon.lock"
    with held_lock(path), pytest.raises(RetryableError, match=str(os.getpid())), held_lock(path):
        pass
    with held_lock(path):
        pass


def test_the_lock_of_a_daemon_that_was_killed_is_free(tmp_path: Path) -> None:
    path = tmp_path / "daemon.lock"
    held = "import sys, time; from pathlib import Path; from adapters.lock import held_lock\n" \
           "with held_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)\n"
    with subprocess.Popen([sys.executable, "-c", held, str(path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RetryableError), held_lock(path):
            pass
        other.send_signal(signal.SIGKILL)
        other.wait()
    with held_lock(path):
        pass


def test_the_weekly_firing_is_at_its_hour_in_london_summer_and_winter() -> None:
    assert last_due(THURSDAYS, datetime(2026, 11, 20, tzinfo=UTC)) == datetime(2026, 11, 19, 7, tzinfo=UTC)
    assert last_due(THURSDAYS, datetime(2026, 6, 5, tzinfo=UTC)) == datetime(2026, 6, 4, 6, tzinfo=UTC)


def test_a_firing_that_is_still_to_come_is_not_due() -> None:
    assert last_due(THURSDAYS, datetime(2026, 11, 19, 6, 59, tzinfo=UTC)) == datetime(2026, 11, 12, 7, tzinfo=UTC)


def test_bank_holidays_are_englands() -> None:
    days = BankHolidays()
    assert date(2026, 12, 25) in days
    assert date(2026, 12, 28) in days, "Boxing Day falls on a Saturday"
    assert date(2026, 8, 3) not in days, "Scotland's August bank holiday"
    assert "2026-12-25" not in days
