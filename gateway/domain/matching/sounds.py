"""How a surname sounds, roughly: letters that are often confused share one sign, vowels after the first are dropped.

A finding aid, never evidence of identity: ``Muhammad``, ``Mohamed`` and ``Mohammed`` sound alike, and so do strangers.
"""

from __future__ import annotations

from functools import lru_cache

from gateway.domain.matching.names import bare

MAX_SIGNS = 5   # longer names differ in their ends more often by typing than by being another name

_CLUSTERS = (("ph", "f"), ("gh", "g"), ("kh", "k"), ("ck", "k"), ("sch", "s"), ("sh", "s"), ("ch", "s"), ("th", "t"), ("dh", "d"),
             ("wr", "r"), ("kn", "n"), ("zh", "s"), ("cz", "s"), ("ts", "s"), ("qu", "k"), ("x", "ks"))
_SIGNS = {"b": "p", "p": "p", "f": "f", "v": "f", "c": "k", "g": "k", "k": "k", "q": "k", "j": "j", "s": "s", "z": "s",
          "d": "t", "t": "t", "l": "l", "m": "m", "n": "n", "r": "r"}
_VOWELS = "aeiouyhw"


@lru_cache(maxsize=65536)
def sound(surname: str | None) -> str:
    """The sound of a surname; empty when it has no Latin letter."""
    text = bare(surname)
    for cluster, sign in _CLUSTERS:
        text = text.replace(cluster, sign)
    signs: list[str] = []
    before = ""
    for place, letter in enumerate(text):
        sign = _SIGNS.get(letter, "a" if place == 0 and letter in _VOWELS else "")
        if sign and sign != before:
            signs.append(sign)
        before = sign if letter not in "hw" else before
    return "".join(signs[:MAX_SIGNS])
