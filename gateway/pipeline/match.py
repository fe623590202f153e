"""Match: which movement a row is, and which child it is about.

(1) The key says whether the row was sent before. In one file, two rows with one key and different UPNs are two children.
(2) New rows are held against the school's movements that this return does not repeat: corrections (``domain/returns``).
(3) A row that is still new is held against known children by its evidence keys: certain, suggested, or none.
(4) A restricted child is linked to nothing, and a restricted row to no child.
(5) What is decided lies on the desk at once, so that the rows that follow find it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from gateway.domain.cases.case import CaseState
from gateway.domain.matching.child import Child
from gateway.domain.matching.keys import evidence_keys
from gateway.domain.parcels.matched import Doubt, Matched, MatchedRow, Sent
from gateway.domain.parcels.parcel import Parcel
from gateway.domain.parcels.stages import Checked
from gateway.domain.returns.corrections import GONE, SAME_EPISODE, Correction, NewRow, find
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.same_movement import Key, identity_of, movement_key, same_content
from gateway.pipeline.desk import Desk
from gateway.pipeline.identify import Found, Reading, candidates, find_children, identify, new_child, renewed
from gateway.pipeline.route.situation import DOUBTFUL

DOUBTS_OF_GROUND = ("GROUND-CONFLICT", "GROUND-NOT-UNDERSTOOD", "GROUND-OLD-LIST", "GROUND-NOT-YET", "GROUND-AGE")
WAITING = (MovementState.AWAITED, MovementState.OVERDUE, MovementState.PENDING, MovementState.HELD)


def match(desk: Desk, parcel: Parcel, checked: Checked) -> Matched:
    """Match every record of a parcel; new movements and children are put on the desk."""
    queried = frozenset((f.sheet, f.row) for f in checked.findings
                        if f.code in DOUBTS_OF_GROUND and f.row is not None)
    rows = [_row(n, record, parcel, queried) for n, record in enumerate(checked.records)]
    repeats = _known_movements(desk, rows)                                                  # (1)
    _corrections(desk, rows, checked, repeats)                                              # (2)
    found = find_children(desk, [row for row in rows if row.known is None and not row.twice])
    done = [_matched(desk, row, parcel, found) for row in rows if not row.twice]
    return Matched(parcel.id, checked, tuple(done))


def _row(index: int, record: PupilRecord, parcel: Parcel, queried: frozenset[tuple[str | None, int]]) -> Reading:
    school = record.school or parcel.sender
    who = identity_of(record)
    if (record.sheet, record.row) in queried:
        record = replace(record, details={**record.details, DOUBTFUL: True})
    keys = evidence_keys(who.upn, who.surname, who.forename, who.dob, who.postcode)
    return Reading(index, record, school, movement_key(record, school, parcel.id), who, keys)


def _known_movements(desk: Desk, rows: Sequence[Reading]) -> bool:
    """Give each row the movement it repeats, in the version that stands. True when any row repeats an earlier return's."""
    seen: dict[Key, Reading] = {}
    for row in rows:
        first = seen.setdefault(row.key, row)
        if first is row:
            continue
        numbers = first.identity.upn, row.identity.upn
        if None not in numbers and numbers[0] != numbers[1]:
            row.key = (*row.key, row.identity.upn or "")
            seen[row.key] = row
        else:
            row.twice = True
    known = desk.tx.movements.by_key([row.key for row in rows if not row.twice])
    desk.movements.know(known.values())
    for row in rows:
        row.known = None if row.twice else _standing(desk, known.get(row.key))
    desk.take_out(row.known.child for row in rows if row.known)
    return bool(known)


def _standing(desk: Desk, movement: Movement | None) -> Movement | None:
    while movement is not None and movement.superseded_by:
        movement = desk.movements.find(movement.superseded_by)
    return movement


