"""The clock leaps while the daemon runs, or stood elsewhere when it ran before."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.daemon import run
from gateway.daemon.clockwatch import ClockWatch
from gateway.domain.cases.waiting import HoldState
from gateway.errors import RetryableError
from tests.daemon.yard import Yard
from tests.pipeline.verify.world import FERNBRIDGE, NOW

YEAR = timedelta(days=365)


@pytest.mark.parametrize("leap", [YEAR, -YEAR], ids=["ahead", "back"])
def test_after_a_run_under_another_clock_everything_is_done(yard: Yard, leap: timedelta) -> None:
    yard.world.clock.at = NOW + leap
    (yard.folder() / "leavers.csv").write_bytes(b"one")
    yard.failing["receipt"] = RetryableError("not now", code="NOT-NOW", hint="Wait.")
    assert yard.once() == 75
    yard.enqueue("deliver", "typed meanwhile")
    yard.world.clock.at = NOW
    yard.failing.clear()
    assert yard.once() == 0
    assert [yard.did.count(kind) for kind in ("process", "receipt", "deliver")] == [1, 2, 2]


def test_a_clock_that_goes_back_while_we_run_leaves_nothing_waiting_for_next_year(yard: Yard) -> None:
    yard.world.clock.at = NOW + YEAR
    stop = threading.Event()
    daemon = threading.Thread(target=run, args=(yard.plant(FERNBRIDGE), stop))
    daemon.start()
    try:
        with yard.world.store.writing() as tx:
            tx.jobs.enqueue("deliver", "dated ahead", NOW + YEAR, due_at=NOW + YEAR + timedelta(minutes=1))
            tx.jobs.enqueue("deliver", "claimed ahead", NOW + YEAR)
            tx.jobs.claim("another daemon:all", NOW + YEAR, 60.0, 1, ["deliver"])
        yard.world.clock.at = NOW
        deadline = time.monotonic() + 20
        while yard.did.count("deliver") < 1 and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        stop.set()
        daemon.join()
    assert yard.did.count("deliver") >= 1
    with yard.world.store.reading() as tx:
        assert [hold.what for hold in tx.holds.where(state=HoldState.OPEN)] == ["clock"]


def test_what_was_begun_before_the_clock_went_back_and_is_committed_after_it_is_put_right_too(yard: Yard) -> None:
    ticks = [0.0]
    yard.world.clock.at = NOW + YEAR
    watch = ClockWatch(replace(yard.plant(), ticks=lambda: ticks[0]))
    yard.world.clock.at = NOW
    assert watch.look()
    with yard.world.store.writing() as tx:
        tx.jobs.enqueue("process", "a large file", NOW + YEAR)
    assert not watch.look(), "not at each look: the whole table is asked"
    ticks[0] = 15.0
    assert watch.look()
    with yard.world.store.reading() as tx:
        assert tx.jobs.any_due(NOW, ["process"])


def test_nobody_looks_again_for_ever(yard: Yard) -> None:
    ticks = [0.0]
    yard.world.clock.at = NOW + YEAR
    watch = ClockWatch(replace(yard.plant(), ticks=lambda: ticks[0]))
    yard.world.clock.at = NOW
    watch.look()
    assert watch.uneasy
    ticks[0] = 5_000.0
    assert not watch.look()
    assert not watch.uneasy
