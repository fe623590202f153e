"""Carrying out orders: what each one changes on the desk.

1. An order is safe to carry out again: cases, holds, hand-overs, drafts and timers are made once.
2. A restricted child gets no task, clock, letter or chaser.
3. What stops for a person gets a hold, with the command that clears it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.domain.cases.case import Case
from gateway.domain.cases.waiting import Handover, HoldState
from gateway.domain.clocks import london
from gateway.domain.matching.child import Child
from gateway.domain.parcels import orders as o
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.s2s.batch import InstructionState
from gateway.pipeline import casework, halves_met
from gateway.pipeline.away import Draft
from gateway.pipeline.desk import Desk
from gateway.pipeline.no_shows import recount
from gateway.pipeline.suggesting import suggest

_LATE = (MovementState.AWAITED, MovementState.OVERDUE)
_CHASED = (*_LATE, MovementState.PENDING)


@dataclass
class Subject:
    """What orders are carried out on: the movement, the child as known today, and the case that they opened."""

    desk: Desk
    movement: Movement
    child: Child
    case: Case | None = None

    def put(self, state: MovementState, **values: Any) -> None:
        """Change the movement's state."""
        self.movement = self.desk.movements.change(replace(self.movement, state=state, **values))


def carry_out(desk: Desk, movement: Movement, orders: Sequence[o.Order], again: str = "") -> Subject:
    """Carry out every order, in order. ``again`` marks a second time, so that clocks that ran before run anew."""
    it = Subject(desk, movement, desk.lay_out(movement.child))
    it.case = desk.case_of(it.child.id)
    for order in orders:
        if isinstance(order, o.AwaitJoiner):
            _await(it, order, again)
        elif isinstance(order, o.HoldRow):
            _hold_row(it, order, again)
        else:
            _ACTS[type(order)](it, order)
    return it


def _note(it: Subject, order: o.NoteMovement) -> None:
    """Routing took off what waited (``routing``)."""


def _await(it: Subject, order: o.AwaitJoiner, again: str) -> None:
    if it.movement.state is MovementState.OVERDUE and order.due < it.desk.today:
        return                                      # it was late already, and a changed row gives no new time
    if not again and order.due < it.desk.today and it.movement.state is not MovementState.AWAITED:
        again = f":{it.desk.ports.ids.new('J')}"        # that clock may have run out before
    it.put(MovementState.AWAITED, due=order.due)
    casework.lapse(it.desk, it.movement.id, "overdue")
    it.desk.timer("awaited", it.movement.id, london.after(order.due), again)


def _expect(it: Subject, order: o.ExpectAtTransfer) -> None:
    if it.movement.state is MovementState.OVERDUE and order.due == it.movement.due:
        return
    it.put(MovementState.AWAITED, due=order.due)
    late = f":{it.desk.today.isoformat()}" if order.due < it.desk.today else ""      # that list was looked at before
    it.desk.timer("no-show", order.due.isoformat(), london.after(order.due), late)


def _confirm(it: Subject, order: o.ConfirmDestination) -> None:
    for known in (h for id in it.desk.members(it.child.id) for h in it.desk.open_holds(id, "confirm-destination")):
        it.desk.holds.change(replace(known, about=it.movement.id, reason=order.reason))
        return
    it.desk.hold("confirm-destination", it.movement.id, order.reason, f"confirm-destination:{it.movement.id}",
                 child=it.child.id, case=it.case.id if it.case else None)


def _open(it: Subject, order: o.OpenCase) -> None:
    it.case = casework.open_case(it.desk, it.child, it.movement, order)
    if it.movement.state is not MovementState.HELD:
        it.put(MovementState.NOTED)


def _match(it: Subject, order: o.MatchHalves) -> None:
    it.movement = halves_met.match(it.desk, it.movement, it.desk.movements.get(order.other), order.reason)


def _suggest_closing(it: Subject, order: o.SuggestClosing) -> None:
    case = it.desk.case_of(it.child.id)
    if case or any(m.state in _LATE for m in it.desk.movements_of(it.child.id)):
        suggest(it.desk, it.child.id, it.child.id, ("certainly the same child", *order.objections), order.joiner, case)


def _look_again(it: Subject, order: o.LookAgain) -> None:
    it.put(MovementState.PENDING, due=order.on)
    it.desk.timer("ahead", it.movement.id, london.start_of(order.on))


