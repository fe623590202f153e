"""The job table: once for each key, one worker at a time, nobody forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from adapters.store import SqlStore
from gateway.domain.parcels.parcel import Job, JobState
from gateway.domain.parcels.turns import FARTHEST
from gateway.errors import LeaseLostError
from tests.contracts.store.rooms import MORNING

LEASE = 60.0
KINDS = ("process", "alert")


def after(seconds: float) -> datetime:
    """So long after the morning."""
    return MORNING + timedelta(seconds=seconds)


def enqueue(store: SqlStore, *keys: str, kind: str = "process", due_at: datetime = MORNING) -> None:
    """Add jobs."""
    with store.writing() as tx:
        for key in keys:
            assert tx.jobs.enqueue(kind, key, due_at, {"parcel": key})


def claim(store: SqlStore, owner: str = "worker-1", now: datetime = MORNING, limit: int = 10) -> list[Job]:
    """Claim in a transaction of its own, as a worker does."""
    with store.writing() as tx:
        return tx.jobs.claim(owner, now, LEASE, limit, KINDS)


def stored(store: SqlStore, key: str) -> Job:
    """The job as it stands."""
    with store.reading() as tx:
        (job,) = tx.jobs.where(key=key)
    return job


def test_a_job_is_enqueued_once_even_when_it_is_done(store: SqlStore) -> None:
    enqueue(store, "process:P1")
    with store.writing() as tx:
        assert not tx.jobs.enqueue("process", "process:P1", after(5), {"parcel": "another"})
        (job,) = tx.jobs.claim("worker-1", MORNING, LEASE, 1, KINDS)
        tx.jobs.finish(job)
        assert not tx.jobs.enqueue("process", "process:P1", MORNING)
    assert stored(store, "process:P1").payload == {"parcel": "process:P1"}


def test_what_was_claimed_says_so(store: SqlStore) -> None:
    enqueue(store, "process:P1")
    (job,) = claim(store)
    assert job == stored(store, "process:P1")
    assert (job.state, job.fence, job.attempts, job.lease_owner, job.lease_until) == (
        JobState.LEASED, 1, 1, "worker-1", after(LEASE))


def test_a_claimed_job_is_not_claimed_again_while_its_lease_lasts(store: SqlStore) -> None:
    enqueue(store, "a", "b", "c")
    assert [job.key for job in claim(store, limit=2)] == ["a", "b"]
    assert [job.key for job in claim(store, "worker-2")] == ["c"]
    assert claim(store, "worker-3", after(LEASE - 1)) == []


def test_jobs_come_when_they_are_due_the_longest_waiting_first(store: SqlStore) -> None:
    enqueue(store, "later", due_at=after(10))
    enqueue(store, "sooner", due_at=after(5))
    assert claim(store) == []
    assert [job.key for job in claim(store, now=after(10))] == ["sooner", "later"]


def test_a_worker_may_ask_for_some_kinds_only(store: SqlStore) -> None:
    enqueue(store, "p")
    enqueue(store, "r", kind="receipt")
    with store.writing() as tx:
        assert tx.jobs.any_due(MORNING, ["receipt"])
        assert [job.key for job in tx.jobs.claim("w", MORNING, LEASE, 5, kinds=["receipt"])] == ["r"]
        assert not tx.jobs.any_due(MORNING, ["receipt"])
        assert tx.jobs.claim("w", MORNING, LEASE, 5, kinds=[]) == []


def test_an_expired_lease_is_taken_over_and_goes_first(store: SqlStore) -> None:
    enqueue(store, "old")
    claim(store)
    enqueue(store, "new")
    taken = claim(store, "worker-2", after(LEASE))
    assert [(job.key, job.fence, job.attempts) for job in taken] == [("old", 2, 2), ("new", 1, 1)]


def test_a_worker_whose_lease_was_taken_over_can_commit_nothing(store: SqlStore) -> None:
    enqueue(store, "a")
    (mine,) = claim(store)
    (theirs,) = claim(store, "worker-2", after(LEASE))
    for act in ("finish", "retry", "hold", "renew"):
        rest = {"retry": (MORNING, "E"), "hold": ("E",), "renew": (after(99),)}.get(act, ())
        with pytest.raises(LeaseLostError, match="fence 2") as caught, store.writing() as tx:
            tx.settings.put("effect", act)
            getattr(tx.jobs, act)(mine, *rest)
        assert caught.value.code == "LEASE-LOST"
    with store.writing() as tx:
        assert tx.settings.get("effect") is None
        tx.jobs.finish(theirs)
    assert stored(store, "a").state is JobState.DONE


def test_a_job_is_finished_once(store: SqlStore) -> None:
    enqueue(store, "a")
    (job,) = claim(store)
    with store.writing() as tx:
        tx.jobs.finish(job)
        with pytest.raises(LeaseLostError):
            tx.jobs.finish(job)


def test_a_failed_job_is_tried_again_at_its_time_and_its_attempts_are_counted(store: SqlStore) -> None:
    enqueue(store, "a")
    (job,) = claim(store)
    with store.writing() as tx:
        tx.jobs.retry(job, after(30), "PARTNER-DOWN 991 does not answer")
    waiting = stored(store, "a")
    assert (waiting.state, waiting.last_error, waiting.lease_owner) == (JobState.READY, "PARTNER-DOWN 991 does not answer", None)
    assert claim(store, now=after(29)) == []
    (again,) = claim(store, now=after(30))
    assert (again.attempts, again.fence) == (2, 2)


def test_a_held_job_waits_until_it_is_woken(store: SqlStore) -> None:
    enqueue(store, "a")
    (job,) = claim(store)
    with store.writing() as tx:
        tx.jobs.hold(job, "KEY-EXPIRED the key of 991 ended yesterday")
    assert claim(store, now=after(10_000)) == []
    with store.writing() as tx:
        tx.jobs.wake("a", after(20_000))
    (woken,) = claim(store, now=after(20_000))
    assert woken.attempts == 1


def test_waking_brings_a_waiting_job_forward_and_leaves_a_running_one(store: SqlStore) -> None:
    enqueue(store, "a", "b", due_at=after(500))
    (running,) = claim(store, now=after(500), limit=1)
    with store.writing() as tx:
        tx.jobs.wake("a", MORNING)
        tx.jobs.wake("b", MORNING)
    assert stored(store, "a") == running
    assert [job.key for job in claim(store, now=MORNING)] == ["b"]


def test_a_start_takes_up_what_a_former_run_left_and_what_failed(store: SqlStore) -> None:
    enqueue(store, "left", "failed", "another's")
    left, failed = claim(store, "daemon:lane-1", limit=2)
    claim(store, "daemon-2:lane-1")
    enqueue(store, "ahead", due_at=after(500))
    with store.writing() as tx:
        tx.jobs.retry(failed, after(400), "PARTNER-DOWN")
        tx.jobs.take_up("daemon", after(1))
    assert [(job.key, job.fence) for job in claim(store, now=after(1))] == [("left", left.fence + 1), ("failed", 2)]


def test_only_a_job_that_nobody_works_on_is_cancelled(store: SqlStore) -> None:
    enqueue(store, "a", "b")
    (running,) = claim(store, limit=1)
    with store.writing() as tx:
        tx.jobs.cancel("a")
        tx.jobs.cancel("b")
        tx.jobs.cancel("unknown")
        tx.jobs.finish(running)
    assert stored(store, "b").state is JobState.DONE
    assert claim(store, now=after(999)) == []


def test_a_renewed_lease_lasts_longer(store: SqlStore) -> None:
    enqueue(store, "a")
    (job,) = claim(store)
    with store.writing() as tx:
        job = tx.jobs.renew(job, after(LEASE * 3))
    assert claim(store, "worker-2", after(LEASE * 2)) == []
    assert stored(store, "a") == job


def test_a_job_is_due_at_its_time_and_again_when_its_lease_ends(store: SqlStore) -> None:
    enqueue(store, "ahead", due_at=after(500))
    with store.reading() as tx:
        assert [tx.jobs.any_due(now, KINDS) for now in (MORNING, after(499), after(500))] == [False, False, True]
    claim(store, now=after(500))
    with store.reading() as tx:
        assert [tx.jobs.any_due(now, KINDS) for now in (after(501), after(500 + LEASE))] == [False, True]


def test_of_what_is_due_the_earliest_turn_comes_first_whatever_its_kind(store: SqlStore) -> None:
    with store.writing() as tx:
        for turn, kind in ((30, "process"), (10, "alert"), (20, "process"), (40, "alert")):
            tx.jobs.enqueue(kind, f"turn {turn}", MORNING, turn=after(turn))
    assert [job.key for job in claim(store, limit=3)] == ["turn 10", "turn 20", "turn 30"]


def test_a_turn_ahead_does_not_keep_a_job_waiting_when_nothing_else_is_due(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.jobs.enqueue("process", "far", MORNING, turn=MORNING + FARTHEST)
    assert [job.key for job in claim(store)] == ["far"]


def test_effects_and_finishing_are_committed_together_or_not_at_all(store: SqlStore) -> None:
    enqueue(store, "a")
    (job,) = claim(store)
    with pytest.raises(ZeroDivisionError), store.writing() as tx:
        tx.settings.put("effect", "done")
        tx.jobs.finish(job)
        raise ZeroDivisionError
    assert stored(store, "a").state is JobState.LEASED
    with store.reading() as tx:
        assert tx.settings.get("effect") is None


def _in_line(store: SqlStore, *keys: str) -> None:
    with store.writing() as tx:
        for key in keys:
            assert tx.jobs.enqueue("process", key, MORNING, line=key[0])


def test_nobody_is_claimed_behind_one_of_the_same_line_that_is_at_work(store: SqlStore) -> None:
    _in_line(store, "a1", "a2", "b1")
    first = claim(store, "worker-1", limit=1)
    assert [job.key for job in first] == ["a1"]
    assert [job.key for job in claim(store, "worker-2")] == ["b1"]
    with store.writing() as tx:
        tx.jobs.finish(first[0])
    assert [job.key for job in claim(store, "worker-2")] == ["a2"]


def test_a_line_waits_for_one_that_is_soon_tried_again_and_goes_on_after_the_third_time(store: SqlStore) -> None:
    _in_line(store, "a1", "a2", "b1")
    for attempt in range(1, 4):
        (job,) = claim(store, now=after(attempt), limit=1)
        assert (job.key, job.attempts) == ("a1", attempt)
        with store.writing() as tx:
            tx.jobs.retry(job, after(attempt + 1), "STORE-BUSY")
        if attempt == 1:
            assert [one.key for one in claim(store, "other", after(attempt))] == ["b1"]
        assert claim(store, "other", after(attempt)) == []
    (job,) = claim(store, now=after(4), limit=1)
    with store.writing() as tx:
        tx.jobs.retry(job, after(900), "STORE-BUSY")
    assert [one.key for one in claim(store, now=after(5))] == ["a2"]


def test_a_held_job_holds_up_nobody_behind_it(store: SqlStore) -> None:
    _in_line(store, "a1", "a2")
    (job,) = claim(store, limit=1)
    with store.writing() as tx:
        tx.jobs.hold(job, "UNEXPECTED")
    assert [one.key for one in claim(store)] == ["a2"]


def test_the_same_line_of_another_kind_is_another_line(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.jobs.enqueue("process", "p", MORNING, line="9902001")
        tx.jobs.enqueue("alert", "a", MORNING, line="9902001")
    assert len(claim(store, limit=1)) == len(claim(store, limit=1)) == 1


def test_a_job_given_back_is_as_if_it_had_not_been_claimed(store: SqlStore) -> None:
    enqueue(store, "a")
    (job,) = claim(store)
    with store.writing() as tx:
        tx.jobs.give_back(job)
    again = stored(store, "a")
    assert (again.state, again.attempts, again.lease_owner) == (JobState.READY, 0, None)
    assert [one.key for one in claim(store)] == ["a"]


YEAR = 365 * 86_400.0


def test_what_a_clock_that_ran_ahead_has_dated_is_dated_back(store: SqlStore) -> None:
    enqueue(store, "now", "leased", "failed", due_at=after(YEAR))
    with store.writing() as tx:
        tx.jobs.enqueue("timer", "in three days", after(YEAR), due_at=after(YEAR + 3 * 86_400))
        tx.jobs.enqueue("timer", "in three days from before", MORNING, due_at=after(3 * 86_400))
    _, failed = claim(store, now=after(YEAR), limit=2)
    with store.writing() as tx:
        tx.jobs.retry(failed, after(YEAR + 30), "PARTNER-DOWN")
    assert claim(store, "w", after(60)) == []
    with store.writing() as tx:
        moved = tx.jobs.put_right(after(60))
        assert tx.jobs.put_right(after(60)) == []
    assert {job.key: by for job, by in moved} == dict.fromkeys(
        ["now", "leased", "failed", "in three days"], timedelta(seconds=YEAR - 60))
    assert {job.key for job in claim(store, "w", after(60))} == {"now", "leased", "failed"} - {failed.key}
    assert [job.key for job in claim(store, "w", after(90))] == [failed.key]
    assert stored(store, "in three days").due_at == after(60 + 3 * 86_400)
    assert stored(store, "in three days from before").due_at == after(3 * 86_400)


def test_what_was_claimed_or_failed_under_a_clock_that_ran_ahead_does_not_wait_for_it(store: SqlStore) -> None:
    enqueue(store, "claimed", "failed")
    _, failed = claim(store, now=after(YEAR))
    with store.writing() as tx:
        tx.jobs.retry(failed, after(YEAR + 30), "PARTNER-DOWN")
        assert tx.jobs.put_right(after(1)) == []
    assert sorted(job.key for job in claim(store, "w", after(1))) == ["claimed", "failed"]


def test_a_job_dated_ahead_that_was_held_can_be_claimed_once_it_is_woken(store: SqlStore) -> None:
    enqueue(store, "held", due_at=after(YEAR))
    (job,) = claim(store, now=after(YEAR))
    with store.writing() as tx:
        tx.jobs.hold(job, "KEY-EXPIRED")
        tx.jobs.put_right(MORNING)
        tx.jobs.wake("held", after(1))
    assert [job.key for job in claim(store, "w", after(1))] == ["held"]
