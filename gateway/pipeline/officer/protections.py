"""Raising and lifting what protects a child; and acknowledging a hand-over.

1. ``restricted`` stops linking and showing former names and numbers; ``address_protected`` stops every outgoing address.
2. An officer raises them alone, about any child that is known, with or without a case; two different people lower them.
3. The child's record carries the flag, whichever of its records, cases or movements the officer named.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.domain.actor import Actor
from gateway.domain.cases.waiting import Agreement, Handover, Hold
from gateway.domain.matching.child import Child
from gateway.domain.returns.movement import MovementState
from gateway.errors import UsageError
from gateway.pipeline.casework import lapse
from gateway.pipeline.desk import Desk
from gateway.pipeline.officer.act import agree, at_desk, second_person, with_reason
from gateway.pipeline.officer.whose import child_of
from gateway.ports import Ports, Transaction

FLAGS = ("restricted", "address_protected")
LIFT = "lift"


def lift(tx: Transaction, ports: Ports, about: str, flag: str, reason: str, actor: Actor, now: datetime) -> Child | Hold:
    """Lower a flag; a Hold when a second person must agree first. ``about``: the id of anything about the child."""
    desk, child = _flagged(tx, ports, about, flag, reason, actor, now)
    if not getattr(child, flag):
        raise UsageError(f"child {child.id} is not {flag}", code="NOT-PROTECTED", hint="There is nothing to lift.")
    agreed = second_person(desk, f"{LIFT} {flag}", child.id, {"flag": flag}, f"lifting of {flag}", child=child.id)
    if isinstance(agreed, Hold):
        desk.leaf("lifting-proposed", child.id, {"flag": flag, "hold": agreed.id})
        _tell(desk, child, f"{flag}-lifting-proposed", reason)
        desk.settle()
        return agreed
    return _lifted(desk, child, flag, agreed, reason)


def lift_as_proposed(desk: Desk, hold: Hold, reason: str) -> Child:
    """The second person agrees: the flag that the first named goes down."""
    child = desk.lay_out(hold.about)
    return _lifted(desk, child, (hold.details or {})["proposal"]["flag"], agree(desk, hold), reason)


def protect(tx: Transaction, ports: Ports, about: str, flag: str, reason: str, actor: Actor, now: datetime) -> Child:
    """Raise a flag: one person is enough. What follows is done as the desk settles (``pipeline.protecting``)."""
    desk, child = _flagged(tx, ports, about, flag, reason, actor, now)
    if getattr(child, flag):
        raise UsageError(f"child {child.id} is {flag} already", code="PROTECTED", hint="Nothing needs to be done.")
    child = desk.children.change(_with(child, flag, raised=True))
    desk.leaf("protection-raised", child.id, {"flag": flag})
    _tell(desk, child, f"{flag}-raised", reason)
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


def _flagged(tx: Transaction, ports: Ports, about: str, flag: str, reason: str, actor: Actor,
             now: datetime) -> tuple[Desk, Child]:
    if flag not in FLAGS:
        raise UsageError(f"{flag!r} is no protection, expected {' or '.join(FLAGS)}", code="NO-SUCH-FLAG",
                         hint="Give one of them.")
    desk = at_desk(tx, ports, actor, now)
    with_reason(reason)
    return desk, child_of(desk, about)[0]


def _lifted(desk: Desk, child: Child, flag: str, agreed: Agreement, reason: str) -> Child:
    child = desk.children.change(_with(child, flag, raised=False))
    if flag == "restricted":
        for case in desk.cases_of(child.id):
            desk.cases.change(replace(case, restricted=False))
    desk.leaf("protection-lifted", child.id, {"flag": flag, "proposed_by": agreed.first, "agreed_by": agreed.second})
    _tell(desk, child, f"{flag}-lifted", reason)
    desk.settle()
    return child


def _with(child: Child, flag: str, *, raised: bool) -> Child:
    return replace(child, restricted=raised) if flag == "restricted" else replace(child, address_protected=raised)


def _tell(desk: Desk, child: Child, what: str, reason: str) -> None:
    for case in desk.cases_of(child.id):
        desk.event(case.id, what, reason)
