"""Opening a case by hand, for what no return says: an agency's word, a place not taken up, home education not engaged.

1. About a child that is known, by the id of anything about it; or about one who is told of, matched by the same evidence as a
   school's row: certain, suggested to a person, or new.
2. Compulsory school age, responsibility, clocks and the draft to another authority follow as from a row.
3. One open case for a child. What an officer types is kept sealed on the case's timeline; the case's reason is the category.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.domain.actor import Actor
from gateway.domain.cases.case import Case, Category
from gateway.domain.matching.child import Child
from gateway.domain.matching.keys import evidence_keys
from gateway.domain.parcels.matched import Doubt
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.rows_of_a_file import Gathered
from gateway.domain.returns.same_movement import identity_of
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline import casework
from gateway.pipeline.away import Draft
from gateway.pipeline.desk import Desk
from gateway.pipeline.exchange.about import record_about
from gateway.pipeline.identify import Reading, find_children, identify
from gateway.pipeline.officer.act import at_desk, with_reason
from gateway.pipeline.officer.whose import child_of
from gateway.pipeline.route import Row
from gateway.pipeline.route.cases import case_for, referral_for
from gateway.pipeline.route.situation import age_at
from gateway.pipeline.suggesting import suggest_doubts
from gateway.ports import Ports, Transaction

_WAITING = (MovementState.AWAITED, MovementState.OVERDUE, MovementState.PENDING)


def open_case(tx: Transaction, ports: Ports, who: PupilRecord | str, category: Category, text: str, actor: Actor,
              now: datetime) -> Case:
    """Open a case about a child: ``who`` is the id of something known of it, or its particulars as they were told."""
    desk, text = at_desk(tx, ports, actor, now), with_reason(text, "--evidence")
    if isinstance(who, str):
        child, movement = child_of(desk, who)
        record, doubts = record_about(desk, child, movement), tuple[Doubt, ...]()
    else:
        record, movement = who, None
        child, doubts = _told(desk, record)
    _may_open(desk, child, record)
    case = _opened(desk, child, movement, record, category)
    if movement is None and record is not None:
        case = desk.cases.change(replace(case, told=record.to_json(), last_school=record.school))
    desk.event(case.id, "opened-by-hand", text)
    suggest_doubts(desk, child.id, doubts, case=case)
    desk.settle()
    return case


def _told(desk: Desk, record: PupilRecord) -> tuple[Child, tuple[Doubt, ...]]:
    who = identity_of(record)
    keys = evidence_keys(who.upn, who.surname, who.forename, who.dob, who.postcode)
    row = Reading(0, record, desk.ports.policy.la, Gathered((), (), record), (), who, keys)
    return identify(desk, row, find_children(desk, [row]))


def _may_open(desk: Desk, child: Child, record: PupilRecord | None) -> None:
    known = desk.case_of(child.id)
    if known is not None:
        raise UsageError(f"the child has case {known.id} open, one at a time", code="CASE-OPEN", hint="Work on that case.")
    born = record.dob if record and record.dob else child.dob
    if born is not None and record is not None and age_at(replace(record, dob=born), desk.today) != "of":
        raise NotAllowedError("by date of birth the child is not of compulsory school age: no case opens", code="NOT-OF-AGE",
                              hint="Over it: tell the participation team. Below it: nothing is missing yet.")


def _opened(desk: Desk, child: Child, movement: Movement | None, record: PupilRecord | None, category: Category) -> Case:
    why = f"opened by hand: {category.value.replace('-', ' ')}"
    record = record or PupilRecord(row=0, sheet=None, movement=MovementKind.LEAVER, dob=child.dob, home_postcode=child.postcode)
    row = Row(record, movement.school if movement else record.school or desk.ports.policy.la)
    case = casework.open_case(desk, child, movement, case_for(row, desk.ports.calendar, desk.world, why, category))
    order = referral_for(row, desk.world, f"{why}; the child is said to live there")
    if order is not None:
        desk.away.drafts.append(Draft(case.id, child.id, record, order))
    if movement is not None and movement.state in _WAITING:
        desk.movements.change(replace(movement, state=MovementState.NOTED))
        casework.lapse(desk, movement.id, "overdue", "confirm-destination")
    return case
