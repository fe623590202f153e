"""Alphabets in one word: a Latin name with one Cyrillic letter in it looks the same and is another name.

1. No word is of two alphabets; but Chinese, Japanese and Korean ones stand beside Latin, and signs that are letters by name only.
2. A word is letters without anything between them; marks upon letters and apostrophes belong to it.
"""

from __future__ import annotations

import re
import unicodedata

_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f'’ʼ‘])*")
_BESIDE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "MODIFIER", "FEMININE", "MASCULINE", "MICRO", ""})


def mixed_alphabets(text: str) -> tuple[str, ...]:
    """The alphabets of the first word that mixes some; nothing when none does."""
    if text.isascii():
        return ()
    for word in _WORDS.findall(text):
        found = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()} - _BESIDE
        if len(found) > 1 or found == {"MATHEMATICAL"}:
            return tuple(sorted(name.capitalize() for name in found))
    return ()
