"""A second process that works on the same store: ``python -m tests.adapters.store.writer WHERE TASK MARK``."""

from __future__ import annotations

import os
import signal
import sys

from tests.contracts.store import examples as ex
from tests.contracts.store.rooms import MORNING, opened

CLAIM_LIMIT = 3


def die_midway(where: str, _mark: str) -> None:
    """Write half an act, then die as by a power cut."""
    store = opened(where, create=False)
    with store.writing() as tx:
        ex.add_everything(tx)
        sys.stdout.write("written\n")
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)


def die_after(where: str, _mark: str) -> None:
    """Commit an act, say so, then die."""
    store = opened(where, create=False)
    with store.writing() as tx:
        ex.add_everything(tx)
    sys.stdout.write("committed\n")
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def claim_all(where: str, mark: str) -> None:
    """Claim and finish until nothing is left, and print what was done."""
    store = opened(where, mark=mark, create=False)
    while True:
        with store.writing() as tx:
            jobs = tx.jobs.claim(mark, MORNING, 3600, CLAIM_LIMIT, ["process"])
        if not jobs:
            break
        with store.writing() as tx:
            for job in jobs:
                tx.settings.next("effects")
                tx.jobs.finish(job)
        sys.stdout.writelines(f"{job.key}\n" for job in jobs)
    store.close()


def keep_locked(where: str, _mark: str) -> None:
    """Begin to write and keep the store until standard input ends."""
    store = opened(where, create=False)
    with store.writing():
        sys.stdout.write("locked\n")
        sys.stdout.flush()
        sys.stdin.read()
    store.close()


TASKS = {task.__name__: task for task in (die_midway, die_after, claim_all, keep_locked)}

if __name__ == "__main__":
    TASKS[sys.argv[2]](sys.argv[1], sys.argv[3])
