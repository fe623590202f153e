"""A corrected row takes the place of the earlier one.

1. The earlier movement stays, superseded. What waited about it, what a person was asked about it, and a case that rested on it go
   on to the later one. A row that still waits keeps the day from which its clocks run; one that is overdue stays so.
2. Where the later row leads to the same as the earlier one, nothing begins anew: what a person answered stays answered.
3. Every correction that is more than other content of the same movement is a decided suggestion, which a person can undo.
   Whatever else was asked about the two is answered with it.
4. A provisional case is decided by the corrected row: it becomes a case, or closes as corrected by the school. A row that is held
   again decides nothing.
5. Where the corrected row would open no case but a case is open, a person is asked: a school's word alone closes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from gateway.domain.cases.case import CaseState
from gateway.domain.cases.evidence import Evidence
from gateway.domain.cases.waiting import Hold, HoldState
from gateway.domain.matching.child import Suggestion, SuggestionState
from gateway.domain.parcels import orders as o
from gateway.domain.parcels.matched import MatchedRow
from gateway.domain.parcels.parcel import ParcelState
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.same_movement import same_place
from gateway.pipeline import casework
from gateway.pipeline.carry_out import carry_out
from gateway.pipeline.desk import Desk
from gateway.pipeline.joining import answer_what_is_clear, join, one_case
from gateway.pipeline.routing import orders_for, route
from gateway.pipeline.suggesting import open_about

_WAITING = (MovementState.AWAITED, MovementState.OVERDUE, MovementState.HELD, MovementState.PENDING)
_OF_A_CASE = (o.OpenCase, o.DraftEnquiry, o.DraftReferral, o.InstructSchool)
_TO_BE_PUT_RIGHT = (MovementState.HELD, MovementState.MATCHED)      # a joiner may have answered a held row
_GO_ON = ("overdue", "confirm-destination")
PUT_RIGHT = "the held row was put right"


def correct(desk: Desk, row: MatchedRow) -> tuple[o.Order, ...]:
    """Carry out a correction that matching found; gives the orders that followed."""
    assert row.earlier is not None  # noqa: S101 - a corrected row has an earlier one
    earlier = desk.movements.get(row.earlier.id)
    before = () if earlier.held or row.record.held else orders_for(desk, earlier)
    if row.how == "same-movement":
        return _in_its_place(desk, earlier, row, before)
    _one_child(desk, row.movement, earlier, row.evidence)
    orders = _in_its_place(desk, earlier, row, before)
    answer_others(desk, row.movement.child, PUT_RIGHT)
    return orders


def _in_its_place(desk: Desk, earlier: Movement, row: MatchedRow, before: Sequence[o.Order]) -> tuple[o.Order, ...]:
    later = put_right(desk, earlier, row.movement)
    if earlier.state is MovementState.PENDING and open_about(desk, later.id, later.child):
        desk.movements.change(replace(later, state=MovementState.PENDING))
        return ()
    if before and _leads_to_the_same(desk, earlier, later, before):
        return _as_before(desk, earlier, later)
    orders = route(desk, later)
    decide(desk, desk.movements.get(later.id), orders)
    return orders


def put_right(desk: Desk, earlier: Movement, later: Movement) -> Movement:
    """``later`` takes the place of ``earlier``; gives it as it is now."""
    earlier, later = desk.movements.get(earlier.id), desk.movements.get(later.id)
    if earlier.state in _WAITING:
        later = replace(later, noted_at=earlier.noted_at)
    if earlier.matched_with:
        other = desk.movements.get(earlier.matched_with)
        desk.movements.change(replace(other, matched_with=later.id))
        later = replace(later, matched_with=other.id, state=MovementState.MATCHED)
    elif earlier.state is MovementState.OVERDUE:
        later = replace(later, state=MovementState.OVERDUE, due=earlier.due)
    later = desk.movements.change(later)
    _stand_in(desk, earlier, later)
    return later


def puts_right_too(desk: Desk, held: Movement, standing: Movement, evidence: tuple[str, ...]) -> None:
    """A row that stands puts a held one right that had been read as another movement."""
    held, standing = desk.movements.get(held.id), desk.movements.get(standing.id)
    _one_child(desk, standing, held, evidence)
    _stand_in(desk, held, standing)
    case = desk.case_of(standing.child)
    if case is not None and case.state is CaseState.PROVISIONAL:
        decide(desk, standing, route(desk, standing))
    answer_others(desk, standing.child, PUT_RIGHT)


def answer_others(desk: Desk, child: str, reason: str) -> None:
    """Answer what is clear now that this child's records are one, and route what waited for it."""
    for other in answer_what_is_clear(desk, child, reason):
        route_if_it_waited(desk, other)


def route_if_it_waited(desk: Desk, answered: Suggestion) -> None:
    """Route the movement that waited for this answer, when it waits for no other."""
    movement = desk.standing(desk.movements.find(answered.movement))
    if movement is not None and movement.state is MovementState.PENDING and not open_about(desk, movement.id, movement.child):
        decide(desk, movement, route(desk, movement))


