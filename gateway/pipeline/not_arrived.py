"""A leaver was named a place, and the joiner did not come.

1. Late: a hold, for ``overdue_school_days``. A person finds the child, or says that there is no place.
2. Too late: a case, unless a team that was handed the child has taken it; then the hold stays until a person clears it.
   A child who is over compulsory school age by then is routed as such.
3. The case is referred to the authority where the child lives, like every other.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.domain.cases.case import Category
from gateway.domain.clocks import london
from gateway.domain.returns.movement import Movement, MovementState
from gateway.pipeline.carry_out import carry_out
from gateway.pipeline.casework import lapse
from gateway.pipeline.desk import Desk
from gateway.pipeline.route import Row
from gateway.pipeline.route.cases import orders_of_a_case
from gateway.pipeline.route.situation import age_at, is_confirmed
from gateway.pipeline.routing import route


def late(desk: Desk, movement: Movement) -> None:
    """The days of waiting are over."""
    school = movement.record.destination_laestab
    due = desk.ports.calendar.after(movement.due or desk.today, desk.ports.policy.overdue_school_days, school)
    movement = desk.movements.change(replace(movement, state=MovementState.OVERDUE, due=due))
    desk.hold("overdue", movement.id, f"what was awaited did not come in time; a case opens after {due.isoformat()}",
              f"overdue:{movement.id}", child=desk.lay_out(movement.child).id)
    if desk.today > due:
        too_late(desk, movement)
    else:
        desk.timer("overdue", movement.id, london.after(due))


def too_late(desk: Desk, movement: Movement) -> None:
    """So are the days after."""
    taken = any(h.movement == movement.id and h.acknowledged_at for id in desk.members(movement.child)
                for h in desk.handovers.of(id))
    if taken:
        return
    if age_at(movement.record, desk.today) == "of":
        case_of_one_who_did_not_arrive(desk, movement, "what was awaited did not come")
        lapse(desk, movement.id, "overdue", "confirm-destination")
    else:
        route(desk, movement)


def case_of_one_who_did_not_arrive(desk: Desk, movement: Movement, why: str, category: Category | None = None) -> None:
    """Open the case of a leaver who was named a place and is not there."""
    record = movement.record
    sort = category or (Category.PLACE_NOT_TAKEN if is_confirmed(record) else Category.NO_DESTINATION)
    carry_out(desk, movement, orders_of_a_case(Row(record, movement.school), desk.ports.calendar, desk.world, why, sort))
