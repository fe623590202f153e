"""Characters that nobody sees, or that move what stands around them.

1. ``INVISIBLE``: controls, direction marks, zero-width spaces, tags, blank letters, places where no character is. They are taken
   out of a value, and a finding says so and shows where they stood.
2. Joiners and variation selectors stay: Persian, Hindi and Japanese names need them. Between Latin letters they only make two
   names of one: there a finding asks.
3. Whatever is shown to a person goes through ``visible``, whatever is written as JSON for a terminal through ``json_visible``: a
   terminal obeys some of these characters, and a direction mark turns a whole line round.

Source: Unicode 15, Default_Ignorable_Code_Point and Bidi_Control; Unicode TR 36 and 39.
"""

from __future__ import annotations

import re

_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x9f"
_MARKS = ("\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\U0001bca0-\U0001bca3"
          "\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff")
_BLANKS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_NONE = "\ud800-\udfff\ufdd0-\ufdef" + "".join(f"{chr(p + 0xFFFE)}{chr(p + 0xFFFF)}" for p in range(0, 0x110000, 0x10000))
INVISIBLE = re.compile(f"[{_CONTROLS}{_MARKS}{_BLANKS}{_NONE}]")
_LATIN_JOINED = re.compile("[A-Za-z\u00c0-\u024f][\u034f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_UNSHOWN = re.compile(f"[{_CONTROLS}\t-\r{_MARKS}{_BLANKS}{_NONE}\u2028\u2029]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def hidden(text: str) -> int:
    """How many characters of a text nobody sees."""
    return 0 if text.isascii() and text.isprintable() else len(INVISIBLE.findall(text))


def joins_latin(text: str) -> int:
    """How many joining characters stand behind Latin letters, where none belongs."""
    return 0 if text.isascii() else len(_LATIN_JOINED.findall(text))


def visible(text: str) -> str:
    """The text with what cannot be seen written out: ``\\u202e``, ``\\x1b``, ``\\n``."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSHOWN.sub(lambda found: _SHORT.get(found[0]) or _written(ord(found[0])), text)


def json_visible(text: str) -> str:
    """JSON that says the same and moves nothing: what a terminal would obey stands as an escape."""
    if text.isprintable():
        return text
    return _UNSHOWN.sub(lambda found: found[0] if found[0] in _SHORT else _as_json(found[0]), text)


def _written(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _as_json(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at:at + 4]}" for at in range(0, len(units), 4))
