"""Acts on a suggested match: accept, reject, undo. Every decision can be undone.

Accept
(1) joins the newer record to the known child; nothing is copied, so that undoing is one step,
(2) merges two open cases into the older,
(3) and gives the movement that waited its routing: a correction takes the earlier row's place, a joiner answers its leaver.
Reject routes the movement that waited on its own. Undo takes apart what the decision did; what a person had decided is a question
again, what the gateway had put right by itself is not asked about.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.domain.actor import GATEWAY, Actor
from gateway.domain.cases.case import Case, CaseState
from gateway.domain.cases.evidence import Evidence
from gateway.domain.cases.waiting import HoldState
from gateway.domain.matching.child import Suggestion, SuggestionState
from gateway.domain.matching.verdicts import Verdict, compare
from gateway.domain.returns.corrections import GONE, SAME_EPISODE
from gateway.domain.returns.movement import Movement
from gateway.domain.returns.record import MovementKind
from gateway.domain.returns.same_movement import identity_of
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline import casework, halves_met, supersede
from gateway.pipeline.carry_out import carry_out
from gateway.pipeline.desk import Desk
from gateway.pipeline.officer.act import at_desk
from gateway.pipeline.protecting import go_alone
from gateway.pipeline.route.halves import leaver_for, live
from gateway.ports import Ports, Transaction

UNSAID = "no reason was given"    # the evidence is the reason; more words are welcome


def accept(tx: Transaction, ports: Ports, suggestion_id: str, reason: str, actor: Actor, now: datetime) -> Suggestion:
    """They are one child."""
    desk, suggestion = _open_one(tx, ports, suggestion_id, actor, now)
    _may_be_linked(desk, suggestion)
    child, candidate = desk.children.get(suggestion.child), desk.lay_out(suggestion.candidate)
    movement = desk.movements.find(suggestion.movement)
    if child.same_as is None and child.id != candidate.id:
        desk.children.change(replace(child, same_as=candidate.id))                          # (1)
        desk.children.change(replace(candidate, restricted=candidate.restricted or child.restricted,
                                     address_protected=candidate.address_protected or child.address_protected))
        _one_case(desk, candidate.id, suggestion)                                           # (2)
        _route_joined(desk, movement, candidate.id)                                         # (3)
    elif movement is not None:
        _close_on(desk, movement, suggestion)
    return _decided(desk, suggestion, SuggestionState.ACCEPTED, HoldState.RELEASED, reason)


def reject(tx: Transaction, ports: Ports, suggestion_id: str, reason: str, actor: Actor, now: datetime) -> Suggestion:
    """They are two children, or the joiner does not answer."""
    desk, suggestion = _open_one(tx, ports, suggestion_id, actor, now)
    suggestion = _decided(desk, suggestion, SuggestionState.REJECTED, HoldState.REJECTED, reason, settle=False)
    go_alone(desk, suggestion)
    desk.settle()
    return suggestion


def undo(tx: Transaction, ports: Ports, suggestion_id: str, reason: str, actor: Actor, now: datetime) -> Suggestion:
    """Take a decision back, a person's or a correction's."""
    desk = at_desk(tx, ports, actor, now)
    suggestion = desk.suggestions.get(suggestion_id)
    if suggestion.state not in (SuggestionState.ACCEPTED, SuggestionState.REJECTED):
        raise UsageError(f"match {suggestion.id} is {suggestion.state.value}, expected accepted or rejected", code="NOT-DECIDED",
                         hint="`gateway match --all` lists what was decided.")
    for id in (suggestion.child, suggestion.candidate):
        desk.lay_out(id)
    desk.leaf("match-undone", suggestion.id, {"was": suggestion.state.value})
    if suggestion.state is SuggestionState.ACCEPTED:
        _take_apart(desk, suggestion, reason or UNSAID)
    if suggestion.state is SuggestionState.ACCEPTED and suggestion.decided_by == GATEWAY.user:
        suggestion = desk.suggestions.change(       # a correction of ours: the person who takes it apart has decided
            replace(suggestion, state=SuggestionState.UNDONE, decided_by=actor.user, decided_at=now))
    else:
        suggestion = _asked_again(desk, suggestion)
    desk.settle()
    return suggestion


def _asked_again(desk: Desk, suggestion: Suggestion) -> Suggestion:
    """What a person takes back is a question again."""
    suggestion = desk.suggestions.change(replace(suggestion, state=SuggestionState.OPEN, decided_by=None, decided_at=None))
    desk.hold("suggested-match", suggestion.id, f"asked again: {'; '.join(suggestion.evidence)}",
              f"suggested-match:{suggestion.id}", anew=True, child=suggestion.candidate, case=suggestion.case)
    return suggestion


def _open_one(tx: Transaction, ports: Ports, id: str, actor: Actor, now: datetime) -> tuple[Desk, Suggestion]:
    desk = at_desk(tx, ports, actor, now)
    suggestion = desk.suggestions.get(id)
    if suggestion.state is not SuggestionState.OPEN:
        raise UsageError(f"match {suggestion.id} is {suggestion.state.value}, expected open", code="DECIDED",
                         hint="`gateway match undo` takes a decision back.")
    desk.take_out((suggestion.child, suggestion.candidate))
    return desk, suggestion


def _may_be_linked(desk: Desk, suggestion: Suggestion) -> None:
    if any(desk.lay_out(id).restricted for id in (suggestion.child, suggestion.candidate)):
        raise NotAllowedError(f"match {suggestion.id} is about a restricted child: nothing is linked to it", code="RESTRICTED",
                              hint="Reject it; or two people lift the restriction first: gateway child lift")


def _decided(desk: Desk, suggestion: Suggestion, state: SuggestionState, hold: HoldState, reason: str, *,
             settle: bool = True) -> Suggestion:
    done = desk.suggestions.change(replace(suggestion, state=state, decided_by=desk.actor.user, decided_at=desk.now))
    desk.holds.know(desk.tx.holds.where(about=suggestion.id))
    for waiting in desk.open_holds(suggestion.id):
        desk.clear(waiting, hold, reason or UNSAID)
    desk.leaf(f"match-{state.value}", suggestion.id, {"movement": suggestion.movement, "case": suggestion.case})
    if suggestion.case:
        desk.event(suggestion.case, f"match-{state.value}", reason or UNSAID)
    if settle:
        desk.settle()
    return done


def _one_case(desk: Desk, child: str, suggestion: Suggestion) -> None:
    cases = sorted((c for c in desk.cases_of(child) if c.state is not CaseState.CLOSED), key=lambda c: (c.opened_at, c.id))
    for later in cases[1:]:
        casework.close_case(desk, later, Evidence.CORRECTED, f"one child with case {cases[0].id}",
                            {"suggestion": suggestion.id, "merged_into": cases[0].id})


def _route_joined(desk: Desk, movement: Movement | None, child: str) -> None:
    if movement is None:                      # a record that came from another authority: any joiner may be its answer
        for joiner in [m for m in live(desk.movements_of(child), MovementKind.JOINER) if m.matched_with is None]:
            carry_out(desk, joiner, supersede.orders_for(desk, joiner))
        return
    if movement.kind is MovementKind.LEAVER:
        earlier = _same_move(desk, movement, child)
        if earlier is not None:
            movement = supersede.put_right(desk, earlier, movement)
            orders = supersede.orders_for(desk, movement)
            carry_out(desk, movement, orders)
            supersede.decide_open_case(desk, earlier, movement, orders)
            return
    carry_out(desk, movement, supersede.orders_for(desk, movement))


def _same_move(desk: Desk, movement: Movement, child: str) -> Movement | None:
    """The earlier row of the same school that this one corrects, now that they are one child."""
    near = [m for m in desk.movements_of(child) if m.id != movement.id and m.school == movement.school and m.kind is movement.kind
            and m.state not in GONE and (not m.moved_on or not movement.moved_on
                                         or abs(m.moved_on - movement.moved_on) <= SAME_EPISODE)]
    return near[-1] if near else None


def _close_on(desk: Desk, joiner: Movement, suggestion: Suggestion) -> None:
    """A joiner of a child who is certain: the person says that it answers, whatever spoke against closing by itself."""
    leaver = leaver_for(joiner, desk.movements_of(joiner.child))
    case = desk.case_of(joiner.child)
    if leaver is not None:
        halves_met.match(desk, joiner, leaver, "an officer accepted the joiner as the answer", suggestion.id)
    case = desk.case_of(joiner.child) if case else None
    if case is not None:
        halves_met.close_on_joiner(desk, case, joiner, "an officer accepted the joiner as the answer", suggestion.id)


def _take_apart(desk: Desk, suggestion: Suggestion, reason: str) -> None:
    movement, own = desk.movements.find(suggestion.movement), desk.children.get(suggestion.child)
    other = desk.movements.find(movement.matched_with) if movement else None
    beside = not own.keys                     # only a place for the suggestion: the two were one child all along
    earlier = supersede.undo(desk, movement) if movement and not beside else None
    _reopen(desk, suggestion, desk.movements.find(suggestion.movement), reason)
    if not beside:
        desk.children.change(replace(own, same_as=None))
    if movement is None or beside:
        return
    alone = [desk.movements.get(movement.id)]
    if earlier is not None:
        _restored(desk, earlier)
        alone.insert(0, earlier)
    elif other is not None and other.kind is MovementKind.LEAVER and not _has_a_case(desk, other):
        alone.insert(0, desk.movements.get(other.id))
    for one in alone:
        carry_out(desk, one, supersede.orders_for(desk, one), again=f":{suggestion.id}")


def _has_a_case(desk: Desk, leaver: Movement) -> bool:
    """Whether a case rests on this leaver: open again by now, or closed on other evidence, which stands."""
    return any(case.movement == leaver.id for case in desk.cases_of(leaver.child)) or desk.case_of(leaver.child) is not None


def _reopen(desk: Desk, suggestion: Suggestion, movement: Movement | None, reason: str) -> None:
    if movement is not None and movement.matched_with:
        halves_met.unmatch(desk, movement, f"a match was undone: {reason}")
    for case in desk.cases_of(suggestion.candidate):
        closing = case.closing or {}
        ours = closing.get("suggestion") == suggestion.id or (movement is not None and closing.get("movement") == movement.id)
        if case.state is CaseState.CLOSED and ours:
            _reopened(desk, case, reason)


def _reopened(desk: Desk, case: Case, reason: str) -> None:
    casework.reopen_case(desk, case, f"a match was undone: {reason}")


def _restored(desk: Desk, earlier: Movement) -> None:
    """The child as the earlier row had it, where a correction had renewed it."""
    child, who = desk.lay_out(earlier.child), identity_of(earlier.record)
    if compare(who, who).verdict is Verdict.NONE and not who.surname:
        return
    desk.children.change(replace(child, legal_surname=who.surname or child.legal_surname, legal_forename=who.forename,
                                 dob=who.dob or child.dob, upn=who.upn or child.upn))
