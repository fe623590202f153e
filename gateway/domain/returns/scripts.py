"""Alphabets in one word: a Latin name with one Cyrillic letter in it looks the same and is another name.

1. Only alphabets whose letters are taken for each other count; Chinese beside Latin, or Arabic behind a hyphen, deceives nobody.
2. A word is letters without anything between them; marks upon letters and apostrophes belong to it.
"""

from __future__ import annotations

import re
import unicodedata

_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f'’ʼ‘])*")
_ALIKE = {"LATIN": "Latin", "GREEK": "Greek", "CYRILLIC": "Cyrillic", "ARMENIAN": "Armenian", "CHEROKEE": "Cherokee",
          "COPTIC": "Coptic", "LISU": "Lisu", "FULLWIDTH": "full-width", "MATHEMATICAL": "mathematical", "GEORGIAN": "Georgian"}


def mixed_alphabets(text: str) -> tuple[str, ...]:
    """The alphabets of the first word that mixes some which look alike; nothing when none does."""
    if text.isascii():
        return ()
    for word in _WORDS.findall(text):
        found = sorted({said for letter in word if (said := _ALIKE.get(unicodedata.name(letter, "").partition(" ")[0]))})
        if len(found) > 1 or found == ["mathematical"]:
            return tuple(found)
    return ()
