from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from adapters.clock import SystemClock
from adapters.ids import ALPHABET, TimedIds


class StandingClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 16, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()


def test_ids_have_their_letter_one_length_and_crockfords_alphabet() -> None:
    made = TimedIds(SystemClock()).new("P")
    assert (made[0], len(made)) == ("P", 25)
    assert set(made[1:]) <= set(ALPHABET)
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_ids_sort_by_the_time_they_were_made_within_a_millisecond_too() -> None:
    clock = StandingClock()
    ids = TimedIds(clock)
    made = [ids.new("P") for _ in range(1000)]
    clock.at += timedelta(milliseconds=1)
    made.append(ids.new("P"))
    assert made == sorted(set(made))


def test_ids_keep_their_order_when_the_clock_goes_back() -> None:
    clock = StandingClock()
    ids = TimedIds(clock)
    first = ids.new("P")
    clock.at -= timedelta(hours=1)
    assert ids.new("P") > first


def test_threads_never_get_the_same_id() -> None:
    ids, made = TimedIds(StandingClock()), list[str]()
    threads = [threading.Thread(target=lambda: made.extend(ids.new("P") for _ in range(2000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8000


def test_the_next_id_cannot_be_guessed_from_the_last() -> None:
    ids = TimedIds(StandingClock())
    numbers = [ids.new("P")[10:] for _ in range(50)]
    steps = {_number(b) - _number(a) for a, b in pairwise(numbers)}
    assert len(steps) == 49


def _number(text: str) -> int:
    return sum(ALPHABET.index(letter) << 5 * place for place, letter in enumerate(reversed(text)))
