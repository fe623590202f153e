"""Bytes read as Windows-1252: which of them make sense where they stand.

Files from old Macs, from DOS, from machines that speak Polish, Greek or Chinese have other letters behind the same bytes. No byte
says so; but their letters, read as Windows-1252, stand where no name has such a letter.
"""

from __future__ import annotations

import re

UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
_ACCENTED = rb"\x8a\x8c\x8e\x9a\x9c\x9e\x9f\xc0-\xd6\xd8-\xf6\xf8-\xff"
# (a) a capital with an accent straight after a small letter, (b) a sign that is no letter straight after a letter,
# (c) quotation marks or a dash between two small letters, (d) a rare sign straight before a letter, (e) a rare capital
# between a capital and a small letter, (f) an opening quotation mark that ends a word, (g) a sign of money or arithmetic straight
# before a letter, (h) three letters with accents in a row, (i) a word of them alone: it was Cyrillic, Greek or Chinese.
UNLIKELY = re.compile(
    rb"[a-z][\x8a\x8c\x8e\x9f\xc0-\xd6\xd8-\xde]"
    rb"|[A-Z][\x8a\x8c\x8e\x9f][a-z]"
    rb"|[a-z]\x91[^A-Za-z]"
    rb"|[A-Za-z][\x80\x82-\x84\x86-\x89\x8b\x95\x98\x9b\xa1-\xa9\xab-\xad\xaf\xb1-\xb9\xbb-\xbf\xd7\xf7]"
    rb"|[a-z\x9a\x9c\x9e\xdf-\xff][\x91\x93\x94\x96\x97\x99][a-z\x9a\x9c\x9e\xdf-\xff]"
    rb"|[\x82-\x84\x86-\x89\x8b\x98\x99\x9b][A-Za-z\xc0-\xff]"
    rb"|[\xa1-\xaa\xac\xae\xaf\xb1-\xb4\xb6-\xba\xbb-\xbf\xd7\xf7][A-Za-z]"
    rb"|[" + _ACCENTED + rb"]{3}"
    rb"|(?<![A-Za-z\x80-\xff])[" + _ACCENTED + rb"\xa1-\xbf]{2}(?![A-Za-z])"
)
OPEN_TO_DOUBT = re.compile(rb"[" + _ACCENTED + rb"\xa0]")     # what an encoding beside Windows-1252 may mean otherwise


def doubt(content: bytes) -> re.Match[bytes] | None:
    """The first place where a letter is unlikely to be what Windows-1252 makes of it."""
    return UNDEFINED.search(content) or UNLIKELY.search(content)
