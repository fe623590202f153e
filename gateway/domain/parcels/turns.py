"""Turns: of what is due, who is next; so that a sender who gives a thousand files delays nobody who gives one.

1. A sender's file has its turn when it comes, or after the sender's last one, whichever is later (start-time fair queueing).
2. A file takes up its sender's turn for ``FILE`` and for ``MEBIBYTE`` a mebibyte: rather more than reading takes.
3. No turn lies further ahead than ``FARTHEST``. Who is further ahead has all the rest at that moment, in the order it came.
4. Turns only order what waits. When nothing else is due, the next file is read at once, whatever its turn.
"""

from __future__ import annotations

from datetime import datetime, timedelta

FILE = timedelta(milliseconds=500)
MEBIBYTE = timedelta(seconds=2)
FARTHEST = timedelta(hours=1)


def next_turn(now: datetime, free: datetime | None, size: int) -> tuple[datetime, datetime]:
    """A file's turn, and from when its sender's next one may have its own. ``free``: the latter, of the sender's last file."""
    turn = min(max(now, free or now), now + FARTHEST)
    return turn, turn + FILE + MEBIBYTE * (size / (1 << 20))
