"""Key cards that end: told of two months before, again a month before, and a fault in the last week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from gateway.bootstrap.doctor.diagnosis import Diagnosis, fault, note
from keys.trusted import Trusted

TOLD, SOON, NOW = timedelta(days=60), timedelta(days=30), timedelta(days=7)


def ending(check: str, what: str, card: Trusted, today: date, type: str) -> Iterator[Diagnosis]:
    """Nothing while a card is good for more than two months yet; a rehearsal's never ends."""
    left = card.valid_until - today
    if card.rehearsal or left > TOLD:
        return
    if left <= NOW:
        yield fault(check, f"{what} ends on {card.valid_until}, in {left.days} days", type)
    elif left <= SOON:
        yield note(check, f"{what} ends within a month, on {card.valid_until}", type)
    else:
        yield note(check, f"{what} ends within two months, on {card.valid_until}", type)
