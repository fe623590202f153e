"""Asking a person whether two records are one child, or whether a joiner answers.

1. A question is asked once: the same two records and the same movement are not put side by side again.
2. It waits as a hold. What a person answered waits again only when that answer is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateway.domain.cases.case import Case
from gateway.domain.cases.waiting import HoldState
from gateway.domain.matching.child import Suggestion, SuggestionState
from gateway.domain.parcels.matched import Doubt
from gateway.pipeline.desk import Desk


def suggest(desk: Desk, child: str, candidate: str, evidence: tuple[str, ...], movement: str | None,
            case: Case | None) -> Suggestion:
    """Put two records side by side; ``child`` and ``candidate`` alike where only the movement is in question."""
    for known in desk.suggestions.of(candidate):
        if known.movement == movement and {known.child, known.candidate} == {child, candidate}:
            return known
    new = desk.suggestions.add(Suggestion(desk.ports.ids.new("S"), child, candidate, evidence, desk.now, movement=movement,
                                          case=case.id if case else None))
    _wait(desk, new, "may be one child")
    return new


def suggest_doubts(desk: Desk, child: str, doubts: Iterable[Doubt], case: Case | None = None) -> int:
    """Put a record that rests on no row beside those it may be; how many questions are new."""
    new = [doubt for doubt in doubts if not between(desk, child, doubt.candidate)]
    for doubt in new:
        suggest(desk, child, doubt.candidate, doubt.evidence, None, case or desk.case_of(doubt.candidate))
    return len(new)


def ask_again(desk: Desk, suggestion: Suggestion) -> Suggestion:
    """What was answered is open again."""
    asked = desk.suggestions.change(replace(suggestion, state=SuggestionState.OPEN, decided_by=None, decided_at=None))
    _wait(desk, asked, "asked again")
    return asked


def answered(desk: Desk, suggestion: Suggestion, state: SuggestionState, hold: HoldState,
             reason: str | None = None) -> Suggestion:
    """Keep an answer, and let nobody wait for it any more."""
    done = desk.suggestions.change(replace(suggestion, state=state, decided_by=desk.actor.user, decided_at=desk.now))
    desk.holds.know(desk.tx.holds.where(about=suggestion.id))
    for waiting in desk.open_holds(suggestion.id):
        desk.clear(waiting, hold, reason)
    return done


def open_about(desk: Desk, movement: str, child: str) -> list[Suggestion]:
    """Open questions to which this movement of this child gave rise."""
    return [s for id in desk.members(child) for s in desk.suggestions.of(id)
            if s.state is SuggestionState.OPEN and s.movement == movement and not s.of_closing]


def between(desk: Desk, one: str, other: str) -> list[Suggestion]:
    """Every question, open or answered, whether these two are one child."""
    pair = {desk.lay_out(one).id, desk.lay_out(other).id}
    return [s for s in of_members(desk, other) if not s.of_closing
            and {desk.lay_out(s.child).id, desk.lay_out(s.candidate).id} == pair]


def of_members(desk: Desk, child: str) -> list[Suggestion]:
    """Every question about a record of this child, each once."""
    return list({s.id: s for id in desk.members(child) for s in desk.suggestions.of(id)}.values())


def _wait(desk: Desk, suggestion: Suggestion, words: str) -> None:
    desk.hold("suggested-match", suggestion.id, f"{words}: {'; '.join(suggestion.evidence)}", f"suggested-match:{suggestion.id}",
              anew=True, child=suggestion.candidate, case=suggestion.case)
