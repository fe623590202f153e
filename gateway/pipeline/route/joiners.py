"""What becomes of a joiner.

1. A held joiner waits with its row; it is no case, for the child is at a school.
2. One dated ahead is looked at again by itself on its day.
3. Else it answers the child's latest unanswered leaver, closing an open case, when nothing speaks against it (``halves``);
   what speaks against it makes it a suggestion.
4. A joiner that answers nothing is noted: it may come before its leaver.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.domain.cases.case import Case
from gateway.domain.parcels.orders import HoldRow, LookAgain, MatchHalves, NoteMovement, Order, SuggestClosing
from gateway.domain.returns.movement import Movement, MovementState
from gateway.pipeline.route.halves import later_leaver, leaver_for, lesser_registration, overtaken
from gateway.pipeline.route.situation import World

WAITING = (MovementState.AWAITED, MovementState.OVERDUE, MovementState.HELD)


def route_joiner(joiner: Movement, movements: Sequence[Movement], case: Case | None, world: World) -> tuple[Order, ...]:
    """The orders for one joiner; ``movements`` are all of the child's."""
    if joiner.held:
        return (HoldRow("the row has an error", None),)
    if joiner.moved_on and joiner.moved_on > world.today:
        return (LookAgain("the start date lies ahead", joiner.moved_on),)
    leaver = leaver_for(joiner, movements)
    if leaver is not None:
        return (_answer(joiner, leaver, movements, case, world),)
    if case is not None and (passed := overtaken(joiner, movements)):
        return (SuggestClosing("a joiner that starts before the last attendance", joiner.id,
                               (f"it starts before the last attendance of {len(passed)} later leaver",)),)
    if case is not None and case.movement is None:
        return (SuggestClosing("a joiner for a case that rests on no leaver", joiner.id, ("the case rests on no leaver",)),)
    return (NoteMovement("a joiner without a leaver that waits for it"),)


def _answer(joiner: Movement, leaver: Movement, movements: Sequence[Movement], case: Case | None, world: World) -> Order:
    against = list(lesser_registration(joiner, world))
    again = later_leaver(joiner, movements, leaver)
    if again and case is not None:
        against.append("the child left again later")
    if not against:
        return MatchHalves("the joiner that answers the leaver", leaver.id)
    if case is None and leaver.state not in WAITING:
        return NoteMovement(f"a joiner that answers nothing by itself: {'; '.join(against)}")
    return SuggestClosing("a joiner that may answer the leaver", joiner.id, tuple(against))
