"""The two halves of a move: a leaver at one school, a joiner at another.

A joiner answers a leaver by itself only if
1. the child is certainly the same (matching saw to that before anything comes here),
2. its start date is reached, and is not before the last attendance,
3. the registration is main or single: not guest, subsidiary, or at alternative provision,
4. no later leaver exists.
Else it is suggested to a person, with what speaks against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.pipeline.route.situation import World, is_alternative

NOT_LIVE = (MovementState.SUPERSEDED, MovementState.WITHDRAWN)
UNDATED = timedelta(days=28)
_LESSER = ("guest", "subsidiary", "alternative")


def left_on(record: PupilRecord) -> date | None:
    """The last attendance; the off-roll date where it is not given."""
    return record.last_attendance_date or record.off_roll_date


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
    """The latest unanswered leaver before this joiner's start."""
    start = joiner.moved_on
    leavers = [m for m in live(movements, MovementKind.LEAVER) if m.matched_with in (None, joiner.id) and start
               and (left := left_on(m.record) or _about(m)) and left <= start
               and not (m.school == joiner.school and left == start)]
    return leavers[-1] if leavers else None


def _about(leaver: Movement) -> date | None:
    """About when a child left whose row gives no date that reads: within the weeks before it was reported."""
    return leaver.noted_at.date() - UNDATED if leaver.noted_at else None


def overtaken(joiner: Movement, movements: Sequence[Movement]) -> list[Movement]:
    """Unanswered leavers of other schools whose last attendance lies after this joiner's start."""
    return [m for m in live(movements, MovementKind.LEAVER) if m.matched_with is None and m.school != joiner.school
            and joiner.moved_on and (left := left_on(m.record)) and left > joiner.moved_on]


def later_leaver(joiner: Movement, movements: Sequence[Movement], besides: Movement | None = None) -> bool:
    """Whether the child left again after this joiner."""
    return any(m.id != (besides.id if besides else None) and joiner.moved_on and (left := left_on(m.record))
               and (left > joiner.moved_on or (m.school == joiner.school and left >= joiner.moved_on))
               for m in live(movements, MovementKind.LEAVER))


def lesser_registration(joiner: Movement, world: World) -> tuple[str, ...]:
    """What makes this registration less than a place at a school."""
    status = str(joiner.record.details.get("enrolment_status") or "").strip().casefold()
    found = [f"the registration is {status}" for word in _LESSER if word in status or status in ("g", "s")][:1]
    if is_alternative(joiner.school, world):
        found.append("the school is alternative provision")
    return tuple(found)
