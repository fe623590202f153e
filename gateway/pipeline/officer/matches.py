"""Acts on a suggested match: accept, reject, undo. Every decision can be undone.

Accept
(1) joins the two records (``joining``) and leaves the child one open case,
(2) gives the movement that waited its routing: a correction takes the earlier row's place, a joiner answers its leaver,
(3) answers every other question that is clear by now.
Where the two are one already and only a joiner is in question, it is matched, and the case that the question was about closes;
not when something speaks against it that was not in the question.
Reject routes the movement that waited on its own; other questions about the same two are answered with it.
Undo takes apart what the decision did (``parting``); nobody waits for the answer then, and a person may still give it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gateway.domain.actor import Actor
from gateway.domain.cases.waiting import HoldState
from gateway.domain.matching.child import Suggestion, SuggestionState
from gateway.domain.returns.corrections import GONE, SAME_EPISODE
from gateway.domain.returns.movement import Movement
from gateway.domain.returns.record import MovementKind
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline import halves_met, supersede
from gateway.pipeline.desk import Desk
from gateway.pipeline.joining import join, one_case
from gateway.pipeline.officer.act import at_desk
from gateway.pipeline.parting import part
from gateway.pipeline.route.halves import leaver_for, live, objections
from gateway.pipeline.routing import route
from gateway.pipeline.suggesting import answered, ask_again, between
from gateway.ports import Ports, Transaction

UNSAID = "no reason was given"    # the evidence is the reason; more words are welcome
ANSWERS = "an officer accepted the joiner as the answer"


def accept(tx: Transaction, ports: Ports, suggestion_id: str, reason: str, actor: Actor, now: datetime) -> Suggestion:
    """They are one child."""
    desk, suggestion = _open_one(tx, ports, suggestion_id, actor, now)
    _may_be_linked(desk, suggestion)
    movement = desk.standing(desk.movements.find(suggestion.movement))
    suggestion = _decided(desk, suggestion, SuggestionState.ACCEPTED, HoldState.RELEASED, reason)
    if suggestion.of_closing:
        if movement is not None:
            _close_on(desk, movement, suggestion)
    else:
        theirs = desk.movements_of(suggestion.candidate)
        if desk.lay_out(suggestion.child).id != desk.lay_out(suggestion.candidate).id:
            child = join(desk, suggestion.child, suggestion.candidate)                      # (1)
            one_case(desk, child.id, "a match was accepted", {"suggestion": suggestion.id})
        _route_joined(desk, movement, desk.lay_out(suggestion.candidate).id, theirs)        # (2)
        supersede.answer_others(desk, suggestion.candidate, f"answered with match {suggestion.id}")     # (3)
        supersede.forgive(desk, theirs)
    desk.settle()
    return suggestion


def reject(tx: Transaction, ports: Ports, suggestion_id: str, reason: str, actor: Actor, now: datetime) -> Suggestion:
    """They are two children, or the joiner does not answer."""
    desk, suggestion = _open_one(tx, ports, suggestion_id, actor, now)
    suggestion = _decided(desk, suggestion, SuggestionState.REJECTED, HoldState.REJECTED, reason)
    supersede.route_if_it_waited(desk, suggestion)
    for other in between(desk, suggestion.child, suggestion.candidate):
        if other.state is SuggestionState.OPEN and not suggestion.of_closing:
            answered(desk, other, SuggestionState.REJECTED, HoldState.REJECTED, f"answered with match {suggestion.id}")
            supersede.route_if_it_waited(desk, other)
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
    if suggestion.state is SuggestionState.REJECTED:
        suggestion = ask_again(desk, suggestion)
    else:
        done = answered(desk, suggestion, SuggestionState.UNDONE, HoldState.LAPSED)
        part(desk, suggestion, f"a match was undone: {reason or UNSAID}")
        suggestion = done
    desk.settle()
    return suggestion


def _open_one(tx: Transaction, ports: Ports, id: str, actor: Actor, now: datetime) -> tuple[Desk, Suggestion]:
    desk = at_desk(tx, ports, actor, now)
    suggestion = desk.suggestions.get(id)
    if suggestion.state not in (SuggestionState.OPEN, SuggestionState.UNDONE):
        raise UsageError(f"match {suggestion.id} is {suggestion.state.value}, expected open", code="DECIDED",
                         hint="`gateway match undo` takes a decision back.")
    desk.take_out((suggestion.child, suggestion.candidate))
    return desk, suggestion


def _may_be_linked(desk: Desk, suggestion: Suggestion) -> None:
    if any(desk.lay_out(id).restricted for id in (suggestion.child, suggestion.candidate)):
        raise NotAllowedError(f"match {suggestion.id} is about a restricted child: nothing is linked to it", code="RESTRICTED",
                              hint="Reject it; or two people lift the restriction first: gateway child lift")


def _decided(desk: Desk, suggestion: Suggestion, state: SuggestionState, hold: HoldState, reason: str) -> Suggestion:
    done = answered(desk, suggestion, state, hold, reason or UNSAID)
    desk.leaf(f"match-{state.value}", suggestion.id, {"movement": suggestion.movement, "case": suggestion.case})
    if suggestion.case:
        desk.event(suggestion.case, f"match-{state.value}", reason or UNSAID)
    return done


def _route_joined(desk: Desk, movement: Movement | None, child: str, theirs: Sequence[Movement]) -> None:
    if movement is None:                      # a record that came from another authority: any joiner may be its answer
        for joiner in [m for m in live(desk.movements_of(child), MovementKind.JOINER) if m.matched_with is None]:
            route(desk, joiner)
        return
    earlier = _same_move(movement, theirs) if movement.kind is MovementKind.LEAVER else None
    if earlier is not None:
        movement = supersede.put_right(desk, earlier, movement)
    supersede.decide(desk, movement, route(desk, movement))


def _same_move(movement: Movement, theirs: Sequence[Movement]) -> Movement | None:
    """The earlier row of the same school that this one corrects: one of the other record, for its own the rules had seen."""
    near = [m for m in theirs if m.id != movement.id and m.school == movement.school and m.kind is movement.kind
            and m.state not in GONE and (not m.moved_on or not movement.moved_on
                                         or abs(m.moved_on - movement.moved_on) <= SAME_EPISODE)]
    on_that_day = [m for m in near if m.moved_on == movement.moved_on]
    return next(reversed(on_that_day or near), None)


def _close_on(desk: Desk, joiner: Movement, suggestion: Suggestion) -> None:
    """A joiner of a child who is certain: the person says that it answers, whatever spoke against closing by itself."""
    movements, case = desk.movements_of(joiner.child), desk.case_of(joiner.child)
    leaver = leaver_for(joiner, movements)
    news = set(objections(joiner, leaver, movements, case, desk.world)) - set(suggestion.evidence)
    if leaver is not None:
        joiner = halves_met.match(desk, joiner, leaver, ANSWERS, suggestion.id)
    case = desk.case_of(joiner.child)
    if case is not None and case.id == suggestion.case and not news:
        halves_met.close_on_joiner(desk, case, joiner, ANSWERS, suggestion.id)
