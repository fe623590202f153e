"""What follows when a flag that protects a child rises, however it rose: by a row, a ground, an officer, a match.

1. *Address protected*: a hand-over that waits is written again without the address; files of ours for S2S that nobody uploaded
   yet are taken back. What was released to another authority is looked at again at the door (``exchange.deliver``).
2. *Restricted*: the child's cases are restricted; what is out about them is taken back; nothing is suggested about the child
   any more, and what waited for such an answer goes its own way.
3. Lowering a flag brings nothing back by itself.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.domain.cases.waiting import HoldState
from gateway.domain.matching.child import Child, Suggestion, SuggestionState
from gateway.pipeline import supersede
from gateway.pipeline.desk import Desk
from gateway.pipeline.suggesting import answered

_ADDRESS = ("home_postcode", "address_lines", "phone")


def follow(desk: Desk, before: Child, child: Child) -> None:
    """Carry out what follows for one child whose record changed."""
    if child.address_protected and not before.address_protected:
        _without_address(desk, child)
    if child.restricted and not before.restricted:
        _restricted(desk, child)


def _without_address(desk: Desk, child: Child) -> None:
    for handover in [h for id in desk.members(child.id) for h in desk.handovers.of(id)]:
        kept = {name: value for name, value in handover.details.items() if name not in _ADDRESS}
        if len(kept) < len(handover.details) and not handover.acknowledged_at:
            desk.handovers.change(replace(handover, details=kept))
            desk.job("handover", f"handover:{handover.id}:protected:{desk.now.isoformat()}", handover=handover.id,
                     again=True)
            desk.leaf("handover-protected", handover.id, {"team": handover.team})
    desk.away.protected += [case for case in desk.cases_of(child.id) if case not in desk.away.protected]


def _restricted(desk: Desk, child: Child) -> None:
    for case in desk.cases_of(child.id):
        if not case.restricted:
            desk.away.withdrawn.append(desk.cases.change(replace(case, restricted=True)))
            desk.event(case.id, "restricted", "the child is restricted")
    members = set(desk.members(child.id))
    for suggestion in {s.id: s for id in members for s in desk.suggestions.of(id)}.values():
        if suggestion.state is SuggestionState.OPEN:
            _not_asked(desk, suggestion)


def _not_asked(desk: Desk, suggestion: Suggestion) -> None:
    """Nothing is linked to a restricted child: the question is put aside, as if a person had said no."""
    answered(desk, suggestion, SuggestionState.REJECTED, HoldState.LAPSED, "the child is restricted")
    supersede.route_if_it_waited(desk, suggestion)
