"""The keys under which a child is found again. The store blinds them; equal text is the only thing it can see.

    upn                   the verified number
    dob+surname           date of birth and folded surname
    dob+initial           date of birth and the forename's first letter
    sound+postcode        how the surname sounds, and the home postcode
"""

from __future__ import annotations

from datetime import date

from gateway.domain.matching.child import EvidenceKey
from gateway.domain.matching.names import fold, initial
from gateway.domain.matching.sounds import sound


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
    if postcode and sound(surname):
        keys.append(("sound+postcode", f"{sound(surname)}|{postcode.replace(' ', '').upper()}"))
    return tuple(keys)
