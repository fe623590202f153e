"""Whose: the child that an id is about, whatever it names: child, case, movement, hand-over, referral, hold or match."""

from __future__ import annotations

from gateway.domain.matching.child import Child
from gateway.domain.returns.movement import Movement
from gateway.errors import UsageError
from gateway.pipeline.desk import Desk


def child_of(desk: Desk, id: str) -> tuple[Child, Movement | None]:
    """The child as known today, and the movement that the id names or rests on. UsageError: the id is about no child."""
    tx = desk.tx
    child: str | None = None
    movement: str | None = None
    match id[:1]:
        case "K":
            child = tx.children.get(id).id
        case "C":
            case_ = tx.cases.get(id)
            child, movement = case_.child, case_.movement
        case "M":
            found = tx.movements.get(id)
            child, movement = found.child, found.id
        case "V":
            handover = tx.handovers.get(id)
            child, movement = handover.child, handover.movement
        case "R":
            child = tx.referrals.get(id).child
        case "S":
            child = tx.suggestions.get(id).candidate
        case "H":
            child = tx.holds.get(id).child
    if child is None:
        raise UsageError(f"{id!r} is about no child", code="NO-SUCH-CHILD",
                         hint="Give the id of a child, case, movement, hand-over or referral; the lists show them.")
    root = desk.lay_out(child)
    return root, _standing(desk, root, movement)


def _standing(desk: Desk, child: Child, movement: str | None) -> Movement | None:
    """The movement as it stands today; without one that is named, the child's latest that stands."""
    found = desk.movements.find(movement)
    while found is not None and found.superseded_by:
        found = desk.movements.get(found.superseded_by)
    if found is not None:
        return found
    standing = [m for m in desk.movements_of(child.id) if m.superseded_by is None]
    return max(standing, key=lambda m: (m.moved_on is not None, m.moved_on, m.id), default=None)