def forgive(desk: Desk, earlier: Iterable[Movement]) -> None:
    """Parcels of these whose held rows were all put right wait no more, and are settled."""
    for id in dict.fromkeys(movement.parcel for movement in earlier if movement.held):
        rows = (desk.movements.get(m.id) for m in desk.tx.movements.where(parcel=id, state=_TO_BE_PUT_RIGHT))
        still = [m for m in rows if m.held and m.state in _TO_BE_PUT_RIGHT]
        if still:
            continue
        desk.holds.know(desk.tx.holds.where(key=f"rows:{id}"))
        casework.lapse(desk, id, "rows")
        parcel = desk.tx.parcels.get(id)
        if parcel.state is ParcelState.HELD:
            desk.tx.parcels.save(replace(parcel, state=ParcelState.SETTLED))


def decide(desk: Desk, later: Movement, orders: Sequence[o.Order], why: str = PUT_RIGHT) -> None:
    """What the corrected row means for a case that rests on it, when routing orders none."""
    if later.held or any(isinstance(order, o.OpenCase | o.MatchHalves) for order in orders):
        return
    for case in desk.cases_of(later.child):
        if case.movement != later.id or case.state is CaseState.CLOSED:
            continue
        if case.state is CaseState.PROVISIONAL:
            casework.close_case(desk, case, Evidence.CORRECTED, why, {"movement": later.id})
        else:
            desk.hold("suggested-closing", case.id, f"the school put its row right: {orders[0].reason}",
                      f"suggested-closing:{later.id}", child=case.child, case=case.id)


def _one_child(desk: Desk, later: Movement, earlier: Movement, evidence: tuple[str, ...]) -> None:
    """Both rows are one child's: decided here, undone by a person."""
    record, known = later.child, earlier.child
    if desk.lay_out(record).id != desk.lay_out(known).id:       # a held row's own record, and a child known otherwise
        record, known = known, record
        join(desk, record, known)
        one_case(desk, known, PUT_RIGHT, {"movement": later.id})
    if desk.children.get(record).same_as == known:
        desk.suggestions.add(Suggestion(
            desk.ports.ids.new("S"), record, known, evidence, desk.now, SuggestionState.ACCEPTED, movement=later.id,
            decided_by=desk.actor.user, decided_at=desk.now))


def _stand_in(desk: Desk, earlier: Movement, later: Movement) -> None:
    """The earlier movement is superseded, and what was about it is about the later one."""
    desk.movements.change(replace(earlier, state=MovementState.SUPERSEDED, superseded_by=later.id, matched_with=None))
    for hold in desk.open_holds(earlier.id, *_GO_ON):
        _goes_on(desk, hold, later)
    for id in desk.members(later.child):
        for question in desk.suggestions.of(id):
            if question.state is SuggestionState.OPEN and question.movement == earlier.id:
                desk.suggestions.change(replace(question, movement=later.id))
        for handover in desk.handovers.of(id):
            if handover.movement == earlier.id:
                desk.handovers.change(replace(handover, movement=later.id))
    for case in desk.cases_of(later.child):
        if case.movement == earlier.id:
            case = desk.cases.change(replace(case, movement=later.id, last_school=later.school,
                                             destination=casework.destination_text(later.record)))
            desk.event(case.id, "corrected", "the school put its row right")
            desk.away.corrected.append(case.id)


def _goes_on(desk: Desk, hold: Hold, later: Movement) -> None:
    key = f"{hold.what}:{later.id}"
    if desk.tx.holds.count(key=key):                    # the later row had waited for itself
        desk.clear(hold, HoldState.LAPSED)
        desk.hold(hold.what, later.id, hold.reason, key, child=hold.child, case=hold.case)
    else:
        desk.holds.change(replace(hold, about=later.id, key=key))


def _leads_to_the_same(desk: Desk, earlier: Movement, later: Movement, before: Sequence[o.Order]) -> bool:
    if not same_place(earlier.record, later.record):
        return False
    after = orders_for(desk, replace(later, noted_at=earlier.noted_at))
    return [_essence(order) for order in before] == [_essence(order) for order in after]


def _essence(order: o.Order) -> Any:
    """An order without what is brought up to date anyway."""
    if isinstance(order, o.OpenCase):
        return o.OpenCase, order.reason, order.category
    if isinstance(order, o.DraftEnquiry | o.DraftReferral):
        return type(order), order.authority
    return order


def _as_before(desk: Desk, earlier: Movement, later: Movement) -> tuple[o.Order, ...]:
    """Nothing begins anew; an open case is brought up to date."""
    state = MovementState.MATCHED if later.matched_with else earlier.state
    later = desk.movements.change(replace(later, state=state, due=earlier.due, noted_at=earlier.noted_at))
    if desk.case_of(later.child) is None:
        return ()
    orders = tuple(order for order in orders_for(desk, later) if isinstance(order, _OF_A_CASE))
    carry_out(desk, later, orders)
    return orders
