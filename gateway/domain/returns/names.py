"""Names of children: kept as written; a whole name in one cell is split.

1. ``SURNAME, Forename`` is split at the comma. A surname cell with a comma and no forename beside it likewise.
2. Without a comma, words in capitals are the surname; else the heading says which comes first; else the last word is the
   surname, and a person is asked.
3. A child with one name has a surname only.
4. Particles (``van der``, ``al-``, ``O'``) belong to the surname that follows them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_PARTICLES = frozenset({"van", "von", "der", "den", "de", "da", "do", "dos", "das", "del", "della", "di", "la", "le", "du",
                        "ter", "ten",
                        "bin", "bint", "ibn", "al", "el", "abu", "st", "st.", "mac", "mc", "ap", "ferch", "o'", "o’", "ó",
                        "ní", "nic"})
_WRONG_IN_NAME = re.compile(r"[0-9+!$%^*_={}\[\]|\\<>~#@/?\"\u0080-\u009f¡-¶¸-¿×÷ƒˆ˜‚„…†‡•‰‹›€™]")
_DAMAGED = re.compile("�|Ã[\u0080-\u00bf©«¨¼¶±¡³º¤¥ ]|â€|Â[\u00a0-\u00bf]|Å[\u0080-\u00bf‚„™¡]")


@dataclass(frozen=True, slots=True)
class FullName:
    """A name that stood in one cell. ``guessed``: nothing said where the surname ends."""

    surname: str | None
    forename: str | None
    guessed: bool = False


def split_name(text: str, *, surname_first: bool | None = None) -> FullName:
    """Split a whole name. ``surname_first`` is what the heading says, None when it says nothing."""
    if "," in text:
        surname, _, forename = text.partition(",")
        return FullName(surname.strip() or None, forename.strip(" ,") or None)
    words = text.split()
    if len(words) < 2:
        return FullName(text or None, None)
    by_capitals = _split_capitals(words)
    if by_capitals:
        return by_capitals
    if surname_first:
        cut = 1
        while cut < len(words) - 1 and words[cut - 1].casefold() in _PARTICLES:
            cut += 1
        return FullName(" ".join(words[:cut]), " ".join(words[cut:]), guessed=len(words) > 2)
    cut = len(words) - 1
    while cut > 1 and words[cut - 1].casefold() in _PARTICLES:
        cut -= 1
    return FullName(" ".join(words[cut:]), " ".join(words[:cut]), guessed=surname_first is None or len(words) > 2)


def _split_capitals(words: list[str]) -> FullName | None:
    """``SMITH JONES Amy`` and ``Amy SMITH JONES``; None when capitals do not tell."""
    capitals = [word.isupper() and len(word) > 1 for word in words]
    if all(capitals) or not any(capitals):
        return None
    first = capitals.index(not capitals[0])
    if any(capitals[first:]) if capitals[0] else not all(capitals[first:]):
        return None
    front, back = " ".join(words[:first]), " ".join(words[first:])
    return FullName(front, back) if capitals[0] else FullName(back, front)


def looks_wrong(name: str) -> bool:
    """Whether a name holds digits or signs that names do not have."""
    return _WRONG_IN_NAME.search(name) is not None


def looks_damaged(text: str) -> bool:
    """Whether letters were lost or mangled by a wrong encoding on the way: ``�``, ``Ã©``, ``â€™``."""
    return not text.isascii() and _DAMAGED.search(text) is not None


def name_key(name: str | None) -> str:
    """A name without case, accents, spaces and signs, for telling whether two are the same; never for keeping."""
    if not name:
        return ""
    if name.isascii():
        return "".join(filter(str.isalnum, name.lower()))
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if c.isalnum())
