"""The simulation can fail: a fault is planted in the program, and seeds find it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import false, update

from adapters.store import jobs as table
from adapters.store.jobs import JobTable
from adapters.store.upkeep import SettingRows
from gateway.daemon.worker import Worker
from gateway.domain.parcels.parcel import Job
from gateway.domain.referrals.message import Message
from gateway.pipeline.carry import settle_parcel
from gateway.pipeline.journey import understand
from gateway.ports import Ports
from tests.simulation import schools, turns
from tests.simulation.errands import Errands
from tests.simulation.exchange import Exchange
from tests.simulation.play import Play, Scene
from tests.simulation.run import run
from tests.simulation.schools import Schools

MOST = 300                    # seeds of its play; a fault that hides longer might hide in the usual run as well
DELIVER = sys.modules["gateway.pipeline.exchange.deliver"]
Plant = Callable[[pytest.MonkeyPatch], None]


def _no_fence(patch: pytest.MonkeyPatch) -> None:
    def change(self: JobTable, job: Job, **values: Any) -> None:
        self._session.connection.execute(update(table._JOB).where(table._JOB.c.id == job.id).values(**values))

    patch.setattr(JobTable, "_change", change)


def _finish_outside(patch: pytest.MonkeyPatch) -> None:
    def process(jobs: Sequence[Job], ports: Ports) -> None:
        for job in jobs:
            with ports.store.reading() as tx:
                parcel = tx.parcels.get(str(job.payload["parcel"]))
            checked = understand(parcel, ports)
            with ports.store.writing() as tx:
                settle_parcel(tx, parcel.id, parcel.reading, checked, ports, ports.clock.now())
            with ports.store.writing() as tx:
                tx.jobs.finish(job)

    patch.setattr(schools, "process", process)


def _packages_taken_twice(patch: pytest.MonkeyPatch) -> None:
    get = SettingRows.get
    patch.setattr(SettingRows, "get", lambda self, key: None if key.startswith("package:") else get(self, key))


def _sealed_anew(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(DELIVER, "_sealed", lambda post, job, ports: ports.courier.seal(Message(post.envelope, post.body)))


def _forgets_what_may_have_left(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(DELIVER, "may_have_left", lambda tx, referral, now: None)


def _tries_uncounted(patch: pytest.MonkeyPatch) -> None:
    claim = JobTable.claim

    def uncounted(self: JobTable, *given: Any) -> list[Job]:
        claimed = claim(self, *given)
        ids = [job.id for job in claimed]
        self._session.connection.execute(update(table._JOB).where(table._JOB.c.id.in_(ids)).values(attempts=1))
        return [replace(job, attempts=1) for job in claimed]

    patch.setattr(JobTable, "claim", uncounted)
    patch.setattr(turns, "MOST_STEPS", 4_000)     # it goes round for ever: that is seen sooner


def _held_in_silence(patch: pytest.MonkeyPatch) -> None:
    def hold(self: Worker, job: Job, told: str) -> None:
        with self._plant.ports.store.writing() as tx:
            tx.jobs.hold(job, told)

    patch.setattr(Worker, "_hold", hold)


def _leases_never_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(table, "_EXPIRED", table._EXPIRED.where(false()))
    patch.setattr(JobTable, "take_up", lambda self, owner, now: None)


def _no_lines(patch: pytest.MonkeyPatch) -> None:
    enqueue = JobTable.enqueue

    def without(self: JobTable, *given: Any, line: str | None = None, **named: Any) -> bool:
        return enqueue(self, *given, **named)

    patch.setattr(JobTable, "enqueue", without)


# Each with the play that finds it, the sort of finding, and a seed near which it is found: any other does, only later.
MUTATIONS: dict[str, tuple[Callable[[Scene], Play], Plant, str, int]] = {
    "the fence is not looked at": (Errands, _no_fence, "unfenced", 2),
    "tries are not counted": (Errands, _tries_uncounted, "stuck", 4),
    "a job is held and nobody is told": (Errands, _held_in_silence, "stuck", 3),
    "a dead worker keeps its leases": (Errands, _leases_never_end, "stuck", 0),
    "a job ends outside the transaction of its effects": (Schools, _finish_outside, "doubled", 93),
    "a sender's files have no line": (Schools, _no_lines, "disordered", 9),
    "a package is taken as often as it comes": (Exchange, _packages_taken_twice, "stuck", 77),
    "a package is sealed anew at each try": (Exchange, _sealed_anew, "doubled", 23),
    "a withdrawal forgets what may have left": (Exchange, _forgets_what_may_have_left, "unanswered", 114),
}


@pytest.mark.parametrize(("play", "plant", "sort", "near"), MUTATIONS.values(), ids=MUTATIONS)
def test_a_planted_fault_is_found(monkeypatch: pytest.MonkeyPatch, play: Callable[[Scene], Play], plant: Plant,
                                  sort: str, near: int) -> None:
    plant(monkeypatch)
    for seed in range(near, near + MOST):
        if getattr(run(seed, play).account, sort):
            return
    pytest.fail(f"no seed of {MOST} found it")
