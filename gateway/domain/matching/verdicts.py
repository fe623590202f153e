"""Whether two records are one child: certain, suggested, or no.

1. Certain: the same verified UPN, the same date of birth and the same surname, and forenames that do not contradict.
2. Anything less is at most a suggestion to a person, with the evidence as sentences without values.
3. The same UPN with another date of birth or surname is a conflict: a suggestion, never a merge.
4. Twins stay two: same surname, same date of birth, another forename is no evidence at all, unless the UPN is the same.
5. Two different verified UPNs speak against; then only the same full name and date of birth still make a suggestion.
6. What nothing but a likeness of names connects is no suggestion: records are found by what they share (``keys``), and a verdict
   must not depend on what else led from one to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.domain.matching.child import Child
from gateway.domain.matching.likeness import typed_alike
from gateway.domain.matching.names import bare, fold, initial, parts
from gateway.domain.matching.sounds import sound


class Verdict(StrEnum):
    """The strength of the evidence."""

    CERTAIN = "certain"
    SUGGESTED = "suggested"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a record says of who a child is. ``upn`` only when verified."""

    surname: str | None
    forename: str | None
    dob: date | None
    upn: str | None
    postcode: str | None = None

    @classmethod
    def of(cls, child: Child) -> Identity:
        """What the store knows of a child."""
        return cls(child.legal_surname, child.legal_forename, child.dob, child.upn, child.postcode)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict and why."""

    verdict: Verdict
    evidence: tuple[str, ...] = ()


SHORT = 4   # Tia and Mia, Jon and Ron are twins more often than slips of the keyboard

_NOTHING = Comparison(Verdict.NONE)


def compare(one: Identity, other: Identity) -> Comparison:
    """Judge two records."""
    if one.upn and one.upn == other.upn:
        return _same_number(one, other)
    if not one.dob or not other.dob:
        return _NOTHING
    if one.dob == other.dob:
        return _same_birthday(one, other)
    return _near_birthday(one, other)


def forenames_agree(one: str | None, other: str | None) -> bool:
    """Whether two forenames can be one: equal, one slip apart, one the beginning of the other, or one not given."""
    a, b = fold(one), fold(other)
    if not a or not b:
        return True
    slip = typed_alike(a, b) and (a[0] == b[0] or min(len(a), len(b)) > SHORT)
    return slip or a.startswith(b) or b.startswith(a) or bool(parts(one) & parts(other))


def surnames_alike(one: str | None, other: str | None) -> str | None:
    """A sentence when two surnames may be one, else None."""
    a, b = fold(one), fold(other)
    if not a or not b:
        return None
    if a == b:
        return "same surname"
    if bare(one) == bare(other):
        return "same surname but for a particle"
    if typed_alike(a, b):
        return "surnames one or two letters apart"
    if parts(one) & parts(other):
        return "surnames share a part"
    if sound(one) and sound(one) == sound(other):
        return "surnames sound alike"
    return None


def _same_number(one: Identity, other: Identity) -> Comparison:
    same_name = bool(fold(one.surname)) and fold(one.surname) == fold(other.surname)
    same_day = one.dob is not None and one.dob == other.dob
    if same_name and same_day and forenames_agree(one.forename, other.forename):
        return Comparison(Verdict.CERTAIN, ("same verified UPN", "same date of birth", "same surname"))
    evidence = ["same verified UPN"]
    evidence.append("same date of birth" if same_day else "another date of birth, or none")
    evidence.append("same surname" if same_name else "another surname, or none")
    if not forenames_agree(one.forename, other.forename):
        evidence.append("another forename: twins may have been given one number")
    return Comparison(Verdict.SUGGESTED, tuple(evidence))


def _same_birthday(one: Identity, other: Identity) -> Comparison:
    alike = surnames_alike(one.surname, other.surname)
    if fold(one.forename) and fold(other.forename) and not forenames_agree(one.forename, other.forename):
        return _NOTHING                       # twins, or strangers
    same_forename = bool(fold(one.forename)) and fold(one.forename) == fold(other.forename)
    if one.upn and other.upn and not (alike == "same surname" and same_forename):
        return _NOTHING
    if alike != "same surname" and not _would_be_found(one, other):
        return _NOTHING
    evidence = ["same date of birth"]
    if alike:
        evidence.append(alike)
    elif not (same_forename and _same_postcode(one, other)):
        return _NOTHING
    evidence.append("same forename" if same_forename else "forenames may be one")
    if _same_postcode(one, other):
        evidence.append("same home postcode")
    evidence.append("different UPNs" if one.upn and other.upn else "no common UPN")
    return Comparison(Verdict.SUGGESTED, tuple(evidence))


def _would_be_found(one: Identity, other: Identity) -> bool:
    """Whether two records with one date of birth and different surnames share a key."""
    same_initial = bool(initial(one.forename)) and initial(one.forename) == initial(other.forename)
    same_sound = bool(sound(one.surname)) and sound(one.surname) == sound(other.surname)
    return same_initial or (same_sound and _same_postcode(one, other))


def _near_birthday(one: Identity, other: Identity) -> Comparison:
    assert one.dob and other.dob  # noqa: S101 - for the type checker: the caller looked
    same = bool(fold(one.surname)) and fold(one.surname) == fold(other.surname) and fold(one.forename) == fold(other.forename)
    both = bool(one.upn and other.upn)
    if not same or both or not fold(one.forename) or not dates_one_slip_apart(one.dob, other.dob):
        return _NOTHING
    evidence = ("same full name", "dates of birth one slip apart")
    return Comparison(Verdict.SUGGESTED, (*evidence, "same home postcode") if _same_postcode(one, other) else evidence)


def dates_one_slip_apart(one: date, other: date) -> bool:
    """Day and month swapped, or one of day, month and year different by a digit."""
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return True
    return sum(a != b for a, b in zip(one.strftime("%Y%m%d"), other.strftime("%Y%m%d"), strict=True)) == 1


def _same_postcode(one: Identity, other: Identity) -> bool:
    return bool(one.postcode) and (one.postcode or "").replace(" ", "") == (other.postcode or "").replace(" ", "")
