"""What becomes of a joiner.

1. A held joiner waits with its row; it is no case, for the child is at a school.
2. One dated ahead is looked at again by itself on its day.
3. Else it answers the child's latest unanswered leaver, closing the open case that rests on it, when nothing speaks against it
   (``halves``); what speaks against it makes it a suggestion.
4. A case that rests on no leaver, or on another one, is not closed with it: whether the joiner answers that too is a question.
5. A joiner that answers nothing is noted: it may come before its leaver.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.domain.cases.case import Case
from gateway.domain.parcels.orders import HoldRow, LookAgain, MatchHalves, NoteMovement, Order, SuggestClosing
from gateway.domain.returns.movement import Movement, MovementState
from gateway.pipeline.route.halves import RESTS_ON_ANOTHER, RESTS_ON_NONE, leaver_for, objections, overtaken
from gateway.pipeline.route.situation import World

WAITING = (MovementState.AWAITED, MovementState.OVERDUE, MovementState.HELD)
_OF_THE_CASE = (RESTS_ON_NONE, RESTS_ON_ANOTHER)


def route_joiner(joiner: Movement, movements: Sequence[Movement], case: Case | None, world: World) -> tuple[Order, ...]:
    """The orders for one joiner; ``movements`` are all of the child's."""
    if joiner.held:
        return (HoldRow("the row has an error", None),)
    if joiner.moved_on and joiner.moved_on > world.today:
        return (LookAgain("the start date lies ahead", joiner.moved_on),)
    leaver = leaver_for(joiner, movements)
    if leaver is not None:
        return _answer(joiner, leaver, case, objections(joiner, leaver, movements, case, world))
    if case is not None and (case.movement is None or overtaken(joiner, movements)):
        against = objections(joiner, leaver, movements, case, world)
        return (SuggestClosing("a joiner that may answer the case", joiner.id, against),)
    return (NoteMovement("a joiner without a leaver that waits for it"),)


def _answer(joiner: Movement, leaver: Movement, case: Case | None, against: Sequence[str]) -> tuple[Order, ...]:
    of_the_case = tuple(objection for objection in against if objection in _OF_THE_CASE)
    if len(of_the_case) == len(against):
        met = MatchHalves("the joiner that answers the leaver", leaver.id)
        return (met, SuggestClosing("a joiner for another case", joiner.id, of_the_case)) if of_the_case else (met,)
    if case is None and leaver.state not in WAITING:
        return (NoteMovement(f"a joiner that answers nothing by itself: {'; '.join(against)}"),)
    return (SuggestClosing("a joiner that may answer the leaver", joiner.id, tuple(against)),)
