"""Identifiers: a letter that says of what, then 24 characters of Crockford base32.

1. They sort by the time they were made: nine characters are milliseconds since 1970 (until the year 3085).
2. They cannot be guessed: the other fifteen are 75 random bits from the operating system.
3. Two made by one process in the same millisecond still sort in the order they were made: the second counts on from the first.
"""

from __future__ import annotations

import secrets
import threading
from datetime import datetime

from gateway.ports import Clock

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_TIME_LENGTH, _CHANCE_LENGTH = 9, 15
_CHANCE_BITS = 5 * _CHANCE_LENGTH


class TimedIds:
    """Identifiers by the given clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = (0, 0)
        self._lock = threading.Lock()

    def new(self, prefix: str) -> str:
        """A fresh identifier, such as ``P01K…``."""
        with self._lock:
            moment = max(_milliseconds(self._clock.now()), self._last[0])
            if moment == self._last[0]:
                chance = self._last[1] + 1 + secrets.randbelow(1 << 32)  # counts on, by a step that cannot be guessed
            else:
                chance = secrets.randbits(_CHANCE_BITS - 1)  # the top bit stays free for counting on
            self._last = (moment, chance)
        return prefix + _base32(moment, _TIME_LENGTH) + _base32(chance, _CHANCE_LENGTH)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _base32(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))
