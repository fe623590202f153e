"""Parting: a decision that two records are one child, or that a joiner answers, is taken back.

(1) The link between the two records is cut. Whatever crosses the cut is taken apart: a row that took another's place, and two
    halves of a move. A match that an accepted question made ends likewise.
(2) A case goes with its child. One that is older than the decision rests on its own side's row again; one that came after it goes
    along with the row it rests on. What closed through the decision is open again, if its child has no other open case.
    What waits about a row, and its hand-over, go with it; a flag that another row's alert had answered for has its own.
(3) Each child is as its own rows say it is.
(4) Questions that the joining had answered are open again.
(5) What was taken apart is routed on its own, and its clocks run as if it had never been joined.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateway.domain.cases.case import Case, CaseState
from gateway.domain.matching.child import Suggestion
from gateway.domain.parcels.parcel import ParcelState
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind
from gateway.domain.returns.same_movement import identity_of
from gateway.pipeline import casework, halves_met
from gateway.pipeline.carry_out import handed_over_once, raise_alarm
from gateway.pipeline.desk import Desk
from gateway.pipeline.joining import cut, unclear_again
from gateway.pipeline.route.halves import live
from gateway.pipeline.routing import route
from gateway.pipeline.suggesting import ask_again, open_about


def part(desk: Desk, suggestion: Suggestion, why: str) -> None:
    """Take apart what this accepted suggestion did."""
    both = list(dict.fromkeys(desk.lay_out(id).id for id in (suggestion.child, suggestion.candidate)))
    movements = [m for id in both for m in desk.movements_of(id)]
    cases = [case for id in both for case in desk.cases_of(id)]
    linked = cut(desk, suggestion.child, suggestion.candidate)                              # (1)
    touched = {m.id: None for m in (*_revived(desk, movements), *_unmatched(desk, movements, suggestion))}
    for case in cases:                                                                      # (2)
        touched |= {m.id: None for m in _at_home(desk, case, suggestion, why)}
    sides = list(dict.fromkeys(desk.lay_out(id).id for id in (suggestion.child, suggestion.candidate)))
    if linked:
        for side in sides:                                                                  # (3)
            _as_its_rows_say(desk, side)
        if waited := desk.standing(desk.movements.find(suggestion.movement)):
            touched[waited.id] = None
    for question in unclear_again(desk, *sides):                                            # (4)
        ask_again(desk, question)
    for movement in movements:
        _what_waits_goes_along(desk, movement)
    _route_alone(desk, touched, f":{suggestion.id}:{desk.now.isoformat()}")                 # (5)
    for side in sides:
        _its_own_alert(desk, side)


def _revived(desk: Desk, movements: Iterable[Movement]) -> list[Movement]:
    """Rows whose place was taken by one that is another child's now."""
    found = []
    for movement in movements:
        later = desk.movements.find(movement.superseded_by)
        if later is None or _root(desk, later) == _root(desk, movement):
            continue
        state = MovementState.HELD if movement.held else MovementState.NOTED
        found.append(desk.movements.change(replace(movement, state=state, superseded_by=None)))
        if movement.held:
            _wait_again(desk, movement)
    return found


def _wait_again(desk: Desk, held: Movement) -> None:
    """The parcel of a held row that nothing puts right any more waits again."""
    why = "a row waits for correction by the school, after a match was undone"
    desk.hold("rows", held.parcel, why, f"rows:{held.parcel}", anew=True)
    parcel = desk.tx.parcels.get(held.parcel)
    if parcel.state is ParcelState.SETTLED and parcel.rows_accepted == 0:
        desk.tx.parcels.save(replace(parcel, state=ParcelState.HELD))


def _unmatched(desk: Desk, movements: Iterable[Movement], suggestion: Suggestion) -> list[Movement]:
    """Halves of a move that were matched across the cut, or by the answer to this question."""
    found: list[Movement] = []
    for movement in movements:
        one, other = desk.movements.get(movement.id), desk.movements.find(movement.matched_with)
        if other is None or one.matched_with is None:
            continue
        asked = suggestion.of_closing and desk.standing(desk.movements.find(suggestion.movement)) in (one, other)
        if asked or _root(desk, one) != _root(desk, other):
            halves_met.unmatch(desk, one, other)
            found += [desk.movements.get(one.id), desk.movements.get(other.id)]
    return found


