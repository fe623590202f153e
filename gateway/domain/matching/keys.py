"""The keys under which a child is found again. The store blinds them; equal text is the only thing it can see.

    upn                   the verified number
    dob+surname           date of birth and folded surname
    dob+initial           date of birth and the forename's first letter
    name                  folded surname and forename: finds a date of birth that is a slip of the keyboard
    sound+postcode        how the surname sounds, and the home postcode
    school+name           a school and the folded full name: finds the row that a correction of the date of birth puts right, even
                          where so many bear a name that the name alone finds nobody in particular
    row                   the id under which a faulty row went back to its sender
"""

from __future__ import annotations

from datetime import date

from gateway.domain.matching.child import EvidenceKey
from gateway.domain.matching.names import fold, initial
from gateway.domain.matching.sounds import sound
from gateway.domain.matching.verdicts import Identity


def evidence_keys(
    upn: str | None, surname: str | None, forename: str | None, dob: date | None, postcode: str | None,
) -> tuple[EvidenceKey, ...]:
    """Every key that the given values allow; ``upn`` must have been verified."""
    keys: list[EvidenceKey] = []
    if upn:
        keys.append(("upn", upn))
    if dob and fold(surname):
        keys.append(("dob+surname", f"{dob.isoformat()}|{fold(surname)}"))
    if dob and initial(forename):
        keys.append(("dob+initial", f"{dob.isoformat()}|{initial(forename)}"))
    if fold(surname) and fold(forename):
        keys.append(("name", f"{fold(surname)}|{fold(forename)}"))
    if postcode and sound(surname):
        keys.append(("sound+postcode", f"{sound(surname)}|{postcode.replace(' ', '').upper()}"))
    return tuple(keys)


def school_keys(school: str, who: Identity) -> tuple[EvidenceKey, ...]:
    """By which a school's own correction finds the earlier row."""
    name = f"{fold(who.surname)}|{fold(who.forename)}"
    return (("school+name", f"{school}|{name}"),) if name != "|" else ()


def row_key(row_id: str) -> EvidenceKey:
    """By which a row that came back finds what it was."""
    return ("row", row_id)
