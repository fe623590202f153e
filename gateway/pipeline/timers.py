"""Timers: what happens when nobody did anything. The job kind "timer": payload ``what`` and ``about``.

A clock of n school days falls due at the first moment, in London, of the day after the n-th school day (``clocks.london``), so
that a run on that next day finds it. Every handler looks first whether its matter still waits, in the version of its row that
stands today; one that does not ends quietly.

    held-row      a held row that nobody put right: a provisional case
    awaited       the joiner did not come: overdue, a hold
    overdue       nor in the days after: a case
    ahead         a joiner dated ahead, on its day: routed again
    no-show       the autumn list of a date (``no_shows``)
    answer-due    another authority did not answer: its enquiry expires, and the referral to where the child lives is drafted
    instruction   the days before an instruction are over
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from gateway.domain.cases.case import CaseState
from gateway.domain.parcels.parcel import Job
from gateway.domain.referrals.exchange import Event, News, can
from gateway.domain.referrals.referral import Direction, ReferralKind, ReferralState
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind
from gateway.pipeline import casework, no_shows, not_arrived
from gateway.pipeline.carry_out import carry_out
from gateway.pipeline.desk import Desk
from gateway.pipeline.exchange.answers import follow_up
from gateway.pipeline.exchange.journal import step, write
from gateway.pipeline.route import Row
from gateway.pipeline.route.cases import orders_of_a_case
from gateway.pipeline.route.situation import age_at
from gateway.pipeline.routing import route
from gateway.pipeline.suggesting import open_about
from gateway.ports import Ports

_UNANSWERED = (ReferralState.SENT, ReferralState.DELIVERED)


def handle(job: Job, ports: Ports) -> None:
    """Carry out one timer in one transaction, and finish its job."""
    fire(job, ports, ports.clock.now())


def fire(job: Job, ports: Ports, now: datetime) -> None:
    """The same at a given moment."""
    with ports.store.writing() as tx:
        desk = Desk(tx, ports, now)
        act = _ACTS.get(str(job.payload["what"]))
        if act is not None:
            act(desk, str(job.payload["about"]))
            desk.settle()
        tx.jobs.finish(job)


def _standing(desk: Desk, id: str) -> Movement | None:
    """The version that stands, unless it was withdrawn, or its child is restricted: no chasers then."""
    movement = desk.standing(desk.movements.find(id))
    if movement is None or movement.state is MovementState.WITHDRAWN:
        return None
    return None if desk.lay_out(movement.child).restricted else movement


def _held_row(desk: Desk, about: str) -> None:
    movement = _standing(desk, about)
    if movement is None or movement.state is not MovementState.HELD or desk.case_of(movement.child):
        return
    if age_at(movement.record, desk.today) != "of":
        return
    why = f"a held row was not put right in {desk.ports.policy.held_row_days} school days"
    row = Row(movement.record, movement.school)
    carry_out(desk, movement, orders_of_a_case(row, desk.ports.calendar, desk.world, why, provisional=True))


def _awaited(desk: Desk, about: str) -> None:
    movement = _standing(desk, about)
    if movement is not None and movement.state is MovementState.AWAITED and movement.due and desk.today > movement.due:
        not_arrived.late(desk, movement)


def _overdue(desk: Desk, about: str) -> None:
    movement = _standing(desk, about)
    if movement is not None and movement.state is MovementState.OVERDUE and movement.due and desk.today > movement.due:
        not_arrived.too_late(desk, movement)


def _ahead(desk: Desk, about: str) -> None:
    movement = _standing(desk, about)
    dated_ahead = movement is not None and movement.state is MovementState.PENDING and movement.kind is MovementKind.JOINER
    if movement is not None and dated_ahead and not open_about(desk, movement.id, movement.child):
        route(desk, movement)


def _no_show(desk: Desk, about: str) -> None:
    no_shows.look(desk, date.fromisoformat(about))


def _answer_due(desk: Desk, about: str) -> None:
    referral = desk.tx.referrals.find(about)
    if referral is None or referral.direction is not Direction.OUT or referral.state not in _UNANSWERED:
        return
    case = desk.tx.cases.find(referral.case) if referral.case else None
    if case is None or case.state is CaseState.CLOSED:
        return
    if can(referral, News.EXPIRE) and referral.kind is ReferralKind.ENQUIRY:
        referral = step(desk.tx, referral, Event(News.EXPIRE, desk.now))
        write(desk.tx, desk.ports, referral, "enquiry-expired", desk.actor, desk.now)
        follow_up(desk.tx, desk.ports, referral, f"{referral.authority} did not answer", desk.now)
    desk.hold("silence", referral.id, f"{referral.authority} has not answered our {referral.kind.value}",
              f"silence:{referral.id}:{desk.today.isoformat()}", child=referral.child, case=referral.case)


def _instruction(desk: Desk, about: str) -> None:
    instruction = desk.instructions.find(about)
    case = desk.cases.find(instruction.case) if instruction else None
    if case is not None and case.state is not CaseState.CLOSED and not case.restricted:
        desk.lay_out(case.child)
        casework.ready_instructions(desk, case)


_ACTS: Mapping[str, Callable[[Desk, str], None]] = {
    "held-row": _held_row, "awaited": _awaited, "overdue": _overdue, "ahead": _ahead, "no-show": _no_show,
    "answer-due": _answer_due, "instruction": _instruction,
}