def _instruct(it: Subject, order: o.InstructSchool) -> None:
    if it.case:
        casework.instruct(it.desk, it.case, order)


def _draft(it: Subject, order: o.DraftEnquiry | o.DraftReferral) -> None:
    if it.case:
        it.desk.away.drafts.append(Draft(it.case.id, it.child.id, it.movement.record, order))


def handed_over_once(team: str, child: str, movement: Movement) -> str:
    """The key of a hand-over: one movement of a child goes to a team once."""
    return f"{team}:{child}:{movement.moved_on}"


def _hand_over(it: Subject, order: o.HandOver) -> None:
    desk = it.desk
    key = handed_over_once(order.team, it.child.id, it.movement)
    members = desk.members(it.child.id)
    known = {handed_over_once(order.team, id, it.movement) for id in members}      # before its records were joined, too
    if any(h.key in known for id in members for h in desk.handovers.of(id)):
        return
    record = it.movement.record
    details: dict[str, Any] = {
        "school": it.movement.school, "legal_surname": record.legal_surname, "legal_forename": record.legal_forename,
        "dob": record.dob.isoformat() if record.dob else None, "upn": it.child.upn, "ground": record.deletion_ground,
        "off_roll_date": record.off_roll_date.isoformat() if record.off_roll_date else None,
        "due": order.due.isoformat() if order.due else None, "ehe_letter_date": record.details.get("ehe_letter_date")}
    if not it.child.restricted and not it.child.address_protected:
        details |= {"home_postcode": record.home_postcode, "address_lines": record.details.get("address_lines"),
                    "phone": record.details.get("phone")}
    handover = desk.handovers.add(Handover(
        desk.ports.ids.new("V"), order.team, it.child.id, order.reason, desk.now, key, case=it.case.id if it.case else None,
        movement=it.movement.id, details={k: v for k, v in details.items() if v}))
    desk.leaf("handed-over", handover.id, {"team": order.team, "movement": it.movement.id})
    desk.job("handover", f"handover:{handover.id}", handover=handover.id)


def _restrict(it: Subject, order: o.Restrict) -> None:
    desk = it.desk
    it.child = desk.children.change(replace(it.child, restricted=True))
    desk.leaf("child-restricted", it.child.id, {"movement": it.movement.id})
    for id in desk.members(it.child.id):
        casework.lapse(desk, id, *casework.OF_A_CASE, "suggested-match")
    for movement in desk.movements_of(it.child.id):
        if movement.state in _CHASED and movement.id != it.movement.id:
            desk.movements.change(replace(movement, state=MovementState.NOTED))
            recount(desk, movement)
    if it.case:
        it.case = desk.cases.change(replace(it.case, restricted=True))
        for instruction in desk.instructions.of(it.case.id):
            desk.instructions.change(replace(instruction, state=InstructionState.WITHDRAWN))
        desk.event(it.case.id, "restricted", order.reason)
        desk.away.withdrawn.append(it.case)
    if it.movement.state is MovementState.PENDING:
        it.put(MovementState.NOTED)


def raise_alarm(desk: Desk, parcel: str, row: int, about: str, child: str | None = None, case: Case | None = None) -> None:
    """The duty contact and the deputy are told at once, without the child's data, until one acknowledges.

    A hold stands in the clear, and a school may have called a sheet after a child: the sheet is seen with ``about``.
    """
    hold = desk.hold("urgent", about, f"an urgent or safeguarding flag stands in row {row} of parcel {parcel}",
                     f"urgent:{parcel}:{about}:{row}", child=child, case=case.id if case else None)
    if hold.state is HoldState.OPEN:
        desk.job("alert", f"alert:{hold.id}", hold=hold.id)


def _hold_row(it: Subject, order: o.HoldRow, again: str) -> None:
    it.put(MovementState.MATCHED if it.movement.matched_with else MovementState.HELD, held=True, due=order.due)
    if order.due:
        it.desk.timer("held-row", it.movement.id, london.after(order.due), again)


_ACTS: Mapping[type[Any], Callable[[Subject, Any], None]] = {
    o.NoteMovement: _note, o.ExpectAtTransfer: _expect, o.ConfirmDestination: _confirm, o.OpenCase: _open,
    o.MatchHalves: _match, o.SuggestClosing: _suggest_closing, o.LookAgain: _look_again, o.InstructSchool: _instruct,
    o.DraftEnquiry: _draft, o.DraftReferral: _draft, o.HandOver: _hand_over, o.Restrict: _restrict,
}
