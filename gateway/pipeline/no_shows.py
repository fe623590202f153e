"""The autumn no-show list: whom the schools with a feed did not report after a whole cohort changed school.

1. One look for each date on which children of the cohort fall due, and one hold for each school and date.
2. Its hold says how many are missing now: who is reported later is taken off, and with the last one it lapses.
3. Where the school has no feed, nothing can be known in this way: its children are noted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from gateway.domain.cases.waiting import HoldState
from gateway.domain.returns.movement import Movement, MovementState
from gateway.pipeline.desk import Desk
from gateway.pipeline.route.situation import Row, expected_in_autumn, expected_on, has_feed

Place = tuple[date, str]      # when they were due, and at which school


def look(desk: Desk, due: date) -> None:
    """The list of one date."""
    places: dict[Place, None] = {}
    for movement in _of(desk, MovementState.AWAITED, due):
        place = _place(desk, movement)
        desk.movements.change(replace(movement, state=MovementState.OVERDUE if place else MovementState.NOTED))
        if place:
            places[place] = None
    for place in sorted(places):
        _count(desk, place)


def recount(desk: Desk, was: Movement) -> None:
    """A movement may be missing no more: count its list again, once, before everything is written."""
    place = _place(desk, was) if was.state is MovementState.OVERDUE else None
    if place:
        desk.once(_key(place), partial(_count, desk, place))


def missing(desk: Desk, key: str) -> list[Movement]:
    """The movements that a list's hold is about."""
    _, due, laestab = key.split(":")
    place = (date.fromisoformat(due), laestab)
    found = [m for m in _of(desk, MovementState.OVERDUE, place[0]) if _place(desk, m) == place]
    desk.take_out(m.child for m in found)
    return found


def _count(desk: Desk, place: Place) -> None:
    key, laestab = _key(place), place[1]
    count = len(missing(desk, key))
    desk.holds.know(desk.tx.holds.where(key=key))
    if count:
        reason = f"{count} expected at {laestab} after phase transfer were not reported as joined"
        held = desk.hold("no-show", laestab, reason, key)
        if held.state is HoldState.OPEN and held.reason != reason:
            desk.holds.change(replace(held, reason=reason))
        return
    for hold in desk.open_holds(laestab, "no-show"):
        if hold.key == key:
            desk.clear(hold, HoldState.LAPSED)


def _place(desk: Desk, movement: Movement) -> Place | None:
    """The list on which a movement stands; None when it stands on none."""
    autumn = expected_in_autumn(Row(movement.record, movement.school), desk.world)
    school = desk.world.register.as_it_is_today(movement.record.destination_laestab)
    if autumn is None or school is None or movement.due is None:
        return None
    feeds = has_feed(movement.record, desk.world, max(autumn, expected_on(movement.record) or autumn))
    return (movement.due, school.laestab) if feeds else None


def _of(desk: Desk, state: MovementState, due: date) -> list[Movement]:
    """Those in the store and on the desk, as they are now."""
    desk.movements.know(desk.tx.movements.where(state=(MovementState.AWAITED, MovementState.OVERDUE), due=due))
    return [m for m in desk.movements if m.state is state and m.due == due
            and expected_in_autumn(Row(m.record, m.school), desk.world)]


def _key(place: Place) -> str:
    return f"no-show:{place[0].isoformat()}:{place[1]}"
