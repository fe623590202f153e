"""The evidence on which a case may close. Sent is not accepted, and silence is not evidence.

What a person types is read by the words of the field; text that names no evidence of this list closes nothing.
"""

from __future__ import annotations

import re
from enum import StrEnum

from gateway.errors import UsageError


class Evidence(StrEnum):
    """What can close a case. ``unresolved`` does not: it puts the case on the watched list, with a manager's sign-off."""

    ON_ROLL = "on-roll"
    ACCEPTED = "accepted-by-authority"
    EHE = "home-education-registered"
    ADMISSIONS = "admissions-tracking"
    OVER_AGE = "over-school-age"
    ABROAD = "abroad-confirmed"
    UNRESOLVED = "unresolved"
    DIED = "died"
    CORRECTED = "corrected-by-school"


_NOT_EVIDENCE = re.compile(r"\b(not|never|no longer|awaiting|waiting|sent|referred|will|pending|unconfirmed|unknown)\b",
                           re.IGNORECASE)
_WORDS: tuple[tuple[Evidence, str], ...] = (
    (Evidence.UNRESOLVED, r"unresolved|exhausted|untraced"),
    (Evidence.DIED, r"\bdied\b|deceased|death"),
    (Evidence.ACCEPTED, r"accepted"),
    (Evidence.EHE, r"\behe\b|home[- ]educat\w*|educated at home|elective home"),
    (Evidence.ADMISSIONS, r"admissions?[- ](tracking|application|team)|application (made|tracked|in progress)|"
                          r"tracked by admissions"),
    (Evidence.OVER_AGE, r"over[- ](compulsory[- ])?school[- ]age|post[- ]16"),
    (Evidence.ABROAD, r"abroad|overseas|left the (country|uk)"),
    (Evidence.ON_ROLL, r"on[- ]roll|started (at|school)|attending|attends|enrolled|registered at|admitted|place taken|joined|"
                       r"in school"),
    (Evidence.CORRECTED, r"corrected|returned in error|reported in error|entered in error|sent in error|wrong child"),
)
KINDS = ", ".join(kind.value for kind in Evidence)


def read_evidence(text: str) -> Evidence:
    """The kind of evidence that a text names; UsageError when it names none."""
    kind, _, _ = text.partition(":")
    if kind.strip().casefold() in set(Evidence):
        return Evidence(kind.strip().casefold())
    for evidence, words in _WORDS:
        if re.search(words, text, re.IGNORECASE) and (
                evidence in (Evidence.UNRESOLVED, Evidence.CORRECTED) or not _NOT_EVIDENCE.search(text)):
            return evidence
    raise UsageError("this text names no evidence on which a case may close", code="NO-EVIDENCE",
                     hint=f"Begin with one of: {KINDS}. For example: on-roll: St Anne's confirmed by telephone. "
                          "Sent is not accepted.")
