"""Corrections: a row that is an earlier one put right.

1. Automatic by row id: the sender's own workbook came back, row by row.
2. Automatic by UPN: the same school, kind and verified number, with date of birth or surname still the same.
3. Automatic by a cumulative return that covers the earlier row's date, no longer has it, and has exactly one new row that
   differs in one of surname, forename and date of birth; and it is that row's only candidate.
4. A held row is put right by the only new row that agrees with everything it did say, one value at most excepted.
5. Anything less is a suggestion. Twins stay two: without a common number, another forename alone is another child.
6. A return is cumulative for the period it states, or else, when it repeats rows of an earlier return, from the first to the
   last date in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.domain.matching.names import fold
from gateway.domain.matching.verdicts import forenames_agree, surnames_alike
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.same_movement import verified_upn

SAME_EPISODE = timedelta(days=92)   # a term: the same child leaving the same school later than that has left it again
GONE = (MovementState.SUPERSEDED, MovementState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Correction:
    """This new row puts ``earlier`` right, or may do so."""

    earlier: Movement
    automatic: bool
    how: str                      # "row-id", "upn", "cumulative", "held", "likeness"
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that names no movement known so far."""

    index: int
    record: PupilRecord
    row_id: str | None = None


def find(new: Sequence[NewRow], gone: Sequence[Movement], covers: Callable[[date], bool],
         others: Sequence[Movement] = ()) -> dict[int, Correction]:
    """For each new row's index, the earlier movement it corrects. ``gone``: the school's movements that this return does not
    repeat; ``others``: all of the school's movements, to see whether the child came back in between."""
    found: dict[int, Correction] = {}
    taken: set[str] = set()
    for rule in (_by_row_id, _by_number, _of_held, _cumulative(covers, new, gone), _by_likeness):
        for row in new:
            if row.index in found:
                continue
            left = [m for m in gone if m.id not in taken and m.kind is row.record.movement and m.state not in GONE]
            correction = rule(row, left, others)
            if correction:
                found[row.index] = correction
                taken.add(correction.earlier.id)
    return found


def _by_row_id(row: NewRow, left: Sequence[Movement], others: Sequence[Movement]) -> Correction | None:
    hits = [m for m in left if row.row_id and row.row_id in (m.id, m.record.details.get("row_id"))]
    return Correction(hits[0], True, "row-id", ("the same row of the sender's own workbook",)) if len(hits) == 1 else None


def _by_number(row: NewRow, left: Sequence[Movement], others: Sequence[Movement]) -> Correction | None:
    number = verified_upn(row.record)
    hits = [m for m in left if number and verified_upn(m.record) == number and not _came_back(m, row.record, others)
            and _near(m.moved_on, row.record.movement_date)]
    if len(hits) != 1:
        return None
    old = hits[0].record
    born = old.dob == row.record.dob or old.dob is None
    agrees = born or surnames_alike(old.legal_surname, row.record.legal_surname) is not None
    twins = not forenames_agree(old.legal_forename, row.record.legal_forename)
    evidence = ("same school and UPN", "same date of birth" if born else "another date of birth")
    return Correction(hits[0], agrees and not twins, "upn", evidence)


def _of_held(row: NewRow, left: Sequence[Movement], others: Sequence[Movement]) -> Correction | None:
    hits = [m for m in left if m.held and not _contradicts(m.record, row.record) and len(_differences(m.record, row.record)) <= 1
            and _agreements(m.record, row.record) >= 2]
    evidence = ("a held row of this school says the same, but for what was wrong",)
    return Correction(hits[0], True, "held", evidence) if len(hits) == 1 else None


def _cumulative(covers: Callable[[date], bool], new: Sequence[NewRow],
                gone: Sequence[Movement]) -> Callable[[NewRow, Sequence[Movement], Sequence[Movement]], Correction | None]:
    def one_slip(m: Movement, record: PupilRecord) -> bool:
        return (m.kind is record.movement and not m.held and m.moved_on is not None and covers(m.moved_on)
                and not _contradicts(m.record, record) and len(differing := _differences(m.record, record)) == 1
                and differing != ["date"])

    def rule(row: NewRow, left: Sequence[Movement], others: Sequence[Movement]) -> Correction | None:
        hits = [m for m in left if one_slip(m, row.record)]
        if len(hits) != 1 or sum(one_slip(hits[0], other.record) for other in new) != 1:
            return None
        [differing] = _differences(hits[0].record, row.record)
        return Correction(hits[0], True, "cumulative", ("the later return covers the date and no longer has the earlier row",
                                                        f"one difference: {differing}"))
    return rule


def _by_likeness(row: NewRow, left: Sequence[Movement], others: Sequence[Movement]) -> Correction | None:
    hits = [m for m in left if not m.held and not _contradicts(m.record, row.record)
            and _near(m.moved_on, row.record.movement_date) and len(_differences(m.record, row.record)) == 1
            and forenames_agree(m.record.legal_forename, row.record.legal_forename)]
    if not hits:
        return None
    [differing] = _differences(hits[0].record, row.record)
    return Correction(hits[0], False, "likeness", ("same school and kind of movement", f"one difference: {differing}"))


def _differences(old: PupilRecord, new: PupilRecord) -> list[str]:
    """Names of the values that both give and that differ, and of those that only one gives."""
    pairs = (("surname", fold(old.legal_surname), fold(new.legal_surname)),
             ("forename", fold(old.legal_forename), fold(new.legal_forename)),
             ("date of birth", old.dob, new.dob), ("date", old.movement_date, new.movement_date))
    return [name for name, one, other in pairs if one != other]


def _agreements(old: PupilRecord, new: PupilRecord) -> int:
    pairs = ((fold(old.legal_surname), fold(new.legal_surname)), (fold(old.legal_forename), fold(new.legal_forename)),
             (old.dob, new.dob), (old.movement_date, new.movement_date), (old.upn, new.upn))
    return sum(bool(one) and one == other for one, other in pairs)


def _contradicts(old: PupilRecord, new: PupilRecord) -> bool:
    """Another verified number, or another sex: another child."""
    numbers = verified_upn(old), verified_upn(new)
    return (None not in numbers and numbers[0] != numbers[1]) or bool(old.sex and new.sex and old.sex != new.sex)


def _came_back(earlier: Movement, record: PupilRecord, others: Iterable[Movement]) -> bool:
    """Whether the same school reported the opposite movement of this child between the two dates."""
    if not earlier.moved_on or not record.movement_date:
        return False
    first, last = sorted((earlier.moved_on, record.movement_date))
    opposite = MovementKind.JOINER if record.movement is MovementKind.LEAVER else MovementKind.LEAVER
    return any(m.kind is opposite and m.child == earlier.child and m.moved_on and first < m.moved_on <= last for m in others)


def _near(one: date | None, other: date | None) -> bool:
    return not one or not other or abs(one - other) <= SAME_EPISODE
