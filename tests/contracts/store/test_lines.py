"""Jobs of one line: in their turn, whatever clock dated them, whatever their ids say."""

from __future__ import annotations

from datetime import datetime

from adapters.store import SqlStore
from tests.contracts.store.test_jobs import YEAR, after, claim, stored

SCHOOL, ANOTHER = "9902001", "9902002"


def enqueue(store: SqlStore, key: str, now: datetime, turn: datetime, line: str = SCHOOL) -> None:
    """A file of a school, which has its turn."""
    with store.writing() as tx:
        assert tx.jobs.enqueue("process", key, now, turn=turn, line=line)


def put_right(store: SqlStore, now: datetime) -> set[str]:
    """The clock went back; which jobs were dated back."""
    with store.writing() as tx:
        return {job.key for job, _ in tx.jobs.put_right(now)}


def test_a_line_whose_files_came_while_the_clock_ran_ahead_keeps_its_order(store: SqlStore) -> None:
    enqueue(store, "return", after(YEAR), after(YEAR + 0.5))                    # behind another of that moment
    enqueue(store, "correction", after(YEAR + 0.8), after(YEAR + 1))
    enqueue(store, "another school", after(YEAR + 0.2), after(YEAR + 0.2), ANOTHER)
    assert put_right(store, after(60)) == {"return", "correction", "another school"}
    assert [job.key for job in claim(store, "w", after(70))] == ["another school", "return", "correction"]
    assert stored(store, "another school").turn == after(60)


def test_what_came_before_the_clock_ran_ahead_stays_before_what_came_meanwhile(store: SqlStore) -> None:
    enqueue(store, "return", after(0), after(1_800))                            # of a sender who gives much
    enqueue(store, "correction", after(YEAR), after(YEAR))
    enqueue(store, "another school", after(YEAR), after(YEAR), ANOTHER)
    assert put_right(store, after(60)) == {"correction", "another school"}
    assert [job.key for job in claim(store, "w", after(60))] == ["another school", "return", "correction"]


def test_what_a_dead_worker_left_of_a_line_is_claimed_in_its_turn(store: SqlStore) -> None:
    enqueue(store, "correction", after(0), after(2))
    enqueue(store, "return", after(0), after(1))
    assert [job.key for job in claim(store, "dead", after(3))] == ["return", "correction"]
    assert [job.key for job in claim(store, "w", after(600), limit=1)] == ["return"]


def test_what_the_claimer_has_in_its_hands_is_not_claimed_from_it(store: SqlStore) -> None:
    enqueue(store, "one", after(0), after(0))
    enqueue(store, "another", after(0), after(0), ANOTHER)
    one, another = claim(store, "w", after(0))
    with store.writing() as tx:
        assert tx.jobs.any_due(after(600), ["process"], but={one.id})
        assert [job.id for job in tx.jobs.claim("w", after(600), 60.0, 9, ["process"], but={one.id})] == [another.id]
        assert not tx.jobs.any_due(after(600), ["process"], but={one.id})
        tx.jobs.finish(one)
