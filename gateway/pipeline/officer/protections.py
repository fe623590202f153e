"""Lifting what protects a child, by two different people; and acknowledging a hand-over.

``restricted`` stops linking and showing former names and numbers; ``address_protected`` stops every outgoing address. Anyone may
raise them; only two people together lower them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.domain.actor import Actor
from gateway.domain.cases.waiting import Handover, Hold
from gateway.domain.matching.child import Child
from gateway.domain.returns.movement import MovementState
from gateway.errors import UsageError
from gateway.pipeline.casework import lapse
from gateway.pipeline.desk import Desk
from gateway.pipeline.officer.act import at_desk, second_person, with_reason
from gateway.ports import Ports, Transaction

FLAGS = ("restricted", "address_protected")


def lift(tx: Transaction, ports: Ports, child_id: str, flag: str, reason: str, actor: Actor, now: datetime) -> Child | Hold:
    """Lower a flag; a Hold when a second person must agree first."""
    desk, child = _flagged(tx, ports, child_id, flag, reason, actor, now)
    if not getattr(child, flag):
        raise UsageError(f"child {child.id} is not {flag}", code="NOT-PROTECTED", hint="There is nothing to lift.")
    waiting = second_person(desk, f"lift {flag}", child.id, f"lifting of {flag}", child=child.id)
    if waiting:
        desk.leaf("lifting-proposed", child.id, {"flag": flag})
        desk.settle()
        return waiting
    child = _set(desk, child, flag, raised=False)
    desk.leaf("protection-lifted", child.id, {"flag": flag})
    desk.settle()
    return child


def protect(tx: Transaction, ports: Ports, child_id: str, flag: str, reason: str, actor: Actor, now: datetime) -> Child:
    """Raise a flag: one person is enough."""
    desk, child = _flagged(tx, ports, child_id, flag, reason, actor, now)
    child = _set(desk, child, flag, raised=True)
    desk.leaf("protection-raised", child.id, {"flag": flag})
    desk.settle()
    return child


def acknowledge(tx: Transaction, ports: Ports, handover_id: str, actor: Actor, now: datetime) -> Handover:
    """The team has taken the child; the hand-over waits no more."""
    desk = at_desk(tx, ports, actor, now)
    handover = desk.handovers.get(handover_id)
    if handover.acknowledged_at:
        raise UsageError(f"hand-over {handover.id} was acknowledged by {handover.acknowledged_by}", code="ACKNOWLEDGED",
                         hint="There is nothing left to do.")
    handover = desk.handovers.change(replace(handover, acknowledged_at=now, acknowledged_by=actor.user))
    desk.leaf("handover-acknowledged", handover.id, {"team": handover.team})
    if handover.case:
        desk.event(handover.case, "handover-acknowledged", handover.team)
    _taken_over(desk, handover)
    desk.job("handover", f"handover:{handover.id}:acknowledged", handover=handover.id)   # takes its files away
    desk.settle()
    return handover


def _taken_over(desk: Desk, handover: Handover) -> None:
    """Home education that its team has taken needs no further clock; an exclusion's sixth day runs on."""
    movement = desk.movements.find(handover.movement)
    if movement is None or handover.team != "ehe" or movement.state not in (MovementState.AWAITED, MovementState.OVERDUE):
        return
    desk.lay_out(movement.child)
    desk.movements.change(replace(movement, state=MovementState.NOTED))
    lapse(desk, movement.id, "overdue", "confirm-destination")


def _flagged(tx: Transaction, ports: Ports, child_id: str, flag: str, reason: str, actor: Actor,
             now: datetime) -> tuple[Desk, Child]:
    if flag not in FLAGS:
        raise UsageError(f"{flag!r} is no protection, expected {' or '.join(FLAGS)}", code="NO-SUCH-FLAG",
                         hint="Give one of them.")
    desk = at_desk(tx, ports, actor, now)
    with_reason(reason)
    return desk, desk.lay_out(child_id)


def _set(desk: Desk, child: Child, flag: str, *, raised: bool) -> Child:
    child = replace(child, restricted=raised) if flag == "restricted" else replace(child, address_protected=raised)
    desk.children.change(child)
    for case in desk.cases_of(child.id):
        if flag == "restricted":
            desk.cases.change(replace(case, restricted=raised))
        desk.event(case.id, f"{flag}-{'raised' if raised else 'lifted'}")
    return child
