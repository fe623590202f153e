"""Whom and what a message is about: the case, its child, and the particulars that may travel.

1. Particulars come from the row on which the case rests, else from what a person told on opening it, else from what another
   authority asked about this child: so that a case of any origin can be referred.
2. A child that died is written about nowhere, whichever of its rows says so.
"""

from __future__ import annotations

from gateway.domain.cases.case import Case
from gateway.domain.matching.child import Child, root_of
from gateway.domain.referrals.asked import record_of
from gateway.domain.referrals.minimal import says_died
from gateway.domain.referrals.referral import Direction
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import PupilRecord
from gateway.pipeline.desk import Desk
from gateway.ports import Transaction

Subject = tuple[Case, Child, PupilRecord | None]   # a case, its child, and the particulars it rests on
_GONE = (MovementState.SUPERSEDED, MovementState.WITHDRAWN)


def about(tx: Transaction, case_id: str) -> Subject:
    """A case, its child, and the particulars it rests on."""
    case = tx.cases.get(case_id)
    child = root_of(tx.children.get(case.child), tx.children.get)
    movement = tx.movements.find(case.movement) if case.movement else None
    while movement is not None and movement.superseded_by:
        movement = tx.movements.get(movement.superseded_by)
    if movement is not None:
        return case, child, movement.record
    return case, child, PupilRecord.from_json(case.told) if case.told else asked_record(tx, case.child)


def record_about(desk: Desk, child: Child, movement: Movement | None) -> PupilRecord | None:
    """The particulars of a child of whom perhaps no case speaks."""
    if movement is not None:
        return movement.record
    told = [case.told for case in desk.cases_of(child.id) if case.told]
    return PupilRecord.from_json(told[-1]) if told else asked_record(desk.tx, *desk.members(child.id))


def asked_record(tx: Transaction, *children: str) -> PupilRecord | None:
    """What another authority told of this child, the latest of it."""
    asked = tx.referrals.where(child=list(children), direction=Direction.IN)
    return record_of(asked[-1].payload) if asked else None


def died(tx: Transaction, child: Child, record: PupilRecord | None) -> bool:
    """Whether these particulars, or a row that stands of any record of the child, say that it died.

    A child whose restriction two people lifted is alive: the row that said otherwise was wrong.
    """
    if says_died(record) or not child.restricted:
        return says_died(record)
    records, frontier = [child.id], [child.id]
    while frontier:
        frontier = [row.id for row in tx.children.where(same_as=frontier) if row.id not in records]
        records += frontier
    return any(says_died(m.record) for m in tx.movements.where(child=records) if m.state not in _GONE)
