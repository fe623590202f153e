"""Likeness of two folded names, bounded so that it costs little and admits little."""

from __future__ import annotations


def within(one: str, other: str, limit: int) -> bool:
    """Whether at most ``limit`` slips of the keyboard lie between them: a letter more, fewer, other, or two swapped."""
    if abs(len(one) - len(other)) > limit:
        return False
    earlier: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        current = [i]
        for j, against in enumerate(other, 1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return False
        earlier, row = row, current
    return row[-1] <= limit


def typed_alike(one: str, other: str) -> bool:
    """Whether two names look like one name typed twice: one slip in a short name, two in a long one."""
    if not one or not other:
        return False
    return within(one, other, 2 if min(len(one), len(other)) >= 7 else 1)
