from __future__ import annotations

from datetime import UTC, date, timedelta
from pathlib import Path

import pytest

from adapters.clock import RehearsalClock, SystemClock
from gateway.errors import OperatorError, UsageError

MONDAY = date(2026, 11, 16)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rehearsal-clock.json"


def test_the_system_clock_tells_utc_and_londons_day() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert abs(clock.today() - clock.now().date()) <= timedelta(days=1)


def test_a_rehearsal_begins_at_the_first_day_it_is_told_past_or_future(path: Path) -> None:
    assert RehearsalClock(path).today() == SystemClock().today()
    RehearsalClock(path).set(date(2019, 6, 3))
    assert RehearsalClock(path).today() == date(2019, 6, 3)


def test_a_rehearsals_day_begins_at_nine_in_london_summer_and_winter(path: Path) -> None:
    clock = RehearsalClock(path)
    clock.set(date(2026, 6, 1))
    assert (clock.now().hour, clock.now().minute) == (8, 0)
    clock.set(MONDAY)
    assert (clock.now().hour, clock.now().minute) == (9, 0)


def test_a_rehearsal_never_goes_back(path: Path) -> None:
    clock = RehearsalClock(path)
    clock.set(MONDAY)
    with pytest.raises(UsageError, match="2026-11-10"):
        clock.set(date(2026, 11, 10))
    before = clock.now()
    clock.set(MONDAY)
    assert clock.now() >= before


def test_time_runs_on_between_commands_but_never_beyond_the_day(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = RehearsalClock(path)
    clock.set(MONDAY)
    first = clock.now()
    assert RehearsalClock(path).now() > first
    real = SystemClock().now()
    monkeypatch.setattr(SystemClock, "now", lambda self: real + timedelta(days=3))
    assert clock.today() == MONDAY


def test_a_running_daemon_sees_the_day_that_another_command_set(path: Path) -> None:
    daemon = RehearsalClock(path)
    daemon.set(MONDAY)
    assert daemon.today() == MONDAY
    RehearsalClock(path).set(date(2026, 11, 23))
    assert daemon.today() == date(2026, 11, 23)


def test_a_clock_file_that_says_nothing_is_an_operators_matter(path: Path) -> None:
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(OperatorError, match="rehearsal"):
        RehearsalClock(path).now()
