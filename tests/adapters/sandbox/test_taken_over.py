"""A worker that was taken over by the file it reads: what it can do to the machine, and what it can make the gateway believe."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from adapters.sandbox import Limits, Sandbox
from adapters.sandbox.landlock import version
from adapters.sandbox.walls import found_walls
from gateway.domain.parcels.kinds import Verdict
from gateway.domain.parcels.stages import Checked, Offered
from gateway.domain.policy import SenderTerms
from tests.adapters.sandbox import hostile_reader

FERNBRIDGE, QUILLMEAD = "9902001", "9902003"
ATTEMPTS = sorted(hostile_reader.TRIES) if platform.machine() == "x86_64" else []  # by the numbers of x86-64


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    one = Sandbox(
        "tests.adapters.sandbox.hostile_reader",
        {},
        terms=lambda sender: SenderTerms(sender, (sender,)),
        today=lambda: date(2026, 11, 16),
        limits=Limits(memory=600 << 20, files_per_worker=1000, workers=1, wall_seconds=60),
    )
    yield one
    one.close()


def examine(sandbox: Sandbox, words: str, sender: str = FERNBRIDGE) -> Checked:
    return sandbox.examine(Offered("a.csv", words.encode(), sender))


def said(checked: Checked) -> object:
    return json.loads(checked.findings[0].message)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_worker_can_call_nothing_that_reaches_beyond_it(sandbox: Sandbox, attempt: str) -> None:
    assert said(examine(sandbox, f"try {attempt}")) == "Operation not permitted"
    assert said(examine(sandbox, "say still here")) == ["still", "here"]


def test_what_could_be_tried_is_possible_outside_the_sandbox() -> None:
    """Or the test above would prove nothing."""
    for attempt in ("open", "socket-inet", "pipe", "duplicate", "shared-memory", "file-in-memory", "events", "stat"):
        assert hostile_reader.TRIES[attempt]() == "possible", attempt


def test_a_worker_has_no_capability_and_can_get_none(sandbox: Sandbox) -> None:
    pid = int(examine(sandbox, "say x").findings[0].hint)
    status = dict(line.split(":\t") for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
    assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


@pytest.mark.parametrize("words", ["huge", "number", "deep", "not-utf-8", "pickle", "lie", "wrong-summary", "nothing"])
def test_what_is_no_answer_is_a_refusal_and_the_next_file_is_read(sandbox: Sandbox, words: str) -> None:
    checked = examine(sandbox, words)
    assert checked.verdict is Verdict.REFUSED
    assert [f.code for f in checked.findings] == ["FILE-UNREADABLE-CRASH"]
    for sender in (FERNBRIDGE, QUILLMEAD):
        assert said(examine(sandbox, "say good day", sender)) == ["good", "day"]


def test_a_flood_of_answers_ends_where_a_small_file_has_no_more_to_say(sandbox: Sandbox) -> None:
    before = _peak()
    assert [f.code for f in examine(sandbox, "flood").findings] == ["FILE-UNREADABLE-CRASH"]
    assert _peak() - before < 400 << 20
    assert said(examine(sandbox, "say good day")) == ["good", "day"]


def _peak() -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) << 10


def test_what_is_said_after_the_end_is_not_taken_for_the_next_files_answer(sandbox: Sandbox) -> None:
    assert examine(sandbox, "more-after-done x").verdict is Verdict.ACCEPTED
    assert said(examine(sandbox, "say another file")) == ["another", "file"]


def test_doctor_finds_the_walls_by_standing_behind_them() -> None:
    found = found_walls()
    assert found is not None
    assert found.possible == ()
    assert found.calls_filtered
    assert found.landlock == version()


def test_the_second_wall_stands_without_the_first() -> None:
    """Landlock alone, as where a kernel had no filter: files, connections and signals are still out of reach."""
    tried = (
        "import ctypes, os, socket\n"
        "from adapters.sandbox import landlock\n"
        "ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)\n"
        "if not landlock.forbid_everything(): raise SystemExit(landlock.version())\n"
        "def fails(act):\n"
        "    try: act()\n"
        "    except PermissionError: return True\n"
        "    return False\n"
        "assert fails(lambda: open('/etc/passwd'))\n"
        "assert fails(lambda: os.listdir('/'))\n"
        "assert fails(lambda: open('/tmp/never', 'w'))\n"
        "if landlock.version() >= 4: assert fails(lambda: socket.create_connection(('127.0.0.1', 9)))\n"
        "if landlock.version() >= 6: assert fails(lambda: os.kill(os.getppid(), 0))\n"
    )
    done = subprocess.run([sys.executable, "-c", tried], capture_output=True, text=True, cwd=Path.cwd(), check=False)
    assert done.returncode == 0, done.stderr
