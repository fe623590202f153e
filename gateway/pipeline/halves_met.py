"""The two halves of a move found each other: both movements say so, and the child's open case closes on it.

A case closes only when it rests on this leaver, or on one that this joiner also answers (no later one exists): routing saw to
that. A restricted case is never closed by a joiner.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.domain.cases.case import Case
from gateway.domain.cases.evidence import Evidence
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind
from gateway.pipeline.casework import close_case, lapse, reopen_case
from gateway.pipeline.desk import Desk
from gateway.pipeline.route.halves import later_leaver


def match(desk: Desk, one: Movement, other: Movement, why: str, by: str | None = None) -> Movement:
    """Match two movements of one child; gives the first as it is now. ``by``: the suggestion that a person accepted."""
    one = desk.movements.change(replace(one, state=MovementState.MATCHED, matched_with=other.id))
    other = desk.movements.change(replace(other, state=MovementState.MATCHED, matched_with=one.id))
    leaver, joiner = (one, other) if one.kind is MovementKind.LEAVER else (other, one)
    for movement in (leaver, joiner):
        lapse(desk, movement.id, "overdue", "confirm-destination")
    for hold in (h for id in desk.members(leaver.child) for h in desk.open_holds(id, "confirm-destination")):
        if hold.about == leaver.id:
            lapse(desk, leaver.id, "confirm-destination")
    case = desk.case_of(leaver.child)
    if case and not case.restricted and not later_leaver(joiner, desk.movements_of(leaver.child), leaver):
        close_on_joiner(desk, case, joiner, why, by)
    return one


def close_on_joiner(desk: Desk, case: Case, joiner: Movement, why: str, by: str | None = None) -> Case:
    """Close on a joiner's return: on roll at its school from its start date."""
    details = {"school": joiner.school, "since": joiner.moved_on.isoformat() if joiner.moved_on else None,
               "movement": joiner.id, "suggestion": by}
    return close_case(desk, case, Evidence.ON_ROLL, why, {k: v for k, v in details.items() if v})


def unmatch(desk: Desk, movement: Movement, why: str) -> None:
    """Take a match apart again: both movements stand alone, and a case that closed on it is open again."""
    other = desk.movements.find(movement.matched_with)
    for half in (movement, other):
        if half is not None:
            desk.movements.change(replace(half, state=MovementState.NOTED, matched_with=None))
    for case in {case.id: case for half in (movement, other) if half for case in desk.cases_of(half.child)}.values():
        closing = case.closing or {}
        if case.closed_at and closing.get("movement") in (movement.id, other.id if other else None):
            reopen_case(desk, case, why)