def _corrections(desk: Desk, rows: Sequence[Reading], checked: Checked, repeats: bool) -> None:
    repeated = {row.known.id for row in rows if row.known}
    for school in dict.fromkeys(row.school for row in rows):
        own = [row for row in rows if row.school == school and not row.twice]
        new = [NewRow(row.index, row.record, row.record.details.get("row_id")) for row in own
               if row.known is None and not row.record.held]
        if not new:
            continue
        days = [row.record.movement_date for row in own if row.record.movement_date]
        all_of_school = _of_school(desk, school, min(days) if days else None)
        gone = [m for m in all_of_school if m.id not in repeated and m.state not in GONE]
        period = checked.period or ((min(days), max(days)) if repeats and days else None)
        found = find(new, gone, lambda day, p=period: p is not None and p[0] <= day <= p[1],    # type: ignore[misc]
                     all_of_school)
        for row in own:
            row.correction = found.get(row.index)
    desk.take_out(row.correction.earlier.child for row in rows if row.correction)


def _of_school(desk: Desk, school: str, first: date | None) -> list[Movement]:
    dated = desk.tx.movements.from_school(school, first - SAME_EPISODE if first else None)
    held = desk.tx.movements.where(school=school, state=MovementState.HELD)
    desk.movements.know((*dated, *held))
    return list({m.id: m for m in (*dated, *held)}.values())


def _matched(desk: Desk, row: Reading, parcel: Parcel, found: Found) -> MatchedRow:
    if row.known is not None:
        return _repeated(desk, row, parcel, row.known)
    if row.correction is not None and row.correction.automatic:
        return _corrected(desk, row, parcel, row.correction, found)
    child, doubts = identify(desk, row, found)
    if row.correction is not None:
        candidate = desk.lay_out(row.correction.earlier.child)
        if candidate.id != child.id:
            doubts = (Doubt(candidate.id, row.correction.evidence), *(d for d in doubts if d.candidate != candidate.id))
    pending = bool(doubts) and not row.record.held and (row.correction is not None or _waits_for_answer(desk, row, doubts))
    movement = _movement(desk, row, parcel, child, MovementState.PENDING if pending else MovementState.NOTED)
    return MatchedRow(row.record, Sent.PERHAPS if pending else Sent.NEW, movement, child,
                      earlier=row.correction.earlier if row.correction else None, doubts=doubts)


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
    child = desk.lay_out(known.child)
    old_version = known.key != row.key
    if old_version or same_content(known.record, row.record) or known.state is MovementState.WITHDRAWN:
        return MatchedRow(row.record, Sent.REPEATED, known, child)
    child = renewed(desk, child, row)
    # The key moves on to the version that stands; the earlier one keeps a mark of it.
    freed = desk.movements.change(replace(known, key=(*known.key, known.id)))
    movement = _movement(desk, row, parcel, child, MovementState.NOTED)
    return MatchedRow(row.record, Sent.CORRECTED, movement, child, earlier=freed, how="same-movement",
                      evidence=("the same movement, sent again with other content",))


def _corrected(desk: Desk, row: Reading, parcel: Parcel, correction: Correction, found: Found) -> MatchedRow:
    earlier = desk.movements.get(correction.earlier.id)
    child = desk.lay_out(earlier.child)
    if earlier.held:
        known, _ = candidates(desk, row, found)
        child = known or child
    child = renewed(desk, child, row)
    found.put(child)
    # The corrected row keeps a record of its own beside the child's, so that undoing the correction loses nothing.
    own = desk.children.add(new_child(desk, row, same_as=child.id))
    movement = _movement(desk, row, parcel, own, MovementState.NOTED)
    return MatchedRow(row.record, Sent.CORRECTED, movement, child, earlier, correction.how, correction.evidence)


def _movement(desk: Desk, row: Reading, parcel: Parcel, child: Child, state: MovementState) -> Movement:
    record = row.record
    return desk.movements.add(Movement(
        id=desk.ports.ids.new("M"), parcel=parcel.id, child=child.id, kind=record.movement, school=row.school,
        moved_on=record.movement_date, key=row.key, record=record, state=MovementState.HELD if record.held else state,
        held=record.held, noted_at=desk.now))
