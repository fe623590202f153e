"""A clock that ran a year ahead and went back: deadlines it set come when they should have, and a person is told."""

from __future__ import annotations

from datetime import date, timedelta

from gateway.domain.returns.movement import MovementState
from gateway.pipeline.putting_right import FIRST_RUN, put_right
from tests.safeguards.thornhaven import ALL_HALLOWS, FERNBRIDGE, MONDAY, Pupil, Town, leaver, to_school, town

AHEAD = date(2027, 11, 17)


def _sent_while_ahead() -> Town:
    """A leaver for whom a joiner is awaited, dated by a clock that is a year ahead of its return."""
    place = town(today=AHEAD)
    place.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(ALL_HALLOWS)))
    assert [movement.state for movement in place.movements] == [MovementState.AWAITED]
    place.today = MONDAY
    return place


def test_what_was_awaited_is_overdue_and_a_case_in_this_year() -> None:
    place = _sent_while_ahead()
    assert put_right(place.ports, place.now) > 0
    place.pass_to(MONDAY + timedelta(days=16))
    assert [hold.what for hold in place.holds("overdue")] == ["overdue"]
    place.pass_to(MONDAY + timedelta(days=26))
    assert len(place.open_cases) == 1


def test_without_it_nobody_would_ask_for_a_year() -> None:
    place = _sent_while_ahead()
    place.pass_to(MONDAY + timedelta(days=60))
    assert place.holds("overdue") == [] and place.open_cases == []


def test_a_person_is_told_once_how_far_the_clock_was_ahead_and_of_how_many_deadlines() -> None:
    place = _sent_while_ahead()
    put_right(place.ports, place.now)
    assert put_right(place.ports, place.now) == 0
    [hold] = place.holds("clock")
    assert "by up to 366 days and 0 hours" in hold.reason and "1 of them deadlines" in hold.reason
    assert [job.payload["hold"] for job in place.jobs("notice")] == [hold.id]


def test_a_first_run_in_the_future_was_no_later_than_now() -> None:
    place = town()
    with place.act() as tx:
        tx.settings.put(FIRST_RUN, (place.now + timedelta(days=365)).isoformat())
    put_right(place.ports, place.now)
    with place.act() as tx:
        assert tx.settings.get(FIRST_RUN) == place.now.isoformat()


def test_on_an_ordinary_day_nothing_is_changed_and_nobody_is_told() -> None:
    place = town()
    place.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(ALL_HALLOWS)))
    before = place.jobs("timer")
    place.today += timedelta(days=1)
    assert put_right(place.ports, place.now) == 0
    assert place.jobs("timer") == before and place.holds("clock") == []
