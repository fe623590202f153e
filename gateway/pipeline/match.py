"""Match: which movement a row is, and which child it is about.

(1) Rows of one file about one movement are one (``domain/returns/rows_of_a_file``).
(2) The key says whether a row was sent before (``known``).
(3) New rows are held against movements of the same school that share evidence with them and that this return does not repeat;
    all good rows against held ones that wait: corrections (``domain/returns/corrections``).
(4) A row that is still new is held against known children by its evidence: certain, suggested, or none.
(5) A restricted child is linked to nothing, and a restricted row to no child. What protects a child is heard from every row.
(6) What is decided lies on the desk at once, so that the rows that follow find it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from gateway.domain.cases.case import CaseState
from gateway.domain.matching.keys import evidence_keys, row_key, school_keys
from gateway.domain.parcels.matched import Doubt, Matched, MatchedRow, Sent
from gateway.domain.parcels.parcel import Parcel
from gateway.domain.parcels.stages import Checked
from gateway.domain.returns.corrections import SAME_EPISODE, Correction, NewRow, find
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import GROUND_DOUBTFUL, MovementKind, PupilRecord
from gateway.domain.returns.rows_of_a_file import Gathered, gather
from gateway.domain.returns.same_movement import completed, identity_of, movement_key, same_content
from gateway.pipeline.desk import Desk
from gateway.pipeline.identify import Found, Reading, candidates, find_children, identify, new_child, protected, renewed
from gateway.pipeline.known import find_known

DOUBTS_OF_GROUND = ("GROUND-CONFLICT", "GROUND-NOT-UNDERSTOOD", "GROUND-OLD-LIST", "GROUND-NOT-YET", "GROUND-AGE")
Places = frozenset[tuple[str | None, int | None]]
WAITING = (MovementState.AWAITED, MovementState.OVERDUE, MovementState.PENDING, MovementState.HELD)


def match(desk: Desk, parcel: Parcel, checked: Checked) -> Matched:
    """Match every record of a parcel; new movements and children are put on the desk."""
    doubtful = frozenset((f.sheet, f.row) for f in checked.findings if f.code in DOUBTS_OF_GROUND)
    marked = frozenset((f.sheet, f.row) for f in checked.findings)
    records = (_doubted(record, doubtful) for record in checked.records)
    movements = gather((movement_key(record, record.school or parcel.sender, parcel.id), record) for record in records)   # (1)
    rows = [_reading(n, gathered, marked) for n, gathered in enumerate(movements)]
    find_known(desk, rows, parcel)                                                          # (2)
    found = find_children(desk, [row for row in rows if row.known is None])
    _corrections(desk, rows, checked, found, parcel)                                        # (3)
    return Matched(parcel.id, checked, tuple(_matched(desk, row, parcel, found) for row in rows))


def _doubted(record: PupilRecord, doubtful: Places) -> PupilRecord:
    if (record.sheet, record.row) in doubtful:
        return replace(record, details={**record.details, GROUND_DOUBTFUL: True})
    return record


def _reading(index: int, one: Gathered, marked: Places) -> Reading:
    record, school = one.record, one.base[0]
    who, own_id = identity_of(record), record.details.get("row_id")
    # A row that goes back to its sender with a fault marked may return under its id.
    keys = evidence_keys(who.upn, who.surname, who.forename, who.dob, who.postcode) + school_keys(school, who)
    if own_id and any((row.sheet, row.row) in marked for row in one.others or (record,)):
        keys = (*keys, row_key(own_id))
    return Reading(index, record, school, one, one.key, who, keys)


def _corrections(desk: Desk, rows: Sequence[Reading], checked: Checked, found: Found, parcel: Parcel) -> None:
    repeated = {m.id for row in rows for m in (row.known, row.beside) if m}
    for school in dict.fromkeys(row.school for row in rows):
        own = [row for row in rows if row.school == school]
        new = [row for row in own if row.known is None]
        waiting = _waiting(desk, school, own, repeated)
        again = [row for row in own if row.known and not row.record.held and not row.late] if waiting else []
        # Whatever a row may correct shares evidence with it: what else the school ever sent need not be looked at.
        near = dict.fromkeys(id for row in new for id in found.near(row.lookups))
        others = {m.id: m for id in near for m in desk.movements_of(id) if m.school == school}
        others |= {m.id: m for m in waiting}
        earlier = [m for m in others.values() if m.id not in repeated and m.parcel <= parcel.id]
        if not earlier:
            continue
        period = checked.period or _dates_of(own)
        corrections = find([*map(_new_row, new), *(replace(_new_row(row), repeats=True) for row in again)], earlier,
                           _covering(period), list(others.values()))
        for row in (*new, *again):
            row.correction = corrections.get(row.index)


def _waiting(desk: Desk, school: str, own: Sequence[Reading], repeated: set[str]) -> list[Movement]:
    """Held rows of the school that wait and are not sent again here: mostly none, which costs no more than counting."""
    since = desk.now - SAME_EPISODE
    again = sum(row.known is not None and row.known.state is MovementState.HELD and (row.known.noted_at or since) >= since
                for row in own)
    asked: dict[str, Any] = {"school": school, "state": MovementState.HELD, "noted_at__since": since}
    if desk.tx.movements.count(**asked) <= again:
        return []
    return [m for m in desk.tx.movements.where(**asked) if m.id not in repeated]


def _new_row(row: Reading) -> NewRow:
    return NewRow(row.index, row.record, row.record.details.get("row_id"))


def _dates_of(rows: Sequence[Reading]) -> tuple[date, date] | None:
    """What a school's rows cover when they repeat any of an earlier return's."""
    days = [row.record.movement_date for row in rows if row.record.movement_date]
    return (min(days), max(days)) if days and any(row.known for row in rows) else None


def _covering(period: tuple[date, date] | None) -> Callable[[date], bool]:
    return lambda day: period is not None and period[0] <= day <= period[1]


def _matched(desk: Desk, row: Reading, parcel: Parcel, found: Found) -> MatchedRow:
    made = _decided(desk, row, parcel, found)
    return replace(made, others=row.gathered.others, differ=row.gathered.differ) if row.gathered.others else made


def _decided(desk: Desk, row: Reading, parcel: Parcel, found: Found) -> MatchedRow:
    if row.known is not None:
        return _repeated(desk, row, parcel, row.known)
    if row.correction is not None and row.correction.automatic:
        return _corrected(desk, row, parcel, row.correction, found)
    if row.beside is not None:
        child = protected(desk, desk.lay_out(row.beside.child), row.record)
        return MatchedRow(row.record, Sent.NEW, _movement(desk, row, parcel, row.beside.child), child)
    return _new(desk, row, parcel, found)


def _new(desk: Desk, row: Reading, parcel: Parcel, found: Found) -> MatchedRow:
    child, doubts = identify(desk, row, found)
    waits = row.correction is not None and row.correction.likely
    pending = waits or _waits_for_answer(desk, row, doubts)
    if row.correction is not None:
        candidate = desk.lay_out(row.correction.earlier.child)
        if candidate.id != child.id:
            doubts = (Doubt(candidate.id, row.correction.evidence), *(d for d in doubts if d.candidate != candidate.id))
    pending = pending and bool(doubts) and not row.record.held
    movement = _movement(desk, row, parcel, child.id, MovementState.PENDING if pending else MovementState.NOTED)
    return MatchedRow(row.record, Sent.PERHAPS if pending else Sent.NEW, movement, child, doubts=doubts)


def _waits_for_answer(desk: Desk, row: Reading, doubts: Sequence[Doubt]) -> bool:
    """A leaver that may be a child who has an open case or is awaited opens no second case meanwhile."""
    if row.record.movement is MovementKind.JOINER:
        return False
    for doubt in doubts:
        case = desk.case_of(doubt.candidate)
        if case is not None and case.state is not CaseState.HELD_UNRESOLVED:
            return True
        if any(m.kind is MovementKind.LEAVER and m.state in WAITING for m in desk.movements_of(doubt.candidate)):
            return True
    return False


def _repeated(desk: Desk, row: Reading, parcel: Parcel, known: Movement) -> MatchedRow:
    child = protected(desk, desk.lay_out(known.child), row.record)
    right = (row.correction,) if row.correction is not None else ()
    if row.late or known.key != row.key or same_content(known.record, row.record):
        return MatchedRow(row.record, Sent.REPEATED, known, child, put_right=right)
    child = renewed(desk, child, row)
    if known.child != child.id:
        renewed(desk, desk.children.get(known.child), row)
    # The key moves on to the version that stands; the earlier one keeps a mark of it.
    freed = desk.movements.change(replace(known, key=(*known.key, known.id)))
    movement = _movement(desk, row, parcel, known.child)
    if known.state is MovementState.WITHDRAWN:
        return MatchedRow(row.record, Sent.NEW, movement, child)
    return MatchedRow(row.record, Sent.CORRECTED, movement, child, earlier=freed, how="same-movement",
                      evidence=("the same movement, sent again with other content",), put_right=right)


def _corrected(desk: Desk, row: Reading, parcel: Parcel, correction: Correction, found: Found) -> MatchedRow:
    earlier = desk.movements.get(correction.earlier.id)
    child = desk.lay_out(earlier.child)
    if not earlier.held:
        row.record = completed(row.record, earlier.record)      # silence takes nothing back here either
    known, doubts = candidates(desk, row, found)
    if earlier.held and known is not None and known.id != child.id:
        record = child = renewed(desk, known, row)        # what the held row did not tell: it is a child known otherwise
    else:
        child = renewed(desk, child, row)
        found.put(child)
        # The corrected row keeps a record of its own beside the child's, so that undoing the correction loses nothing.
        record = desk.children.add(new_child(desk, row, same_as=earlier.child))
    movement = _movement(desk, row, parcel, record.id)
    return MatchedRow(row.record, Sent.CORRECTED, movement, child, earlier, correction.how, correction.evidence,
                      tuple(doubt for doubt in doubts if doubt.candidate != child.id))


def _movement(desk: Desk, row: Reading, parcel: Parcel, child: str, state: MovementState = MovementState.NOTED) -> Movement:
    record = row.record
    return desk.movements.add(Movement(
        id=desk.ports.ids.new("M"), parcel=parcel.id, child=child, kind=record.movement, school=row.school,
        moved_on=record.movement_date, key=row.key, record=record, state=MovementState.HELD if record.held else state,
        held=record.held, noted_at=desk.now))
