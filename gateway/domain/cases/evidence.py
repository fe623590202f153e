"""The evidence on which a case may close. Sent is not accepted, and silence is not evidence.

1. Evidence is ``KIND: who said it, when, what``: a kind of the list below, a person or body, a day, and what they said.
2. Nothing is guessed from prose: a text without one of its four parts closes nothing, whatever words stand in it.
3. Nobody has said anything tomorrow: the day is today or before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.domain.returns.dates import read_date
from gateway.errors import UsageError


class Evidence(StrEnum):
    """What can close a case. ``unresolved`` does not: it puts the case on the watched list, with a manager's sign-off."""

    ON_ROLL = "on-roll"
    ACCEPTED = "accepted-by-authority"
    EHE = "home-education-registered"
    OTHERWISE = "educated-otherwise"
    ADMISSIONS = "admissions-tracking"
    OVER_AGE = "over-school-age"
    ABROAD = "abroad-confirmed"
    RETURNED = "returned-to-authority"
    UNRESOLVED = "unresolved"
    DIED = "died"
    CORRECTED = "corrected-by-school"


EXAMPLES: Mapping[Evidence, str] = {
    Evidence.ON_ROLL: "office of Ropewalk School, 2026-11-16, started there on 9 November",
    Evidence.ACCEPTED: "D Park at Marlowick CME, 2026-11-16, accepted by letter",
    Evidence.EHE: "our EHE team, 2026-11-16, registered and the education is suitable",
    # Education Act 1996 s.436A: not missing is who receives suitable education otherwise than at a school.
    Evidence.OTHERWISE: "our SEN service, 2026-11-16, taught in hospital under section 19",
    Evidence.ADMISSIONS: "our admissions team, 2026-11-16, an application is in progress and tracked there",
    Evidence.OVER_AGE: "participation team, 2026-11-16, over compulsory school age by date of birth",
    Evidence.ABROAD: "the school in Lisbon, 2026-11-16, wrote that the child attends",
    Evidence.RETURNED: "M Ito at Saltmarch Vale CME, 2026-11-16, they referred the child and keep the case",
    Evidence.UNRESOLVED: "M Pryce, 2026-11-16, every enquiry is exhausted; signed off for this term",
    Evidence.DIED: "registrar of Thornhaven, 2026-11-16, told by letter",
    Evidence.CORRECTED: "office of Fernbridge Primary, 2026-11-16, the row was entered in error",
}
"""What each kind looks like behind its colon."""

WRITTEN = "KIND: who said it, when, what"


@dataclass(frozen=True, slots=True)
class Testimony:
    """One piece of evidence as a person typed it. ``who`` and ``what`` may name a child: they are kept sealed."""

    kind: Evidence
    who: str
    on: date
    what: str

    @property
    def text(self) -> str:
        """The same in one line, without its kind."""
        return f"{self.who}, {self.on.isoformat()}, {self.what}"


def read_evidence(text: str, today: date) -> Testimony:
    """Read evidence, or UsageError: NO-EVIDENCE when a part is missing, DATED-AHEAD when its day has not come."""
    kind, colon, rest = text.partition(":")
    known = kind.strip().casefold()
    if not colon or known not in set(Evidence):
        raise _unread("this text begins with no kind of evidence on which a case may close", Evidence.ON_ROLL)
    parts = [part.strip() for part in rest.split(",")]
    days = [_day(part) for part in parts]
    at = next((place for place, day in enumerate(days) if day is not None), None)
    on = days[at] if at is not None else None
    if at is None or on is None:
        raise _unread(f"this evidence of the kind {known} has no day, one expected", Evidence(known))
    who, what = ", ".join(filter(None, parts[:at])), ", ".join(filter(None, parts[at + 1:]))
    if not who or not what:
        raise _unread(f"this evidence of the kind {known} does not say {'what was said' if who else 'who said it'}",
                      Evidence(known))
    if on > today:
        raise UsageError(f"the evidence is dated {on}, today is {today}", code="DATED-AHEAD",
                         hint="Close the case on the day when somebody has said it.")
    return Testimony(Evidence(known), who, on, what)


def _day(text: str) -> date | None:
    """A day that can be read in one way only; a bare number is none."""
    read = read_date(text)
    return read.value if read.trouble is None and not text.isdigit() else None


def _unread(message: str, like: Evidence) -> UsageError:
    return UsageError(message, code="NO-EVIDENCE", hint=f"Write {WRITTEN}. For example: {like.value}: {EXAMPLES[like]}. "
                      f"Kinds: {', '.join(Evidence)}. Sent is not accepted.")
