"""Numbers with their nouns, as people write them."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """``1 row``, ``2 rows``, ``1 child``, ``2 children``. ``many``: the plural, when it is not the singular and an *s*."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
