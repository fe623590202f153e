"""The running daemon: quick, alone in its home, stopped cleanly, and killed at every stage without a loss or a second effect."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.borough import ALL_HALLOWS, FERNBRIDGE, QUILLMEAD, Borough, Pupil, leaver, leavers
from tests.seed import seed_of_the_run

MONDAY = "2026-11-16"
QUICK = "[receive]\nsettle_seconds = 0.3\n"
STAGES = ("claimed", "in the vault", "received receipt", "processed receipt")


@pytest.fixture
def borough(tmp_path: Path) -> Borough:
    return Borough.found(tmp_path / "990", senders=QUICK)


@contextmanager
def daemon(borough: Borough) -> Iterator[subprocess.Popen[str]]:
    """``gateway run``, watching once the block begins; killed when the block ends, if it still runs."""
    command = [sys.executable, "-m", "gateway", "run", "--today", MONDAY, "--home", str(borough.home)]
    with (borough.home.parent / "daemon.log").open("a") as log, subprocess.Popen(command, stderr=log, text=True) as running:
        before = _starts(borough)
        _until(lambda: _starts(borough) > before or running.poll() is not None)
        try:
            yield running
        finally:
            if running.poll() is None:
                running.send_signal(signal.SIGKILL)
            running.wait(30)


def _starts(borough: Borough) -> int:
    return (borough.home.parent / "daemon.log").read_text(encoding="utf-8").count("daemon-started")


def _until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def _lost(number: int, school: str = FERNBRIDGE) -> bytes:
    child = Pupil(number, f"Ellery{'abcdefghijklmnopqrstuvwxyz'[number % 26]}", ("Ada", "Ben", "Cleo")[number % 3],
                  f"{number % 28 + 1:02d}/03/2018")
    return leavers(leaver(child, "13/11/2026", "9(1)(i)", "Unknown"))


def _receipts(borough: Borough, pattern: str = "*") -> list[Path]:
    return sorted(borough.home.glob(f"drop/*/receipts/{pattern}.html"))


def _assert_done_once(borough: Borough, files: int) -> None:
    """Each file is one parcel with two receipts, each child one movement and one case, and the ledger holds together."""
    parcels = borough.objects("parcels")
    assert Counter(parcel["state"] for parcel in parcels) == {"settled": files}
    assert all([receipt["stage"] for receipt in parcel["receipts"]] == ["received", "processed"] for parcel in parcels)
    assert len(_receipts(borough, "*-received")) == len(_receipts(borough, "*-processed")) == files
    assert len(borough.objects("movements")) == len(borough.objects("cases")) == files
    assert [path for path in borough.home.glob("drop/*/*") if path.is_file()] == []
    assert list(borough.home.glob("drop/*/.taking/*")) == []
    [report] = borough.objects("verify")
    assert (report["ok"], report["problems"], report["vault"]["blobs"]) == (True, [], files)


def test_a_file_renamed_into_place_is_received_at_once_and_the_daemon_stops_cleanly(borough: Borough) -> None:
    with daemon(borough) as running:
        began = time.monotonic()
        borough.drop(FERNBRIDGE, "leavers.csv", _lost(1))
        _until(lambda: bool(_receipts(borough, "*-received")))
        assert time.monotonic() - began < 3
        _until(lambda: bool(_receipts(borough, "*-processed")))
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
    _assert_done_once(borough, 1)


def test_a_home_has_one_daemon_and_commands_work_beside_it(borough: Borough) -> None:
    with daemon(borough):
        assert borough.gateway("run", "--once", "--today", MONDAY).returncode == 75
        assert "another gateway runs" in borough.last.stderr
        assert borough.objects("cases") == []


def test_a_file_that_a_slow_sender_still_writes_is_not_taken_before_it_is_whole(borough: Borough) -> None:
    content = _lost(2)
    with daemon(borough):
        with (borough.home / "drop" / FERNBRIDGE / "leavers.csv").open("wb", buffering=0) as out:
            for start in range(0, len(content), 40):
                out.write(content[start:start + 40])
                time.sleep(0.15)
        _until(lambda: bool(_receipts(borough, "*-processed")))
    borough.run(MONDAY)
    _assert_done_once(borough, 1)


def test_killed_at_each_stage_there_is_one_effect_and_one_receipt(borough: Borough) -> None:
    reached: dict[str, Callable[[], bool]] = {
        "claimed": lambda: not any(path.is_file() for path in borough.home.glob("drop/*/*")),
        "in the vault": lambda: any(path.is_file() for path in borough.home.glob("vault/parcel/*/*")),
        "received receipt": lambda: bool(_receipts(borough, "*-received")),
        "processed receipt": lambda: bool(_receipts(borough, "*-processed")),
    }
    borough.drop(FERNBRIDGE, "leavers.csv", _lost(3))
    for stage in STAGES:
        with daemon(borough) as running:
            _until(reached[stage])
            running.send_signal(signal.SIGKILL)
    borough.run(MONDAY)
    _assert_done_once(borough, 1)


def test_killed_at_random_with_many_files_in_flight_nothing_is_lost_and_nothing_is_done_twice(borough: Borough) -> None:
    seed = seed_of_the_run()
    chance = random.Random(seed)  # noqa: S311 - it must be possible to do it again
    number = 0
    for _ in range(4):
        for _ in range(6):
            number += 1
            school = chance.choice((FERNBRIDGE, ALL_HALLOWS, QUILLMEAD))
            borough.drop(school, f"leavers {number}.csv", _lost(number))
        with daemon(borough):
            time.sleep(chance.uniform(0.0, 1.2))
    borough.run(MONDAY)
    _assert_done_once(borough, number)


def test_killed_around_a_delivery_one_package_leaves_and_one_draft_was_made(tmp_path: Path) -> None:
    theirs = Borough.found(tmp_path / "991", "991", QUICK)
    contact = '[contacts.991]\nname = "Marlowick CME"\nverified_on = 2026-11-02\nchannel = "folder"\n' \
              f'path = "{theirs.home}/peers/990/in"\n'
    ours = Borough.found(tmp_path / "990", senders=QUICK + contact)
    assert ours.gateway("contacts", "trust", "991", str(theirs.home / "keys" / "public.json")).returncode == 0, ours.last.stderr
    packages = theirs.home / "peers" / "990" / "in"
    packages.mkdir(parents=True)
    moved = leaver(Pupil(11), "13/11/2026", "g", New_postcode="ZY3 2AA", New_address="9 Quay Street, Marlowick")
    ours.drop(FERNBRIDGE, "leavers.csv", leavers(moved))
    with daemon(ours):
        _until(lambda: bool(_receipts(ours, "*-processed")))
    [hold] = ours.holds("release")
    assert ours.gateway("holds", "release", hold["id"], "--reason", "the school confirmed the address").returncode == 0
    for reached in (lambda: bool(list(ours.home.glob("vault/package/*/*"))), lambda: any(packages.iterdir())):
        with daemon(ours):
            _until(reached)
    ours.run(MONDAY)
    assert len(list(packages.iterdir())) == 1
    [referral] = ours.objects("referrals")
    assert referral["state"] == "sent"
    assert ours.gateway("verify").returncode == 0, ours.last.stdout
