"""What becomes of jobs: done, tried again, or held for a person; never passed over."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.logs import JsonLog
from adapters.store import SqlStore
from adapters.store.transaction import SqlTransaction
from gateway.daemon import Lane, Plant
from gateway.daemon.alarm import Alarm
from gateway.daemon.plant import Handler
from gateway.daemon.queue import Queue
from gateway.daemon.worker import MAX_TRIES, Failures, Worker
from gateway.domain.parcels.parcel import Job, JobState, ParcelState
from gateway.errors import ConfigError, DiskError, PartnerUnavailableError, RetryableError
from gateway.ports import Ports
from tests.daemon.plants import plant_for
from tests.pipeline.verify.world import World


class Shop:
    """A worker, its log, and one job."""

    def __init__(self, root: Path, handler: Handler, *, kind: str = "deliver", many: bool = False) -> None:
        self.world = World(root)
        self.kind = kind
        self.failures, self.log = Failures(), io.StringIO()

        def each(jobs: Sequence[Job], ports: Ports) -> None:
            for job in jobs:
                handler(job, ports)

        lane = Lane("leaving", (kind,), batch=5, many=each if many else None)
        self.plant: Plant = plant_for(self.world, lanes=(lane,), handlers={kind: handler}, log=JsonLog(self.log))
        alarm = Alarm(self.plant, lambda: None)
        self.worker = Worker(self.plant, lane, Queue(self.plant, lane), self.failures, alarm)

    def enqueue(self, *keys: str, **payload: str) -> None:
        with self.world.store.writing() as tx:
            for key in keys:
                tx.jobs.enqueue(self.kind, key, self.world.clock.now(), payload)

    def job(self, key: str = "one") -> Job:
        with self.world.store.reading() as tx:
            [job] = tx.jobs.where(key=key)
        return job


def _done(job: Job, ports: Ports) -> None:
    with ports.store.writing() as tx:
        tx.jobs.finish(job)


def _away(job: Job, ports: Ports) -> None:
    raise PartnerUnavailableError("991 does not answer", code="AWAY", hint="Wait.")


def _later(job: Job, ports: Ports) -> None:
    raise RetryableError("not yet", code="NOT-YET", hint="Wait.")


def _disk(job: Job, ports: Ports) -> None:
    raise DiskError("no room", code="DISK", hint="Make room.")


def _ours(job: Job, ports: Ports) -> None:
    raise ConfigError("a setting is wrong", code="CONFIG", hint="Mend it.")


def _bug(job: Job, ports: Ports) -> None:
    raise ValueError("Musa Ellery, born 2 March 2018")


def test_a_job_that_is_done_is_done_once(tmp_path: Path) -> None:
    shop = Shop(tmp_path, _done)
    shop.enqueue("one")
    assert shop.worker.work()
    assert not shop.worker.work()
    assert shop.job().state is JobState.DONE


@pytest.mark.parametrize(("handler", "partner"), [(_away, True), (_later, False)])
def test_what_is_nobodys_fault_is_tried_again_later(tmp_path: Path, handler: Handler, partner: bool) -> None:
    shop = Shop(tmp_path, handler)
    shop.enqueue("one")
    shop.worker.work()
    job = shop.job()
    assert (job.state, job.attempts) == (JobState.READY, 1)
    assert timedelta(seconds=3) < job.due_at - shop.world.clock.now() < timedelta(seconds=7)
    assert (shop.failures.to_retry, shop.failures.partner_unavailable) == (True, partner)
    assert not shop.worker.work()


def test_each_pause_is_longer_and_after_the_last_try_a_person_is_told(tmp_path: Path) -> None:
    shop = Shop(tmp_path, _away)
    shop.enqueue("one")
    pauses = []
    for _ in range(MAX_TRIES):
        shop.worker.work()
        pauses.append(shop.job().due_at - shop.world.clock.now())
        shop.world.clock.at = max(shop.world.clock.at, shop.job().due_at)
    assert pauses[0] < pauses[3] < pauses[6] < timedelta(hours=1.3)
    assert shop.job().state is JobState.HELD
    with shop.world.store.reading() as tx:
        [hold] = tx.holds.where()
        [notice] = tx.jobs.where(kind="notice")
    assert hold.what == "job"
    assert "991 does not answer" in hold.reason
    assert notice.payload["hold"] == hold.id


def test_a_disk_is_no_fault_of_the_jobs_it_is_tried_soon_and_often_and_a_person_is_told_once(tmp_path: Path) -> None:
    shop = Shop(tmp_path, _disk)
    shop.enqueue("one")
    for _ in range(MAX_TRIES + 5):
        assert shop.worker.work()
        job = shop.job()
        assert (job.state, job.attempts) == (JobState.READY, 0)
        assert timedelta(seconds=5) < job.due_at - shop.world.clock.now() < timedelta(seconds=15)
        shop.world.clock.at = job.due_at
    assert shop.failures == Failures(to_retry=True)
    with shop.world.store.reading() as tx:
        assert [(hold.what, hold.reason) for hold in tx.holds.where()] == [("disk", "no room. Make room.")]
        assert len(tx.jobs.where(kind="notice")) == 1


def test_jobs_that_cannot_be_given_back_are_not_left_to_their_lease(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = [True]

    def when_there_is_room(job: Job, ports: Ports) -> None:
        (_disk if full[0] else _done)(job, ports)

    shop = Shop(tmp_path, when_there_is_room, many=True)
    shop.enqueue("one", "two")
    writing = SqlStore.writing
    order: list[bool] = []

    def nothing_can_be_written(store: SqlStore) -> AbstractContextManager[SqlTransaction]:
        if full[0] and order:
            raise DiskError("the disk that holds the store is full", code="STORE-FULL", hint="Free space.")
        order.append(True)         # the claim itself was written
        return writing(store)

    monkeypatch.setattr(SqlStore, "writing", nothing_can_be_written)
    with pytest.raises(DiskError, match="holds the store is full"):
        shop.worker.work()
    full[0] = False
    assert shop.worker.work()
    assert [shop.job(key).state for key in ("one", "two")] == [JobState.DONE, JobState.DONE]


def test_what_someone_here_must_mend_is_held_at_once(tmp_path: Path) -> None:
    shop = Shop(tmp_path, _ours)
    shop.enqueue("one")
    shop.worker.work()
    assert (shop.job().state, shop.job().last_error) == (JobState.HELD, "CONFIG a setting is wrong")


def test_a_bug_holds_the_job_and_its_parcel_and_never_tells_what_it_was_about(tmp_path: Path) -> None:
    shop = Shop(tmp_path, _bug, kind="process")
    parcel = shop.world.parcel(b"one", state=ParcelState.RECEIVED)
    shop.enqueue("one", parcel=parcel.id)
    shop.worker.work()
    assert (shop.job().state, shop.job().last_error) == (JobState.HELD, "UNEXPECTED ValueError")
    with shop.world.store.reading() as tx:
        assert tx.parcels.get(parcel.id).state is ParcelState.HELD
        [hold] = tx.holds.where()
    assert "Ellery" not in shop.log.getvalue() + hold.reason
    line = json.loads(shop.log.getvalue().splitlines()[0])
    assert (line["event"], line["code"], line["error"]) == ("job-failed", "UNEXPECTED", "ValueError")
    assert line["where"].startswith("tests.daemon.test_workers:")


def test_one_bad_job_of_a_batch_does_not_stop_the_others(tmp_path: Path) -> None:
    def picky(job: Job, ports: Ports) -> None:
        (_bug if job.key == "two" else _done)(job, ports)

    shop = Shop(tmp_path, picky, many=True)
    shop.enqueue("one", "two", "three")
    shop.worker.work()
    assert [shop.job(key).state for key in ("one", "two", "three")] == [JobState.DONE, JobState.HELD, JobState.DONE]


def test_a_job_that_kills_its_worker_again_and_again_is_held(tmp_path: Path) -> None:
    shop = Shop(tmp_path, _done)
    shop.enqueue("one")
    for _ in range(MAX_TRIES):
        with shop.world.store.writing() as tx:
            tx.jobs.claim("gateway:dead", shop.world.clock.now(), 0.0, 1, ["deliver"])
    shop.worker.work()
    assert shop.job().state is JobState.HELD
    assert "WORKER-DIED" in (shop.job().last_error or "")


def test_a_worker_whose_lease_went_to_another_commits_nothing_and_holds_nothing(tmp_path: Path) -> None:
    def slow(job: Job, ports: Ports) -> None:
        with ports.store.writing() as tx:
            tx.jobs.take_up("gateway", ports.clock.now())
            tx.jobs.claim("gateway:other", ports.clock.now(), 60.0, 1, ["deliver"])
        _done(job, ports)

    shop = Shop(tmp_path, slow)
    shop.enqueue("one")
    shop.worker.work()
    assert (shop.job().state, shop.job().lease_owner) == (JobState.LEASED, "gateway:other")
    with shop.world.store.reading() as tx:
        assert tx.holds.count() == 0


@pytest.mark.parametrize("many", [False, True], ids=["each alone", "together"])
def test_a_correction_waits_for_the_return_before_it_that_must_be_tried_again(tmp_path: Path, many: bool) -> None:
    done: list[str] = []

    def fails_first(job: Job, ports: Ports) -> None:
        if job.key == "return" and job.attempts == 1:
            _later(job, ports)
        done.append(job.key)
        _done(job, ports)

    shop = Shop(tmp_path, fails_first, kind="process", many=many)
    with shop.world.store.writing() as tx:
        for key, line in (("return", "9902001"), ("correction", "9902001"), ("another school", "9902002")):
            tx.jobs.enqueue("process", key, shop.world.clock.now(), line=line)
    for _ in range(3):
        shop.worker.work()
    assert done == ["another school"]
    assert (shop.job("correction").state, shop.job("correction").attempts) == (JobState.READY, 0)
    shop.world.clock.at += timedelta(minutes=1)
    for _ in range(3):
        shop.worker.work()
    assert done == ["another school", "return", "correction"]
