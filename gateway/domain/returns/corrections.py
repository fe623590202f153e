"""Corrections: a row that is an earlier one put right.

1. Automatic by row id: the sender's own workbook came back, row by row.
2. Automatic by UPN: the same school, kind and verified number, with date of birth or surname still the same.
3. A held row is put right by the only new row that agrees with everything it did say, one value at most excepted.
4. Automatic by a cumulative return that covers the earlier row's date, no longer has it, and has exactly one new row that
   differs in one of surname, forename and date of birth; and it is that row's only candidate.
5. Anything less is a suggestion. Twins stay two: without a common number, another forename alone is another child.
6. A return is cumulative for the period it states, or else, when it repeats rows of an earlier return, from the first to the
   last date in it.

Earlier rows are found by index, so that the work grows with the return and not with what the school ever sent.
"""

from __future__ import annotations

from collections import defaultdict
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
PARTS = ("surname", "forename", "date of birth", "date")
Values = tuple[str, str, date | None, date | None]


@dataclass(frozen=True, slots=True)
class Correction:
    """This new row puts ``earlier`` right, or may do so."""

    earlier: Movement
    automatic: bool
    how: str                      # "row-id", "upn", "held", "cumulative", "likeness"
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
    earlier = _Earlier([m for m in gone if m.state not in GONE], new, covers, others)
    found: dict[int, Correction] = {}
    for rule in (earlier.by_row_id, earlier.by_number, earlier.of_held, earlier.by_cumulative_return, earlier.by_likeness):
        for row in new:
            correction = rule(row) if row.index not in found else None
            if correction:
                found[row.index] = correction
                earlier.taken.add(correction.earlier.id)
    return found


