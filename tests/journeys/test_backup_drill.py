"""The drill: back up while files come in, lose the machine, restore with the recovery identity alone, prove it, run on.

Nothing that was acknowledged before the backup began is lost; what was acknowledged after it is named by the receipts that its
senders kept, and comes in when they send it again.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.commands.typed import REGISTER
from tests.journeys.borough import FERNBRIDGE, Pupil, leaver, leavers

BEFORE, DURING, AFTER = 6, 6, 4
ENVIRONMENT = os.environ | {"GATEWAY_RECEIVE__SETTLE_SECONDS": "0.3"}


class Town:
    """A live home, as an operator has it: keys and recovery identity outside."""

    def __init__(self, root: Path) -> None:
        self.home, self.safe = root / "cme", root / "safe"
        self.kept = root / "kept-by-the-school"
        self.kept.mkdir()

    def gateway(self, *words: str, home: Path | None = None, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "gateway", *words, "--home", str(home or self.home)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=ENVIRONMENT, check=False)
        assert expect is None or done.returncode == expect, done.stdout[-1500:] + done.stderr[-1500:]
        return done

    def objects(self, *words: str, home: Path | None = None, expect: int = 0) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.gateway(*words, "--json", home=home, expect=expect).stdout.splitlines()]

    @contextmanager
    def daemon(self) -> Iterator[None]:
        """Runs until it is killed, as a power cut would."""
        process = subprocess.Popen([sys.executable, "-m", "gateway", "run", "--home", str(self.home)], env=ENVIRONMENT,
                                   stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def drop(self, numbers: range, home: Path | None = None) -> None:
        """A return a child: each is a parcel of its own."""
        folder = (home or self.home) / "drop" / FERNBRIDGE
        for number in numbers:
            (folder / f"{number}.part").write_bytes(leavers(leaver(Pupil(number), "13/11/2025", "9(1)(i)", "Unknown")))
            (folder / f"{number}.part").rename(folder / f"{number}.csv")

    def answered(self) -> set[str]:
        """Parcels that were acknowledged."""
        return {path.name.split("-")[0] for path in (self.home / "drop" / FERNBRIDGE / "receipts").glob("*-received.json")}

    def wait_for(self, count: int) -> None:
        _until(lambda: len(self.answered()) >= count)


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not done():
        assert time.monotonic() < deadline, "nothing happened for two minutes"
        time.sleep(0.05)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    town = Town(tmp_path)
    people = ["--contact", "A <a@b.example>", "--deputy", "D <d@b.example>", "--safeguarding-phone", "01632 960100"]
    town.gateway("init", "--la", "990", "--name", "Thornhaven", "--schools", REGISTER, "--recovery",
                 str(town.safe / "recovery"), *people)
    return town


def test_a_machine_is_lost_and_lives_again_from_backup_and_recovery_identity(town: Town, tmp_path: Path) -> None:
    backup, new = tmp_path / "cme.age", tmp_path / "restored"
    with town.daemon():
        town.drop(range(BEFORE))
        town.wait_for(BEFORE)
        safe = town.answered()
        town.drop(range(BEFORE, BEFORE + DURING))
        town.gateway("backup", str(backup))                      # while they are being taken
        town.wait_for(BEFORE + DURING)
        town.drop(range(BEFORE + DURING, BEFORE + DURING + AFTER))
        town.wait_for(BEFORE + DURING + AFTER)
    shutil.copytree(town.home / "drop" / FERNBRIDGE / "receipts", town.kept, dirs_exist_ok=True)
    acknowledged = town.answered()
    shutil.rmtree(town.home)
    shutil.rmtree(town.home.with_name("cme.keys"))

    [made] = town.objects("restore", str(backup), "--identity", str(town.safe / "recovery"), "--verify", home=new)
    assert made["verified"] is True
    parcels = {parcel["id"]: parcel for parcel in town.objects("parcels", home=new)}
    assert safe <= set(parcels)
    lost = acknowledged - set(parcels)
    assert len(lost) >= AFTER

    [named] = town.objects("verify", "--witnessed", str(town.kept), home=new, expect=70)
    missing = [problem for problem in named["problems"] if "what it acknowledged is not here" in problem]
    assert {parcel for parcel in acknowledged if any(parcel in problem for problem in missing)} == lost
    assert all("this home was restored from a backup with" in problem for problem in named["problems"])

    town.drop(range(BEFORE + DURING + AFTER + 1), home=new)      # the school sends everything again, and something new
    town.gateway("run", "--once", home=new)
    after = {parcel["sha256"]: parcel for parcel in town.objects("parcels", home=new)}
    assert len(after) == BEFORE + DURING + AFTER + 1
    assert {parcel["sha256"] for parcel in parcels.values()} <= set(after)
    [report] = town.objects("verify", home=new)
    assert report["problems"] == []
    assert any(said.startswith("home: restored by ") for said in report["accepted"])
