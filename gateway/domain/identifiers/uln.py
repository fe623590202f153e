"""Unique Learner Numbers: ten digits whose last is a check digit.

The first nine digits times 10, 9, … 2, summed, modulo 11, taken from 10. A remainder of 0 is never issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from gateway.domain.identifiers.faults import BadUlnError


@dataclass(frozen=True, slots=True)
class Uln:
    """A learner number whose check digit has been verified."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ten digits, spaces forgiven, or raise BadUlnError."""
        text = "".join(text.split())
        if not (len(text) == 10 and text.isascii() and text.isdigit()):
            raise BadUlnError(f"ULN has {len(text)} characters, expected 10 digits", code="ULN-LENGTH",
                              hint="Copy it from the learner's record; a UPN is not a ULN.")
        remainder = sum(int(digit) * weight for digit, weight in zip(text, range(10, 1, -1), strict=False)) % 11
        if remainder == 0:
            raise BadUlnError("ULN is one that is never issued", code="ULN-NEVER-ISSUED",
                              hint="Leave the cell empty when the learner has none.")
        if int(text[9]) != 10 - remainder:
            raise BadUlnError(f"ULN check digit is {text[9]}, expected {10 - remainder}", code="ULN-CHECK-DIGIT",
                              hint="Two digits may have been swapped when it was typed.")
        return cls(text)
