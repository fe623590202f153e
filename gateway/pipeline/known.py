"""Known: which movement of the store a row is, by its key.

1. Two different UPNs are two children under one name, date of birth and date, in one file or in two: the second one's key holds
   its number. A row without a number is the one that the store knows without, or of its own beside several numbers.
2. The version that stands is what a row repeats; an older version sent again changes nothing.
3. What was received later stands. A parcel that is read after one that came later (again, or out of turn) changes nothing of it.
4. A held row takes no good row's place: it waits beside it, until a good one puts it right. One that a person let stand as it is
   is the same row again.
5. A row that a person withdrew is the same row again only where it says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gateway.domain.parcels.parcel import Parcel
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.rows_of_a_file import NO_NUMBER
from gateway.domain.returns.same_movement import Key, completed, is_whole, same_content, two_numbers, verified_upn
from gateway.pipeline.desk import Desk
from gateway.pipeline.identify import Reading

BESIDE = "held"         # stands in a key behind that of the good row whose place a held one does not take
Known = dict[Key, Movement]


def find_known(desk: Desk, rows: Sequence[Reading], parcel: Parcel) -> None:
    """Give each row its final key and the movement that it repeats, in the version that stands."""
    known = _ask(desk, (key for row in rows for key in (row.gathered.base, row.key)))
    numbered = [row for row in rows if _is_of_another_number(desk, row, known)]                 # (1)
    if numbered:
        known |= _ask(desk, [_own_key(row) for row in numbered])
    for row in numbered:
        row.key = _key(desk, row, known)
    for row in rows:
        row.known = desk.standing(known.get(row.key))                                           # (2)
    desk.take_out(row.known.child for row in rows if row.known)
    held = [row for row in rows if row.known and not _repeats(row, parcel)]                     # (3) (4)
    if held:
        _beside(desk, held, _ask(desk, [(*row.key, BESIDE) for row in held]), parcel)


def _ask(desk: Desk, keys: Iterable[Key]) -> Known:
    found = desk.tx.movements.by_key(dict.fromkeys(keys))
    desk.movements.know(found.values())
    return {key: desk.movements.get(movement.id) for key, movement in found.items()}


def _is_of_another_number(desk: Desk, row: Reading, known: Known) -> bool:
    if not is_whole(row.gathered.base):
        return False
    standing = desk.standing(known.get(row.gathered.base))
    if row.identity.upn is None:
        return row.gathered.one_of_several
    if standing is None or standing.record.upn == row.identity.upn:
        return False
    return verified_upn(standing.record) != row.identity.upn


def _own_key(row: Reading) -> Key:
    return (*row.gathered.base, row.identity.upn or NO_NUMBER)


def _key(desk: Desk, row: Reading, known: Known) -> Key:
    own, base = _own_key(row), row.gathered.base
    standing = desk.standing(known.get(base))
    theirs = verified_upn(standing.record) if standing is not None else None
    if row.identity.upn is None:
        return base if standing is not None and theirs is None else own
    if own in known or (theirs is None and row.gathered.one_of_several):
        return own
    return own if standing is not None and two_numbers(standing.record, row.record) else base


def _repeats(row: Reading, parcel: Parcel) -> bool:
    """Whether the row is its known movement again, in whichever version; False for a held row beside a good one."""
    known = row.known
    assert known is not None  # noqa: S101 - the caller looked
    row.late = known.parcel > parcel.id                                                         # (3)
    withdrawn = known.state is MovementState.WITHDRAWN
    if row.late or known.held or withdrawn or not row.record.held:
        if not known.held and not withdrawn:
            row.record = completed(row.record, known.record)
        return True
    said = replace(row.record, held=False)
    if same_content(said, known.record) or known.key != row.key:                                # let stand as it is
        row.record = said
        return True
    return False


def _beside(desk: Desk, rows: Sequence[Reading], known: Known, parcel: Parcel) -> None:
    """Held rows that wait beside the good row of their key: those already waiting, and new ones."""
    for row in rows:
        row.beside, row.key = row.known, (*row.key, BESIDE)
        before = known.get(row.key)
        row.known = desk.standing(before)
        put_right = before is not None and row.known is not None and row.known.id != before.id
        if before is not None and put_right and not same_content(before.record, row.record):
            desk.movements.change(replace(before, key=(*before.key, before.id)))
            row.known = None
        row.late = row.known is not None and row.known.parcel > parcel.id
