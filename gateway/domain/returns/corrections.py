"""Corrections: a row that is an earlier one put right.

1. By row id: the sender's own workbook came back, row by row. Automatic where names and date of birth can be one child's; a row
   that holds another child now is a question.
2. Automatic by UPN: the same school, kind and verified number, with date of birth or surname still the same.
3. A held row is put right by the only row that agrees with everything it did say, one value at most excepted, in two of surname,
   forename, date of birth and UPN at least. Another surname altogether is a question.
4. Automatic by a cumulative return that covers the earlier row's date, no longer has it, and has exactly one new row that
   differs in one of surname, forename and date of birth; and it is that row's only candidate.
5. Anything less is a suggestion. Twins stay two: another forename is another child, unless the number is the same (then it is a
   question) or the two are one name typed twice.
6. A return is cumulative for the period it states, or else, when it repeats rows of an earlier return of that school, from the
   first to the last date that it has for the school.
7. A row that is held itself, or that repeats an earlier one, puts right held rows alone: a held row takes no good one's place.

Earlier rows are found by index, so that the work grows with the return and not with what the school ever sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.domain.matching.names import fold
from gateway.domain.matching.sounds import sound
from gateway.domain.matching.verdicts import dates_one_slip_apart, forenames_agree, surnames_alike
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.same_movement import two_numbers, verified_upn

SAME_EPISODE = timedelta(days=92)   # a term: the same child leaving the same school later than that has left it again
GONE = (MovementState.SUPERSEDED, MovementState.WITHDRAWN)
PARTS = ("surname", "forename", "date of birth", "date")
ENOUGH = 2                          # of surname, forename, date of birth and UPN: fewer are many children's
Values = tuple[str, str, date | None, date | None]


@dataclass(frozen=True, slots=True)
class Correction:
    """This row puts ``earlier`` right, or may do so. ``likely``: so much agrees that no second case opens meanwhile."""

    earlier: Movement
    automatic: bool
    how: str                      # "row-id", "upn", "held", "cumulative", "likeness"
    evidence: tuple[str, ...]
    likely: bool = True


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that names no movement known so far; or, with ``repeats``, one that does and may put held rows right as well."""

    index: int
    record: PupilRecord
    row_id: str | None = None
    repeats: bool = False

    @property
    def of_held_only(self) -> bool:
        """Whether it puts right held rows alone."""
        return self.repeats or self.record.held


def find(rows: Sequence[NewRow], gone: Sequence[Movement], covers: Callable[[date], bool],
         others: Sequence[Movement] = ()) -> dict[int, Correction]:
    """For each row's index, the earlier movement it corrects. ``gone``: the school's movements that this return does not
    repeat; ``others``: all of the school's movements, to see whether the child came back in between."""
    earlier = _Earlier([m for m in gone if m.state not in GONE], rows, covers, others)
    found: dict[int, Correction] = {}
    for rule in (earlier.by_row_id, earlier.by_number, earlier.of_held, earlier.by_cumulative_return, earlier.by_likeness):
        for row in rows:
            correction = rule(row) if row.index not in found else None
            if correction and (correction.automatic or not row.of_held_only):
                found[row.index] = correction
                earlier.taken.add(correction.earlier.id)
    return found


