"""A corrected row takes the place of the earlier one; undoing a correction puts both back on their own feet.

1. The earlier movement stays, superseded. What waited about it lapses; a case that rested on it rests on the later one.
2. Every correction that is more than other content of the same movement is a decided suggestion, which a person can undo.
3. A provisional case is decided by the corrected row: it becomes a case, or closes as corrected by the school.
4. Where the corrected row would open no case but a case is open, a person is asked: a school's word alone closes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.domain.cases.case import CaseState
from gateway.domain.cases.evidence import Evidence
from gateway.domain.matching.child import Suggestion, SuggestionState
from gateway.domain.parcels.matched import MatchedRow
from gateway.domain.parcels.orders import MatchHalves, OpenCase, Order
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind
from gateway.pipeline import casework, halves_met
from gateway.pipeline.desk import Desk
from gateway.pipeline.route import Row, route_joiner, route_leaver


def supersede(desk: Desk, row: MatchedRow) -> Movement:
    """Carry out a correction that matching found; gives the later movement."""
    assert row.earlier is not None  # noqa: S101 - a corrected row has an earlier one
    later = put_right(desk, row.earlier, row.movement)
    if row.how != "same-movement":
        desk.suggestions.add(Suggestion(
            desk.ports.ids.new("S"), row.movement.child, row.child.id, row.evidence, desk.now, SuggestionState.ACCEPTED,
            movement=later.id, decided_by=desk.actor.user, decided_at=desk.now))
    return later


def put_right(desk: Desk, earlier: Movement, later: Movement) -> Movement:
    """``later`` takes the place of ``earlier``."""
    earlier = desk.movements.get(earlier.id)
    if earlier.matched_with:
        other = desk.movements.get(earlier.matched_with)
        desk.movements.change(replace(other, matched_with=later.id))
        later = desk.movements.change(replace(later, matched_with=other.id, state=MovementState.MATCHED))
    desk.movements.change(replace(earlier, state=MovementState.SUPERSEDED, superseded_by=later.id, matched_with=None))
    casework.lapse(desk, earlier.id, "overdue", "confirm-destination")
    for case in desk.cases_of(earlier.child):
        if case.movement == earlier.id:
            case = desk.cases.change(replace(case, movement=later.id, last_school=later.school,
                                             destination=casework.destination_text(later.record)))
            desk.event(case.id, "corrected", "the school put its row right")
            desk.away.corrected.append(case.id)
    return later


def decide_open_case(desk: Desk, earlier: Movement, later: Movement, orders: Sequence[Order]) -> None:
    """What the corrected row means for a case that is open, when routing orders none."""
    if any(isinstance(order, OpenCase | MatchHalves) for order in orders):
        return
    for case in {c.id: c for child in (earlier.child, later.child) for c in desk.cases_of(child)}.values():
        if case.movement != later.id or case.state is CaseState.CLOSED:
            continue
        if case.state is CaseState.PROVISIONAL:
            casework.close_case(desk, case, Evidence.CORRECTED, "the held row was put right")
        else:
            desk.hold("suggested-closing", case.id, f"the school put its row right: {orders[0].reason}",
                      f"suggested-closing:{later.id}", child=case.child, case=case.id)


def orders_for(desk: Desk, movement: Movement) -> tuple[Order, ...]:
    """What routing says to a movement now."""
    movements = desk.movements_of(movement.child)
    if movement.kind is MovementKind.JOINER:
        return route_joiner(movement, movements, desk.case_of(movement.child), desk.world)
    return route_leaver(Row(movement.record, movement.school), movement, movements, desk.ports.calendar, desk.world)


def undo(desk: Desk, later: Movement) -> Movement | None:
    """Put back the movement that ``later`` superseded, with the case that rested on it; None when there is none."""
    found = [m for m in desk.movements_of(later.child) if m.superseded_by == later.id] or desk.tx.movements.where(
        superseded_by=later.id)
    if not found:
        return None
    earlier = desk.movements.get(found[0].id)
    if later.matched_with:
        halves_met.unmatch(desk, later, "a correction was undone")
    state = MovementState.HELD if earlier.held else MovementState.NOTED
    earlier = desk.movements.change(replace(earlier, state=state, superseded_by=None))
    for case in desk.cases_of(later.child):
        if case.movement == later.id and case.state is not CaseState.CLOSED:
            desk.cases.change(replace(case, movement=earlier.id, last_school=earlier.school, parcel=earlier.parcel,
                                      destination=casework.destination_text(earlier.record)))
    return earlier
