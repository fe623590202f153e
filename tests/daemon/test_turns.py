from __future__ import annotations

from pathlib import Path

import pytest

from gateway.daemon import Lane
from gateway.daemon.queue import Queue
from tests.daemon.plants import plant_for
from tests.pipeline.verify.world import World


class Counter:
    """A lane of readers, in order of sender, and what waits in it."""

    def __init__(self, root: Path, batch: int = 3) -> None:
        self.world = World(root)
        lane = Lane("reading", ("process",), threads=2, batch=batch, alone=lambda job: bool(job.payload.get("large")))
        self.queue = Queue(plant_for(self.world, lanes=(lane,)), lane)

    def enqueue(self, *jobs: str, large: str = "") -> None:
        """Each job is a sender's letter and a number."""
        with self.world.store.writing() as tx:
            for job in jobs:
                tx.jobs.enqueue("process", job, self.world.clock.now(), {"large": job == large}, line=job[0])


    def claimed_elsewhere(self) -> list[str]:
        """What another process gets."""
        with self.world.store.writing() as tx:
            return [job.key for job in tx.jobs.claim("another:reading", self.world.clock.now(), 60.0, 9, ["process"])]


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path)


def _keys(jobs: list[object]) -> list[str]:
    return [job.key for job in jobs]  # type: ignore[attr-defined]


def test_a_senders_next_file_waits_until_the_one_before_is_settled(tmp_path: Path) -> None:
    counter = Counter(tmp_path, batch=1)
    counter.enqueue("a1", "a2", "b1")
    first, second = counter.queue.take(), counter.queue.take()
    assert (_keys([*first]), _keys([*second])) == (["a1"], ["b1"])
    assert counter.queue.take() == []
    counter.queue.done(second)
    assert counter.queue.take() == []
    counter.queue.done(first)
    assert _keys([*counter.queue.take()]) == ["a2"]


def test_files_of_several_senders_are_taken_together_in_their_order(counter: Counter) -> None:
    counter.enqueue("a1", "b1", "a2", "c1", "b2")
    first = counter.queue.take()
    assert _keys([*first]) == ["a1", "b1", "a2"]
    assert _keys([*counter.queue.take()]) == ["c1"]


def test_a_large_file_is_taken_alone_and_holds_back_nobody_else(counter: Counter) -> None:
    counter.enqueue("a1", "b1", "b2", "c1", large="b1")
    assert _keys([*counter.queue.take()]) == ["a1", "c1"]
    large = counter.queue.take()
    assert _keys([*large]) == ["b1"]
    assert counter.queue.take() == []
    counter.queue.done(large)
    assert _keys([*counter.queue.take()]) == ["b2"]


def test_what_was_claimed_behind_a_job_that_failed_is_taken_out_and_the_rest_stays(counter: Counter) -> None:
    counter.enqueue("a1", "a2", "b1", "a3", "c1", large="a1")
    first = counter.queue.take()
    assert _keys([*first]) == ["a1"]
    assert _keys([*counter.queue.behind(first[0])]) == ["a2", "a3"]
    assert _keys([*counter.queue.take()]) == ["b1", "c1"]


def test_nothing_due_is_nothing_to_take(counter: Counter) -> None:
    assert counter.queue.take() == []


def test_a_lease_is_kept_while_its_work_lasts_and_not_for_ever(counter: Counter) -> None:
    counter.enqueue("a1", "b1", "c1", "d1")
    in_hand = counter.queue.take()
    assert _keys([*in_hand]) == ["a1", "b1", "c1"]
    for _ in range(58):
        counter.world.later(60.0)
        assert counter.queue.keep()
        assert counter.claimed_elsewhere() == []
    counter.queue.done(in_hand)
    for _ in range(5):
        counter.world.later(60.0)
        counter.queue.keep()
    assert counter.claimed_elsewhere() == ["a1", "b1", "c1", "d1"]      # they were never finished, and d1 never begun


def test_a_lease_that_another_took_is_let_go(counter: Counter) -> None:
    counter.enqueue("a1", "b1", "a2")
    [*first] = counter.queue.take()
    counter.world.later(200.0)
    assert counter.claimed_elsewhere() == ["a1", "b1", "a2"]
    assert counter.queue.keep()
    counter.queue.done(first)
    assert not counter.queue.keep()
    assert counter.queue.take() == []


def test_a_lease_that_was_kept_too_late_takes_no_job_from_the_worker_who_has_it_here(counter: Counter) -> None:
    counter.enqueue("a1", "b1", "c1")
    in_hand = counter.queue.take()
    for _ in range(20):
        counter.world.later(200.0)      # whoever keeps leases sleeps, and an idle worker looks
        assert counter.queue.take() == []
    with counter.world.store.writing() as tx:
        for job in in_hand:
            tx.jobs.finish(job)         # nobody else had them
        assert [job.attempts for job in tx.jobs.where()] == [1, 1, 1]
