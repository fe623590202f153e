"""Match: which movement a row is, and which child it is about.

(1) The key says whether the row was sent before. In one file, two rows with one key and different UPNs are two children.
(2) New rows are held against movements of the same school that share evidence with them and that this return does not repeat:
    corrections (``domain/returns``).
(3) A row that is still new is held against known children by its evidence: certain, suggested, or none.
(4) A restricted child is linked to nothing, and a restricted row to no child.
(5) What is decided lies on the desk at once, so that the rows that follow find it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from gateway.domain.cases.case import CaseState
from gateway.domain.matching.child import Child
from gateway.domain.matching.keys import evidence_keys, row_key, school_keys
from gateway.domain.parcels.matched import Doubt, Matched, MatchedRow, Sent
from gateway.domain.parcels.parcel import Parcel
from gateway.domain.parcels.stages import Checked
from gateway.domain.returns.corrections import Correction, NewRow, find
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.same_movement import Key, completed, identity_of, movement_key, same_content, verified_upn
from gateway.pipeline.desk import Desk
from gateway.pipeline.identify import Found, Reading, candidates, find_children, identify, new_child, renewed
from gateway.pipeline.route.situation import DOUBTFUL

DOUBTS_OF_GROUND = ("GROUND-CONFLICT", "GROUND-NOT-UNDERSTOOD", "GROUND-OLD-LIST", "GROUND-NOT-YET", "GROUND-AGE")
Places = frozenset[tuple[str | None, int | None]]
WAITING = (MovementState.AWAITED, MovementState.OVERDUE, MovementState.PENDING, MovementState.HELD)


def match(desk: Desk, parcel: Parcel, checked: Checked) -> Matched:
    """Match every record of a parcel; new movements and children are put on the desk."""
    doubtful = frozenset((f.sheet, f.row) for f in checked.findings if f.code in DOUBTS_OF_GROUND)
    marked = frozenset((f.sheet, f.row) for f in checked.findings)
    rows = [_row(n, record, parcel, doubtful, marked) for n, record in enumerate(checked.records)]
    repeats = _known_movements(desk, rows)                                                  # (1)
    found = find_children(desk, [row for row in rows if row.known is None and not row.twice])
    _corrections(desk, rows, checked, found, repeats)                                       # (2)
    done = [_matched(desk, row, parcel, found) for row in rows if not row.twice]
    return Matched(parcel.id, checked, tuple(done))


def _row(index: int, record: PupilRecord, parcel: Parcel, doubtful: Places, marked: Places) -> Reading:
    school, place = record.school or parcel.sender, (record.sheet, record.row)
    who, own_id = identity_of(record), record.details.get("row_id")
    if place in doubtful:
        record = replace(record, details={**record.details, DOUBTFUL: True})
    # A row that goes back to its sender with a fault marked may return under its id.
    found_by = evidence_keys(who.upn, who.surname, who.forename, who.dob, who.postcode) + school_keys(school, who)
    keys = (*found_by, row_key(own_id)) if own_id and place in marked else found_by
    return Reading(index, record, school, movement_key(record, school, parcel.id), who, keys)


def _known_movements(desk: Desk, rows: Sequence[Reading]) -> bool:
    """Give each row the movement it repeats, in the version that stands. True when any row repeats an earlier return's."""
    groups: defaultdict[Key, list[Reading]] = defaultdict(list)
    for row in rows:
        groups[row.key].append(row)
    known = desk.tx.movements.by_key(groups)
    for base, same in groups.items():
        numbers = dict.fromkeys(row.identity.upn for row in same if row.identity.upn)
        if len(numbers) > 1:
            known |= _apart(desk, base, same, known.get(base))
    desk.movements.know(known.values())
    seen: set[Key] = set()
    for row in rows:
        row.twice = row.key in seen
        seen.add(row.key)
        row.known = None if row.twice else _standing(desk, known.get(row.key))
    desk.take_out(row.known.child for row in rows if row.known)
    return bool(known)


def _apart(desk: Desk, base: Key, same: Sequence[Reading], before: Movement | None) -> dict[Key, Movement]:
    """Rows of one name, date of birth and date, but different UPNs, are different children: their keys hold the number."""
    standing = _standing(desk, before)
    for row in same:
        if standing is None or verified_upn(standing.record) != row.identity.upn:
            row.key = (*base, row.identity.upn or "")
    return dict(desk.tx.movements.by_key([row.key for row in same]))


def _standing(desk: Desk, movement: Movement | None) -> Movement | None:
    while movement is not None and movement.superseded_by:
        movement = desk.movements.find(movement.superseded_by)
    return movement


def _corrections(desk: Desk, rows: Sequence[Reading], checked: Checked, found: Found, repeats: bool) -> None:
    repeated = {row.known.id for row in rows if row.known}
    for school in dict.fromkeys(row.school for row in rows):
        own = [row for row in rows if row.school == school and not row.twice]
        new = [row for row in own if row.known is None and not row.record.held]
        # Whatever a row may correct shares evidence with it: what else the school ever sent need not be looked at.
        near = dict.fromkeys(id for row in new for id in found.near(row.lookups))
        others = {m.id: m for id in near for m in desk.movements_of(id) if m.school == school}
        if not others:
            continue
        days = [row.record.movement_date for row in own if row.record.movement_date]
        period = checked.period or ((min(days), max(days)) if repeats and days else None)
        corrections = find([NewRow(row.index, row.record, row.record.details.get("row_id")) for row in new],
                           [m for m in others.values() if m.id not in repeated], _covering(period), list(others.values()))
        for row in new:
            row.correction = corrections.get(row.index)


def _covering(period: tuple[date, date] | None) -> Callable[[date], bool]:
    return lambda day: period is not None and period[0] <= day <= period[1]


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
    if not known.held:
        row.record = completed(row.record, known.record)
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
