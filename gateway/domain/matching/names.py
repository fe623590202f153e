"""Names compared as people would: what stays the same when a name is typed again elsewhere.

1. Letters count; accents, case, spaces, hyphens, apostrophes and full stops do not: ``D'Souza-Müller`` is ``dsouzamuller``.
2. Letters that Unicode does not take apart (ø, ł, ß, æ …) are written as a typist without them would.
3. Other scripts are kept as they are. A name without any letter is empty and never equal to another.
4. Particles (``al-``, ``de la``, ``O'``, ``Mc``) are part of the name; ``bare`` leaves them out, for suggestions only.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_PLAIN = str.maketrans({
    "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n",
})
PARTICLES = frozenset((
    "al", "el", "ul", "ur", "de", "del", "della", "di", "da", "do", "dos", "das", "du", "la", "le", "van", "von", "der", "den",
    "ter", "ten", "bin", "binti", "bint", "ibn", "ben", "abu", "st", "saint", "mc", "mac", "o", "ap", "e", "y",
))
_APOSTROPHES = "'’ʼ‘`´ʻʹ"
_SIGNS = dict.fromkeys(code for code in range(128) if not chr(code).isalnum())
_SPACED = str.maketrans(dict.fromkeys(_APOSTROPHES, " "))


@lru_cache(maxsize=65536)
def fold(name: str | None) -> str:
    """The letters and digits that count, in lower case; empty when there are none."""
    if name and name.isascii():
        return name.lower().translate(_SIGNS)
    return "".join(_words(name or ""))


@lru_cache(maxsize=65536)
def bare(name: str | None) -> str:
    """``fold`` without particles; the whole name when it is made of nothing else."""
    spaced = (name or "").translate(_SPACED)
    words = [w for w in _words(spaced) if w not in PARTICLES]
    return "".join(words) or fold(name)


@lru_cache(maxsize=65536)
def parts(name: str | None) -> frozenset[str]:
    """The parts of a double-barrelled name that are long enough to be evidence."""
    return frozenset(w for w in _words(name or "") if len(w) > 2 and w not in PARTICLES)


def initial(name: str | None) -> str:
    """The first letter that counts, or nothing."""
    return fold(name)[:1]


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    words: list[str] = []
    current: list[str] = []
    for letter in plain:
        if letter.isalnum():
            current.append(letter)
        elif letter not in _APOSTROPHES and letter != "." and not unicodedata.combining(letter) and current:
            words.append("".join(current))
            current = []
    return [*words, "".join(current)] if current else words
