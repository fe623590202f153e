"""Several processes on one store: crashes leave whole acts, jobs are claimed once, locks are waited for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from adapters.store.dialects import sqlite
from gateway.errors import RetryableError
from tests.contracts.store import examples as ex
from tests.contracts.store.rooms import MORNING, opened

ROOT = Path(__file__).parents[3]
KILLED = -9


def start(where: Path, task: str, mark: str = "x") -> subprocess.Popen[str]:
    """A process at work on the store."""
    return subprocess.Popen([sys.executable, "-m", "tests.adapters.store.writer", str(where), task, mark], cwd=ROOT,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize(("task", "there"), [("die_midway", 0), ("die_after", 1)])
def test_a_killed_writer_leaves_whole_acts_only(tmp_path: Path, task: str, there: int) -> None:
    path = tmp_path / "gateway.sqlite"
    opened(path).close()
    process = start(path, task)
    said, _ = process.communicate()
    assert (process.returncode, bool(said)) == (KILLED, True)
    store = opened(path, create=False)
    with store.reading() as tx:
        counts = {name: getattr(tx, name).count() for name, _ in ex.EVERYTHING}
        leaves, jobs = len(tx.leaves.unsequenced(9)), len(tx.jobs.where())
    assert set(counts.values()) == ({1, 2} if there else {0})
    assert (leaves, jobs) == (there, there)
    assert store.check() == []
    store.close()


def test_two_processes_claim_each_job_once(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sqlite"
    store = opened(path)
    keys = [f"process:P{n:03d}" for n in range(60)]
    with store.writing() as tx:
        for key in keys:
            tx.jobs.enqueue("process", key, MORNING)
    workers = [start(path, "claim_all", mark) for mark in ("first", "second")]
    done = [line for worker in workers for line in worker.communicate()[0].splitlines()]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert sorted(done) == keys
    with store.writing() as tx:
        assert tx.settings.next("effects") == len(keys) + 1
    store.close()


def test_a_store_that_stays_locked_is_to_be_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "gateway.sqlite"
    opened(path).close()
    process = start(path, "keep_locked")
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    monkeypatch.setattr(sqlite, "PRAGMAS", (("busy_timeout", "50", 50), *sqlite.PRAGMAS[1:]))
    store = opened(path, create=False)
    with store.reading() as tx:                 # readers do not wait
        assert tx.parcels.count() == 0
    with pytest.raises(RetryableError) as caught, store.writing():
        pass
    assert caught.value.code == "STORE-BUSY"
    process.communicate("")
    with store.writing() as tx:                 # and then it goes on
        tx.settings.put("a", "b")
    store.close()
