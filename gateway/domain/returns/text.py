"""Text as it stands in a cell: trimmed, in Unicode NFC, one space where there were many.

1. Capitals, accents and apostrophes stay as written.
2. Characters that nobody sees (zero width, controls, direction marks) are taken out (``unseen``); the rule INVISIBLE-CHARACTERS
   tells of them.
3. Numbers of a workbook become the text that a person would read: 9902001.0 is ``9902001``.
4. A placeholder (``N/A``, ``TBC``, ``-``) means that nothing was given. ``Null`` and ``None`` are names, not placeholders,
   where a name is asked for; so are ``Na``, ``Blank`` and ``Select``, written as names are.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

from gateway.domain.returns.unseen import INVISIBLE

_SPACES = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[^a-z0-9]+")

PLACEHOLDERS = frozenset({
    "", "n/a", "na", "n.a.", "n.a", "n\\a", "not applicable", "tbc", "tba", "tbd", "t.b.c.", "to be confirmed", "to be advised",
    "to follow", "awaiting confirmation", "awaiting", "pending", "-", "--", "---", "–", "—", ".", "..", "...", "?", "??", "???",
    "xx", "xxx", "*", "/", "#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "select", "please select",
    "choose an item.", "choose an item", "not given", "not provided", "not supplied", "not recorded", "not entered", "blank",
})
_NAMES_TOO = frozenset({"Na", "Blank", "Select"})
_NOTHING = PLACEHOLDERS | {"none", "nil", "null", "(null)", "nan", "no", "0"}


def cell_text(cell: Any) -> str | None:
    """One cell as text, or None when nothing stands in it."""
    if cell is None:
        return None
    if type(cell) is not str:
        cell = _typed_text(cell)
    elif cell.isascii() and cell.isprintable():
        cell = cell.strip()
        return (cell if "  " not in cell else _SPACES.sub(" ", cell)) or None
    return tidy(cell) or None


def tidy(text: str) -> str:
    """NFC, without invisible characters, spaces made single and trimmed."""
    return _SPACES.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def _typed_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        midnight = cell.time() == time(0, 0)
        return cell.date().isoformat() if midnight else cell.replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def is_placeholder(text: str) -> bool:
    """Whether a text only stands where a value should."""
    return text.casefold() in PLACEHOLDERS


def is_no_name(text: str) -> bool:
    """Whether a text only stands where a name should: ``NA`` and ``n/a`` do, ``Na`` is a name."""
    return text not in _NAMES_TOO and is_placeholder(text)


def is_nothing(text: str) -> bool:
    """Wider than a placeholder: words such as ``None`` where no name is asked for."""
    return text.casefold() in _NOTHING


def fold(text: str) -> str:
    """Letters and digits only, without case or accents, one space between words: for comparing, never for keeping."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        text = text.replace("’", "").replace("‘", "").replace("ʼ", "").replace("–", " ").replace("ß", "ss")
    return _PUNCTUATION.sub(" ", text.casefold().replace("'", "").replace("&", " and ")).strip()