class _Earlier:
    """What the school sent before and does not repeat, by what it can be found by."""

    def __init__(self, gone: Sequence[Movement], rows: Sequence[NewRow], covers: Callable[[date], bool],
                 others: Iterable[Movement]) -> None:
        self.taken: set[str] = set()
        self._covers = covers
        self._by_id: defaultdict[str, list[Movement]] = defaultdict(list)
        self._by_number: defaultdict[str, list[Movement]] = defaultdict(list)
        self._near: defaultdict[tuple[object, ...], list[Movement]] = defaultdict(list)
        self._rows_near: defaultdict[tuple[object, ...], list[NewRow]] = defaultdict(list)
        self._by_child: defaultdict[str, list[Movement]] = defaultdict(list)
        for movement in gone:
            self._enter(movement)
        for row in rows:
            for key in _all_but_one(row.record):
                self._rows_near[key].append(row)
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

    def _left(self, movements: Iterable[Movement], row: NewRow) -> list[Movement]:
        found = {m.id: m for m in movements if m.id not in self.taken and m.kind is row.record.movement
                 and (m.held or not row.of_held_only)}
        return list(found.values())

    def _one_off(self, row: NewRow) -> list[Movement]:
        """Those that differ in at most one of the four values, and are not contradicted."""
        near = (m for key in _all_but_one(row.record) for m in self._near.get(key, ()))
        return [m for m in self._left(near, row) if not _contradicts(m.record, row.record)]

    def _only(self, row: NewRow, hits: Sequence[Movement], fits: Callable[[Movement, NewRow], bool]) -> Movement | None:
        """The one hit, when this is the only row that fits it."""
        if len(hits) != 1:
            return None
        near = {other.index: other for key in _all_but_one(hits[0].record) for other in self._rows_near.get(key, ())}
        rivals = [other.index for other in near.values() if other.record.movement is hits[0].kind
                  and not _contradicts(hits[0].record, other.record) and fits(hits[0], other)]
        return hits[0] if rivals == [row.index] else None

    def by_row_id(self, row: NewRow) -> Correction | None:
        """(1)"""
        hits = self._left(self._by_id.get(row.row_id or "", ()), row)
        if len(hits) != 1:
            return None
        agrees = _parts_that_can_be_one(hits[0].record, row.record)
        one = all(agrees) and not _contradicts(hits[0].record, row.record)
        evidence = ("the same row of the sender's own workbook", *(() if one else ("it may hold another child now",)))
        return Correction(hits[0], one, "row-id", evidence, likely=sum(agrees) >= ENOUGH)

    def by_number(self, row: NewRow) -> Correction | None:
        """(2)"""
        hits = [m for m in self._left(self._by_number.get(verified_upn(row.record) or "", ()), row)
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
        hit = self._only(row, [m for m in self._one_off(row) if _says_the_same(m, row)], _says_the_same)
        if hit is None:
            return None
        names = hit.record.legal_surname, row.record.legal_surname
        alike = not all(map(fold, names)) or surnames_alike(*names) is not None
        return Correction(hit, alike, "held", ("a held row of this school says the same, but for what was wrong",))

    def by_cumulative_return(self, row: NewRow) -> Correction | None:
        """(4)"""
        hit = self._only(row, [m for m in self._one_off(row) if self._replaced(m, row)], self._replaced)
        if hit is None:
            return None
        evidence = ("the later return covers the date and no longer has the earlier row",
                    f"one difference: {_differences(hit.record, row.record)[0]}")
        return Correction(hit, True, "cumulative", evidence)

    def _replaced(self, movement: Movement, row: NewRow) -> bool:
        differing = _differences(movement.record, row.record)
        return (not movement.held and not row.of_held_only and movement.moved_on is not None and self._covers(movement.moved_on)
                and len(differing) == 1 and differing != ["date"]
                and forenames_agree(movement.record.legal_forename, row.record.legal_forename))

    def by_likeness(self, row: NewRow) -> Correction | None:
        """(5)"""
        hits = [m for m in self._one_off(row) if not m.held and _within_episode(m.moved_on, row.record.movement_date)
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


def _says_the_same(held: Movement, row: NewRow) -> bool:
    """Whether a row agrees with a held one in enough to be its child's, and in no forename contradicts it."""
    old, new = held.record, row.record
    pairs = ((fold(old.legal_surname), fold(new.legal_surname)), (fold(old.legal_forename), fold(new.legal_forename)),
             (old.dob, new.dob), (old.upn, new.upn))
    agreements = sum(bool(one) and one == other for one, other in pairs)
    return held.held and agreements >= ENOUGH and forenames_agree(old.legal_forename, new.legal_forename)


def _values(record: PupilRecord) -> Values:
    return fold(record.legal_surname), fold(record.legal_forename), record.dob, record.movement_date


def _all_but_one(record: PupilRecord) -> list[tuple[object, ...]]:
    """Four keys, each without one of the four values: what differs in one value shares a key."""
    values = _values(record)
    return [(n, *values[:n], *values[n + 1:]) for n in range(len(values))]


def _differences(old: PupilRecord, new: PupilRecord) -> list[str]:
    """Names of the values that differ, those included that only one gives."""
    return [name for name, one, other in zip(PARTS, _values(old), _values(new), strict=True) if one != other]


def _parts_that_can_be_one(old: PupilRecord, new: PupilRecord) -> tuple[bool, bool, bool]:
    """Of surname, forename and date of birth: whether both can be one typed twice, or one is not given."""
    surnames, forenames = (old.legal_surname, new.legal_surname), (old.legal_forename, new.legal_forename)
    return (not all(map(fold, surnames)) or surnames_alike(*surnames) is not None,
            forenames_agree(*forenames) or sound(forenames[0]) == sound(forenames[1]) != "",
            not old.dob or not new.dob or old.dob == new.dob or dates_one_slip_apart(old.dob, new.dob))


def _contradicts(old: PupilRecord, new: PupilRecord) -> bool:
    """Another verified number, or another sex: another child."""
    return two_numbers(old, new) or bool(old.sex and new.sex and old.sex != new.sex)


def _within_episode(one: date | None, other: date | None) -> bool:
    return not one or not other or abs(one - other) <= SAME_EPISODE
