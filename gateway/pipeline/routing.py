"""Routing a movement that lies on the desk: what the reviewed rules say to it now, and carrying that out.

1. The rules are pure (``route``); here they get what is known of the child.
2. What waited about the movement waits on where the new orders say the same; else it ends, and what they say begins.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.domain.parcels import orders as o
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind
from gateway.pipeline.carry_out import carry_out
from gateway.pipeline.casework import lapse
from gateway.pipeline.desk import Desk
from gateway.pipeline.no_shows import recount
from gateway.pipeline.route import Row, route_joiner, route_leaver

_WAITING = (MovementState.AWAITED, MovementState.OVERDUE, MovementState.PENDING)
_KEEP_WAITING = (o.AwaitJoiner, o.ExpectAtTransfer, o.LookAgain, o.MatchHalves, o.HoldRow)


def orders_for(desk: Desk, movement: Movement) -> tuple[o.Order, ...]:
    """What routing says to a movement now."""
    movements, case = desk.movements_of(movement.child), desk.case_of(movement.child)
    if movement.kind is MovementKind.JOINER:
        return route_joiner(movement, movements, case, desk.world)
    return route_leaver(Row(movement.record, movement.school), movement, movements, case, desk.ports.calendar, desk.world)


def route(desk: Desk, movement: Movement, again: str = "") -> tuple[o.Order, ...]:
    """Route a movement and carry the orders out; gives them. ``again``: clocks that ran before run anew."""
    movement = desk.movements.get(movement.id)
    orders = orders_for(desk, movement)
    was = movement
    if not any(isinstance(order, _KEEP_WAITING) for order in orders):
        if movement.state in _WAITING:
            movement = desk.movements.change(replace(movement, state=MovementState.NOTED))
        lapse(desk, movement.id, "overdue")
    if not any(isinstance(order, o.ConfirmDestination) for order in orders):
        lapse(desk, movement.id, "confirm-destination")
    carry_out(desk, movement, orders, again)
    recount(desk, was)
    return orders
