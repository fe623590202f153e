"""Putting right what a wrong clock dated.

A clock that ran ahead for a while dates jobs, leases and deadlines in a future that nobody will wait for. When it has gone back
1. jobs are due as long after now as they were after the moment that the wrong clock took for now,
2. what a movement waits for is due as much earlier, and a day more, so that its clock finds it past due,
3. the calendar's first run was not later than now,
4. a person is told, for what was decided by the wrong clock (an age, a deadline that had passed) is theirs to look at.
A clock that only went forward needs nothing: what fell due too early was done, and what is leased is taken over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from gateway.domain.clocks.london import day_of
from gateway.domain.parcels.parcel import Job
from gateway.pipeline.holding import tell_of
from gateway.ports import Ports, Transaction

FIRST_RUN = "calendar:first-run"
_DAY = timedelta(days=1)


def put_right(ports: Ports, now: datetime) -> int:
    """How many jobs were dated ahead; none on an ordinary day. Safe to repeat."""
    with ports.store.writing() as tx:
        moved = tx.jobs.put_right(now)                                              # (1)
        for job, by in moved:
            if job.kind == "timer":
                _movement(tx, job, by)                                              # (2)
        first = tx.settings.get(FIRST_RUN)
        if first is not None and datetime.fromisoformat(first) > now:
            tx.settings.put(FIRST_RUN, now.isoformat())                             # (3)
        if moved:
            _tell(tx, ports, moved, now)                                            # (4)
    return len(moved)


def _movement(tx: Transaction, job: Job, by: timedelta) -> None:
    movement = tx.movements.find(str(job.payload["about"]))
    if movement is not None and movement.due is not None:
        tx.movements.save(replace(movement, due=movement.due + (-by // _DAY) * _DAY))


def _tell(tx: Transaction, ports: Ports, moved: Sequence[tuple[Job, timedelta]], now: datetime) -> None:
    ahead = max(by for _, by in moved)
    clocks = sum(job.kind == "timer" for job, _ in moved)
    long = f"{ahead // _DAY} days and {ahead % _DAY // timedelta(hours=1)} hours"
    reason = (f"the clock of this machine ran ahead by up to {long}, and was put right: {len(moved)} jobs, {clocks} of them "
              "deadlines, were dated back; look at what was decided meanwhile")
    tell_of(tx, ports, "clock", "clock", reason, f"clock:{day_of(now)}")
