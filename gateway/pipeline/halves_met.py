"""The two halves of a move found each other: both movements say so, and the child's open case closes on it.

A half that was matched with a third one stands alone again: nothing is matched with two.
A case closes only when it rests on this leaver, or on one that is no later, and the child did not leave again. A restricted case
is never closed by a joiner.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.domain.cases.case import Case
from gateway.domain.cases.evidence import Evidence
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind
from gateway.pipeline.casework import close_case, lapse
from gateway.pipeline.desk import Desk
from gateway.pipeline.no_shows import recount
from gateway.pipeline.route.halves import later_leaver, rests_on


def match(desk: Desk, one: Movement, other: Movement, why: str, by: str | None = None) -> Movement:
    """Match two movements of one child; gives the first as it is now. ``by``: the suggestion that a person accepted."""
    for half in (one, other):
        recount(desk, desk.movements.get(half.id))
        former = desk.movements.find(desk.movements.get(half.id).matched_with)
        if former is not None and former.id not in (one.id, other.id):
            unmatch(desk, half, former)
    one = desk.movements.change(replace(one, state=MovementState.MATCHED, matched_with=other.id))
    other = desk.movements.change(replace(other, state=MovementState.MATCHED, matched_with=one.id))
    leaver, joiner = (one, other) if one.kind is MovementKind.LEAVER else (other, one)
    for movement in (leaver, joiner):
        lapse(desk, movement.id, "overdue", "confirm-destination")
    case, movements = desk.case_of(leaver.child), desk.movements_of(leaver.child)
    if case and not case.restricted and rests_on(case, leaver, movements) and not later_leaver(joiner, movements, leaver):
        close_on_joiner(desk, case, joiner, why, by)
    return one


def close_on_joiner(desk: Desk, case: Case, joiner: Movement, why: str, by: str | None = None) -> Case:
    """Close on a joiner's return: on roll at its school from its start date."""
    details = {"school": joiner.school, "since": joiner.moved_on.isoformat() if joiner.moved_on else None,
               "movement": joiner.id, "suggestion": by}
    return close_case(desk, case, Evidence.ON_ROLL, why, {k: v for k, v in details.items() if v})


def unmatch(desk: Desk, one: Movement, other: Movement) -> None:
    """Take a match apart again: both movements stand alone."""
    for half in (one, other):
        desk.movements.change(replace(desk.movements.get(half.id), state=MovementState.NOTED, matched_with=None))
