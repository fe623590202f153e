"""The two halves of a move: a leaver at one school, a joiner at another.

A joiner answers a leaver by itself only if
1. the child is certainly the same (matching saw to that before anything comes here),
2. its start date is reached, and is not before the last attendance,
3. the registration is main or single, or nothing is said of it; and the school is no alternative provision,
4. no later leaver exists.
Else it is suggested to a person, with what speaks against it.

A leaver whose row gives no date had left by the day on which it was first reported, and not long before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from gateway.domain.cases.case import Case
from gateway.domain.clocks.london import day_of
from gateway.domain.returns.flags import read_enrolment_status
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.text import is_placeholder
from gateway.pipeline.route.situation import World, is_alternative

NOT_LIVE = (MovementState.SUPERSEDED, MovementState.WITHDRAWN)
UNDATED = timedelta(days=28)
WHOLE = ("main", "single")
LEFT_AGAIN = "the child left again later"
NO_DATE = "the leaver's row gives no date"
RESTS_ON_NONE = "the case rests on no leaver"
RESTS_ON_ANOTHER = "the case rests on another leaver"


def left_on(record: PupilRecord) -> date | None:
    """The last attendance; the off-roll date where it is not given."""
    return record.last_attendance_date or record.off_roll_date


def gone_by(leaver: Movement) -> date:
    """The day by which the child had left for certain."""
    return left_on(leaver.record) or (day_of(leaver.noted_at) if leaver.noted_at else date.max)


def live(movements: Iterable[Movement], kind: MovementKind) -> list[Movement]:
    """A child's movements of one kind that still stand, oldest first."""
    return sorted((m for m in movements if m.kind is kind and m.state not in NOT_LIVE), key=lambda m: m.moved_on or date.max)


def answered_by(leaver: Movement, movements: Sequence[Movement], today: date) -> list[Movement]:
    """Joiners that may answer this leaver: started, on or after the last attendance, not the answer to another, best first."""
    left = left_on(leaver.record)
    joiners = [j for j in live(movements, MovementKind.JOINER)
               if not j.held and j.moved_on and left and left <= j.moved_on <= today
               and j.matched_with in (None, leaver.id) and not (j.school == leaver.school and j.moved_on == left)]
    return sorted(joiners, key=lambda j: j.moved_on or date.max)


def leaver_for(joiner: Movement, movements: Sequence[Movement]) -> Movement | None:
    """The latest unanswered leaver before this joiner's start; one whose row gives no date only where no other is."""
    start = joiner.moved_on
    leavers = [m for m in live(movements, MovementKind.LEAVER) if m.matched_with in (None, joiner.id) and start
               and (left := left_on(m.record) or _about(m)) and left <= start
               and not (m.school == joiner.school and left == start)]
    dated = [m for m in leavers if left_on(m.record)]
    return next(reversed(dated or leavers), None)


def _about(leaver: Movement) -> date | None:
    """About when a child left whose row gives no date: within the weeks before it was reported."""
    return day_of(leaver.noted_at) - UNDATED if leaver.noted_at else None


def overtaken(joiner: Movement, movements: Sequence[Movement]) -> list[Movement]:
    """Unanswered leavers of other schools whose last attendance lies after this joiner's start."""
    return [m for m in live(movements, MovementKind.LEAVER) if m.matched_with is None and m.school != joiner.school
            and joiner.moved_on and (left := left_on(m.record)) and left > joiner.moved_on]


def later_leaver(joiner: Movement, movements: Sequence[Movement], besides: Movement | None = None) -> bool:
    """Whether the child left again after this joiner."""
    return any(m.id != (besides.id if besides else None) and joiner.moved_on
               and (gone_by(m) > joiner.moved_on or (m.school == joiner.school and gone_by(m) >= joiner.moved_on))
               for m in live(movements, MovementKind.LEAVER))


def rests_on(case: Case, leaver: Movement, movements: Sequence[Movement]) -> bool:
    """Whether a case rests on this leaver, or on one that is no later."""
    ground = next((m for m in movements if m.id == case.movement), None)
    return ground is not None and (ground.id == leaver.id or gone_by(ground) <= gone_by(leaver))


def lesser_registration(joiner: Movement, world: World) -> tuple[str, ...]:
    """What makes this registration less than a place at a school."""
    text = str(joiner.record.details.get("enrolment_status") or "").strip()
    status = read_enrolment_status(text)
    found = [] if is_placeholder(text) or status in WHOLE else ["the registration is not known to be main or single"]
    if is_alternative(joiner.school, world):
        found.append("the school is alternative provision")
    return tuple(found)


def objections(joiner: Movement, leaver: Movement | None, movements: Sequence[Movement], case: Case | None,
               world: World) -> tuple[str, ...]:
    """What speaks against closing by itself, as sentences without values; ``leaver``: whom the joiner would answer."""
    found = list(lesser_registration(joiner, world))
    if leaver is not None and left_on(leaver.record) is None and joiner.moved_on and joiner.moved_on < gone_by(leaver):
        found.append(NO_DATE)
    if case is not None and leaver is not None and later_leaver(joiner, movements, leaver):
        found.append(LEFT_AGAIN)
    if case is not None and leaver is None and (passed := overtaken(joiner, movements)):
        found.append(f"it starts before the last attendance of {len(passed)} later leaver")
    if case is not None and case.movement is None:
        found.append(RESTS_ON_NONE)
    elif case is not None and leaver is not None and not rests_on(case, leaver, movements):
        found.append(RESTS_ON_ANOTHER)
    return tuple(found)