class _Earlier:
    """What the school sent before and does not repeat, by what it can be found by."""

    def __init__(self, gone: Sequence[Movement], new: Sequence[NewRow], covers: Callable[[date], bool],
                 others: Iterable[Movement]) -> None:
        self.taken: set[str] = set()
        self._covers = covers
        self._by_id: defaultdict[str, list[Movement]] = defaultdict(list)
        self._by_number: defaultdict[str, list[Movement]] = defaultdict(list)
        self._near: defaultdict[tuple[object, ...], list[Movement]] = defaultdict(list)
        self._new_near: defaultdict[tuple[object, ...], list[NewRow]] = defaultdict(list)
        self._by_child: defaultdict[str, list[Movement]] = defaultdict(list)
        for movement in gone:
            self._enter(movement)
        for row in new:
            for key in _all_but_one(row.record):
                self._new_near[key].append(row)
        for movement in others:
            self._by_child[movement.child].append(movement)

    def _enter(self, movement: Movement) -> None:
        self._by_id[movement.id].append(movement)
        if row_id := movement.record.details.get("row_id"):
            self._by_id[row_id].append(movement)
        if number := verified_upn(movement.record):
            self._by_number[number].append(movement)
        for key in _all_but_one(movement.record):
            self._near[key].append(movement)

    def _left(self, movements: Iterable[Movement], record: PupilRecord) -> list[Movement]:
        found = {m.id: m for m in movements if m.id not in self.taken and m.kind is record.movement}
        return list(found.values())

    def _one_off(self, record: PupilRecord) -> list[Movement]:
        """Those that differ in at most one of the four values, and are not contradicted."""
        near = (m for key in _all_but_one(record) for m in self._near.get(key, ()))
        return [m for m in self._left(near, record) if not _contradicts(m.record, record)]

    def by_row_id(self, row: NewRow) -> Correction | None:
        """(1)"""
        hits = self._left(self._by_id.get(row.row_id or "", ()), row.record)
        return Correction(hits[0], True, "row-id", ("the same row of the sender's own workbook",)) if len(hits) == 1 else None

    def by_number(self, row: NewRow) -> Correction | None:
        """(2)"""
        hits = [m for m in self._left(self._by_number.get(verified_upn(row.record) or "", ()), row.record)
                if _within_episode(m.moved_on, row.record.movement_date) and not self._came_back(m, row.record)]
        if len(hits) != 1:
            return None
        old = hits[0].record
        born = old.dob == row.record.dob or old.dob is None
        agrees = born or surnames_alike(old.legal_surname, row.record.legal_surname) is not None
        twins = not forenames_agree(old.legal_forename, row.record.legal_forename)
        evidence = ("same school and UPN", "same date of birth" if born else "another date of birth")
        return Correction(hits[0], agrees and not twins, "upn", evidence)

    def of_held(self, row: NewRow) -> Correction | None:
        """(3)"""
        hits = [m for m in self._one_off(row.record) if m.held and _agreements(m.record, row.record) >= 2]
        evidence = ("a held row of this school says the same, but for what was wrong",)
        return Correction(hits[0], True, "held", evidence) if len(hits) == 1 else None

    def by_cumulative_return(self, row: NewRow) -> Correction | None:
        """(4)"""
        hits = [m for m in self._one_off(row.record) if self._replaced(m, row.record)]
        if len(hits) != 1:
            return None
        rivals = {other.index for key in _all_but_one(hits[0].record) for other in self._new_near.get(key, ())
                  if other.record.movement is hits[0].kind and not _contradicts(hits[0].record, other.record)
                  and self._replaced(hits[0], other.record)}
        if rivals != {row.index}:
            return None
        evidence = ("the later return covers the date and no longer has the earlier row",
                    f"one difference: {_differences(hits[0].record, row.record)[0]}")
        return Correction(hits[0], True, "cumulative", evidence)

    def _replaced(self, movement: Movement, record: PupilRecord) -> bool:
        differing = _differences(movement.record, record)
        return (not movement.held and movement.moved_on is not None and self._covers(movement.moved_on)
                and len(differing) == 1 and differing != ["date"])

    def by_likeness(self, row: NewRow) -> Correction | None:
        """(5)"""
        hits = [m for m in self._one_off(row.record) if not m.held and _within_episode(m.moved_on, row.record.movement_date)
                and len(_differences(m.record, row.record)) == 1
                and forenames_agree(m.record.legal_forename, row.record.legal_forename)]
        if not hits:
            return None
        evidence = ("same school and kind of movement", f"one difference: {_differences(hits[0].record, row.record)[0]}")
        return Correction(hits[0], False, "likeness", evidence)

    def _came_back(self, earlier: Movement, record: PupilRecord) -> bool:
        """Whether the same school reported the opposite movement of this child between the two dates."""
        if not earlier.moved_on or not record.movement_date:
            return False
        first, last = sorted((earlier.moved_on, record.movement_date))
        opposite = MovementKind.JOINER if record.movement is MovementKind.LEAVER else MovementKind.LEAVER
        return any(m.kind is opposite and m.moved_on and first < m.moved_on <= last for m in self._by_child[earlier.child])


def _values(record: PupilRecord) -> Values:
    return fold(record.legal_surname), fold(record.legal_forename), record.dob, record.movement_date


def _all_but_one(record: PupilRecord) -> list[tuple[object, ...]]:
    """Four keys, each without one of the four values: what differs in one value shares a key."""
    values = _values(record)
    return [(n, *values[:n], *values[n + 1:]) for n in range(len(values))]


def _differences(old: PupilRecord, new: PupilRecord) -> list[str]:
    """Names of the values that differ, those included that only one gives."""
    return [name for name, one, other in zip(PARTS, _values(old), _values(new), strict=True) if one != other]


def _agreements(old: PupilRecord, new: PupilRecord) -> int:
    pairs = zip((*_values(old), old.upn), (*_values(new), new.upn), strict=True)
    return sum(bool(one) and one == other for one, other in pairs)


def _contradicts(old: PupilRecord, new: PupilRecord) -> bool:
    """Another verified number, or another sex: another child."""
    numbers = verified_upn(old), verified_upn(new)
    return (None not in numbers and numbers[0] != numbers[1]) or bool(old.sex and new.sex and old.sex != new.sex)


def _within_episode(one: date | None, other: date | None) -> bool:
    return not one or not other or abs(one - other) <= SAME_EPISODE