def _at_home(desk: Desk, case: Case, suggestion: Suggestion, why: str) -> list[Movement]:
    """Put a case where it belongs after the cut; gives the movements that are to be routed for it."""
    home, ground = desk.lay_out(case.child).id, desk.movements.find(case.movement)
    own = live(desk.movements_of(home), MovementKind.LEAVER)[-1:]
    across = ground is not None and _root(desk, ground) != home
    if ground is not None and across and _came_after(case, suggestion) and desk.case_of(ground.child) is None:
        desk.cases.change(replace(case, child=_root(desk, ground)))
        return [*own, ground]
    through = case.state is CaseState.CLOSED and _closed_through(desk, case, suggestion)
    if across:
        case = desk.cases.change(_resting_on(case, own[0] if own else None))
    if through and desk.case_of(home) is None:
        casework.reopen_case(desk, case, why)
    return own if across else []


def _came_after(case: Case, suggestion: Suggestion) -> bool:
    """Whether a case was opened by the decision or later: in one act, ids say what came first."""
    decided = suggestion.decided_at or suggestion.since
    return (case.opened_at, case.id[1:]) > (decided, suggestion.id[1:])


def _resting_on(case: Case, leaver: Movement | None) -> Case:
    if leaver is None:
        return replace(case, movement=None)
    return replace(case, movement=leaver.id, parcel=leaver.parcel, last_school=leaver.school,
                   destination=casework.destination_text(leaver.record))


def _closed_through(desk: Desk, case: Case, suggestion: Suggestion) -> bool:
    closing = case.closing or {}
    on = desk.movements.find(closing.get("movement"))
    return closing.get("suggestion") == suggestion.id or (on is not None and _root(desk, on) != desk.lay_out(case.child).id)


def _what_waits_goes_along(desk: Desk, movement: Movement) -> None:
    child, case = _root(desk, movement), desk.case_of(movement.child)
    for hold in desk.open_holds(movement.id):
        if hold.child is not None and desk.lay_out(hold.child).id != child:
            desk.holds.change(replace(hold, child=child, case=case.id if case else None))
    for handover in desk.handovers:
        if handover.movement == movement.id and desk.lay_out(handover.child).id != child:
            key = handed_over_once(handover.team, child, movement)
            if all(other.key != key for other in desk.handovers):
                desk.handovers.change(replace(handover, child=child, key=key))


def _its_own_alert(desk: Desk, child: str) -> None:
    members = desk.members(child)
    desk.holds.know(desk.tx.holds.where(what="urgent", child=members))
    if any(hold.what == "urgent" for id in members for hold in desk.holds.of(id)):
        return
    for flagged in [m for m in desk.movements_of(child) if m.record.urgent and m.superseded_by is None]:
        raise_alarm(desk, flagged.parcel, flagged.record.row, flagged.id, child, desk.case_of(child))


def _as_its_rows_say(desk: Desk, child: str) -> None:
    rows = [m for m in desk.movements_of(child) if m.superseded_by is None]
    who = identity_of(max(rows, key=lambda m: m.id).record) if rows else None
    if who is not None and who.surname:
        known = desk.children.get(child)
        desk.children.change(replace(known, legal_surname=who.surname, legal_forename=who.forename, dob=who.dob or known.dob,
                                     upn=who.upn or known.upn))


def _route_alone(desk: Desk, ids: Iterable[str], again: str) -> None:
    for id in ids:
        movement = desk.movements.get(id)
        if movement.superseded_by or movement.state in (MovementState.MATCHED, MovementState.WITHDRAWN):
            continue
        if open_about(desk, movement.id, movement.child):
            desk.movements.change(replace(movement, state=MovementState.PENDING))
            casework.lapse(desk, movement.id, "overdue", "confirm-destination")
        elif movement.kind is MovementKind.JOINER or not _accounted_for(desk, movement):
            route(desk, movement, again)


def _accounted_for(desk: Desk, leaver: Movement) -> bool:
    """Whether a case of this child was closed on other evidence, which stands."""
    return any(case.movement == leaver.id and case.state is CaseState.CLOSED for case in desk.cases_of(leaver.child)) \
        and desk.case_of(leaver.child) is None


def _root(desk: Desk, movement: Movement) -> str:
    return desk.lay_out(movement.child).id
