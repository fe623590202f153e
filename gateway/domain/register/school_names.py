"""School names made comparable: what differs only in punctuation, case or abbreviation becomes the same.

``St. Dymphna's R.C. Acad`` and ``Saint Dymphnas Catholic Academy`` are one name. A name is split in its own words and
words of kind (``primary``, ``academy``): a sender may leave words of kind out, but not write another.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gateway.domain.returns.text import fold

_PHRASES = tuple((re.compile(rf"\b(?:{pattern})\b"), word) for pattern, word in (
    (r"church of england|c of e|c o e|c e|coe|ce|church in wales|c in w|anglican", "cofe"),
    (r"roman catholic|r c|rc|catholic", "catholic"),
    (r"saint|ste", "st"),
    (r"voluntary (aided|controlled)|v a|v c|va|vc|jmi|jm i", ""),
    (r"sch|schl|schools", "school"),
    (r"pri|prim|prm", "primary"),
    (r"acad|acdy", "academy"),
    (r"inf|infants|infant s", "infant"),
    (r"jnr|jr|jun|juniors|junior s", "junior"),
    (r"sec|secondary modern", "secondary"),
    (r"comp", "comprehensive"),
    (r"comm|cmty|community", "community"),
    (r"coll", "college"),
    (r"gram|grammer", "grammar"),
    (r"nurs|nsy", "nursery"),
    (r"prep", "preparatory"),
    (r"tech", "technology"),
    (r"ctr|center", "centre"),
    (r"pupil referral unit", "pru"),
    (r"hs", "high school"),
    (r"ps", "primary school"),
))
_DROPPED = frozenset({"the", "and", "of", "for", "at", "in", "on", "a", "trust", "ltd", "limited"})
KIND_WORDS = frozenset({
    "school", "primary", "secondary", "infant", "junior", "academy", "college", "high", "cofe", "catholic", "community",
    "nursery",
    "grammar", "comprehensive", "preparatory", "special", "centre", "pru", "technology", "foundation", "free", "middle", "upper",
    "lower", "first", "aided", "controlled", "sixth", "form", "methodist", "girls", "boys", "specialist", "science", "arts",
    "sports",
    "converter", "studio",
})


@lru_cache(maxsize=65_536)
def school_words(name: str) -> tuple[str, ...]:
    """The words of a name in order, made comparable."""
    text = fold(name)
    for pattern, word in _PHRASES:
        text = pattern.sub(word, text)
    return tuple(word for word in text.split() if word not in _DROPPED)


def own_and_kind(words: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The words that are this school's own, in order, and its words of kind."""
    return tuple(word for word in words if word not in KIND_WORDS), frozenset(words) & KIND_WORDS
