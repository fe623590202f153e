"""Whose turn it is: a sender who gives much delays nobody who gives one file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway.domain.parcels.turns import FARTHEST, FILE, next_turn

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


def _flood(files: int, size: int = 2_000) -> list[datetime]:
    turns, free = [], None
    for _ in range(files):
        turn, free = next_turn(NOON, free, size)
        turns.append(turn)
    return turns


def test_a_first_file_has_its_turn_at_once() -> None:
    assert next_turn(NOON, None, 2_000)[0] == NOON


def test_a_sender_who_was_silent_for_a_while_owes_nothing() -> None:
    assert next_turn(NOON, NOON - timedelta(hours=1), 2_000)[0] == NOON


def test_a_flood_keeps_its_order_and_another_senders_file_comes_soon_after_its_start() -> None:
    flood = _flood(1_000)
    assert flood == sorted(flood)
    other, _ = next_turn(NOON + timedelta(seconds=2), None, 2_000)
    assert sum(turn <= other for turn in flood) <= timedelta(seconds=2) / FILE + 1


def test_a_large_file_takes_up_more_of_its_senders_turn() -> None:
    assert _flood(2, size=10 << 20)[1] > _flood(2)[1]


def test_no_turn_lies_further_ahead_than_the_farthest() -> None:
    assert _flood(20_000)[-1] == NOON + FARTHEST


def test_a_clock_that_went_back_leaves_no_turn_in_the_far_future() -> None:
    assert next_turn(NOON, NOON + timedelta(days=365), 2_000)[0] == NOON + FARTHEST
