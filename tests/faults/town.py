"""Towns that are made to suffer: rehearsal boroughs, copied from one that was founded once, and what was dropped in each.

In the founded town a child moved to Marlowick the week before. The referral was released and has not left yet, so that every
run has a package to deliver. Marlowick's folder is ``peers/991/out``.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from gateway.bootstrap.running import run_home
from gateway.commands.ending import Ending
from tests.faults.known import Known
from tests.faults.readers import with_warm_readers
from tests.faults.typed import Act, Child, begun, carried_out, typed
from tests.journeys.borough import FERNBRIDGE, Borough, Pupil, leaver, leavers

MONDAY = "2026-11-16"
MOVED = Pupil(1)
PEER = Path("peers/991/out")
STARTED = "daemon-started"
SETTINGS = f"""
[receive]
settle_seconds = 0.2

[contacts.991]
name = "Marlowick CME"
verified_on = 2026-11-02
channel = "folder"
path = "{PEER}"
"""


@dataclass
class Town(Borough):
    """A borough whose commands are typed in forks of this process, and the history of what was dropped."""

    dropped: list[Known] = field(default_factory=list)
    packages: int = 1             # that must reach Marlowick

    def gateway(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Type one command."""
        ended = carried_out(typed(*words, "--home", str(self.home)), self.aside)
        self.last = subprocess.CompletedProcess(words, ended.code, ended.out, ended.err)
        return self.last

    @property
    def aside(self) -> Path:
        """A folder beside the home, for what a test keeps."""
        return self.home.parent

    def give(self, *files: Known) -> None:
        """Schools drop files, and it is written down."""
        for one in files:
            self.drop(one.sender, one.name, one.content)
            self.dropped.append(one)

    def pass_in_turn(self) -> Act:
        """One pass of the daemon on one thread."""
        def act() -> int:
            with Ending(as_json=False) as ending:
                ending.code = run_home(self.home, date.fromisoformat(MONDAY), once=True, in_turn=True)
            return ending.code

        return with_warm_readers(act, _founded() / "register")

    def one_pass(self) -> Act:
        """``gateway run --once``."""
        act = typed("run", "--once", "--today", MONDAY, "--home", str(self.home))
        return with_warm_readers(act, _founded() / "register")

    def forever(self) -> Act:
        """``gateway run``."""
        act = typed("run", "--today", MONDAY, "--home", str(self.home))
        return with_warm_readers(act, _founded() / "register")

    @contextmanager
    def daemon(self, act: Act | None = None) -> Iterator[Child]:
        """``gateway run``, at work when the block begins, told to stop when it ends."""
        with begun(act or self.forever(), self.aside) as child:
            while STARTED not in child.said() and not child.ended():
                time.sleep(0.01)
            yield child
            if not child.ended():
                os.kill(child.pid, signal.SIGTERM)
                child.wait()

    def unanswered(self) -> int:
        """How many of the files have no final answer yet, by the folders."""
        return len({one.parcel for one in self.dropped}) - len(list(self.home.glob("drop/*/receipts/*-processed.html")))

    def rests(self, within: float, also: Callable[[], bool] = lambda: True) -> float | None:
        """How many seconds it takes until everyone is answered, ``also`` something else; None: longer than that."""
        began = time.monotonic()
        while time.monotonic() < began + within:
            if self.at_rest() and also():
                return time.monotonic() - began
            time.sleep(0.02)
        return None

    def at_rest(self) -> bool:
        """Whether everyone is answered and nothing lies in a drop folder or is claimed."""
        waits = any(path.is_file() for path in self.home.glob("drop/*/*")) or any(self.home.glob("drop/*/.taking/*"))
        return self.unanswered() == 0 and not waits


def new_town(folder: Path) -> Town:
    """A copy of the founded town in ``folder``, which is made; the file that came in its past is in its history."""
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / "990"
    shutil.copytree(_founded(), home, symlinks=True)
    return Town(home, dropped=[_moved()])


@cache
def _founded() -> Path:
    """The town that all towns of this process are copied from; gone when the process ends."""
    root = Path(tempfile.mkdtemp(prefix="gateway-faults-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    marlowick = Town(root / "991", "991")
    thornhaven = Town(root / "990")
    _done(marlowick, "init", "--rehearsal", "--la", "991", "--name", "Marlowick")
    _done(thornhaven, "init", "--rehearsal", "--la", "990", "--name", "Thornhaven")
    with (thornhaven.home / "config.toml").open("a", encoding="utf-8") as config:
        config.write(SETTINGS)
    _done(thornhaven, "contacts", "trust", "991", str(marlowick.home / "keys" / "public.json"))
    thornhaven.give(_moved())
    _done(thornhaven, "run", "--once", "--today", MONDAY)
    [hold] = thornhaven.holds("release")
    _done(thornhaven, "holds", "release", hold["id"], "--reason", "the school confirmed the address")
    return thornhaven.home


def _moved() -> Known:
    content = leavers(leaver(MOVED, "13/11/2026", "g", New_postcode="ZY3 2AA", New_address="9 Quay Street, Marlowick"))
    return Known(FERNBRIDGE, "moved.csv", content, "settled", (MOVED.upn,), cases=(MOVED.upn,))


def _done(town: Town, *words: str) -> None:
    done = town.gateway(*words)
    assert done.returncode == 0, (words, done.stderr)
