"""Unique Pupil Numbers: read one, or say exactly why it is not one.

1. A UPN is a check letter, three digits of an authority, four of a school, two of a year, three of a serial number.
2. A temporary one ends in a letter in place of its last digit.
3. The check letter is the sum of each character's value times its position, from 2 to 13, modulo 23.
4. Spaces and small letters are forgiven; anything else is not.
5. The authority inside is never checked against today's list: abolished authorities live on in pupils' numbers.

Source: DfE's UPN guide; the vectors of the tests are published ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import mul
from typing import Self

from gateway.domain.identifiers.faults import BadUpnError

CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # 23 of them: no I, O or S
_VALUE = {**{str(digit): digit for digit in range(10)}, **{letter: place for place, letter in enumerate(CHECK_LETTERS)}}
_WEIGHTS = range(2, 14)
_SHAPE = re.compile(rf"[{CHECK_LETTERS}][0-9]{{11}}[0-9{CHECK_LETTERS}]", re.ASCII)
_RETYPE = "Copy the number from the pupil's record again; do not type it."


@dataclass(frozen=True, slots=True)
class Upn:
    """A pupil number whose check letter has been verified."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a permanent or temporary UPN, or raise BadUpnError."""
        text = tidy(text)
        if not _SHAPE.fullmatch(text):
            raise _misshapen(text)
        expected = check_letter(text[1:])
        if text[0] != expected:
            raise BadUpnError(
                f"UPN check letter is {text[0]}, expected {expected}",
                code="UPN-CHECK-LETTER", hint=f"Two digits may have been swapped when it was typed. {_RETYPE}",
            )
        return cls(text)

    @property
    def temporary(self) -> bool:
        """A school gave it until the pupil's own number is known."""
        return not self.text[-1].isdigit()

    @property
    def issued_by(self) -> str:
        """The LAESTAB of the school that first issued it; it may have closed long since."""
        return self.text[1:8]


def tidy(text: str) -> str:
    """Capitals, without spaces or dashes."""
    return text if text.isalnum() and text.isupper() else re.sub(r"[\s\-‐-―]", "", text).upper()


def check_letter(body: str) -> str:
    """The letter that belongs before these twelve characters."""
    return CHECK_LETTERS[sum(map(mul, map(_VALUE.__getitem__, body), _WEIGHTS)) % 23]


def is_upn(text: str) -> bool:
    """Whether a tidied text is a UPN with the right check letter; the quick form of ``parse``."""
    return _SHAPE.fullmatch(text) is not None and text[0] == check_letter(text[1:])


def _misshapen(text: str) -> BadUpnError:
    """Which position is wrong, in the words that schools know from the Department's own services."""
    if len(text) != 13 or not text.isascii():
        return BadUpnError(
            f"UPN has {len(text)} characters, expected 13: a letter, 11 digits, then a digit or letter",
            code="UPN-LENGTH", hint=f"Scottish numbers and candidate numbers are not UPNs. {_RETYPE}",
        )
    if text[0] not in CHECK_LETTERS:
        return BadUpnError(
            "UPN does not start with one of its 23 check letters", code="UPN-FIRST",
            hint=f"I, O and S are never used; 1, 0 and 5 may have been typed for a letter. {_RETYPE}",
        )
    if not text[1:4].isdigit():
        return BadUpnError("characters 2 to 4 of the UPN must be digits: the authority", code="UPN-LA", hint=_RETYPE)
    if not text[4:12].isdigit():
        return BadUpnError("characters 5 to 12 of the UPN must be digits", code="UPN-DIGITS", hint=_RETYPE)
    return BadUpnError(
        "the last character of the UPN must be a digit, or a letter other than I, O and S", code="UPN-LAST", hint=_RETYPE,
    )
