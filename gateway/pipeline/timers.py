"""Timers: what happens when nobody did anything. The job kind "timer": payload ``what`` and ``about``.

A clock of n school days falls due at the first moment, in London, of the day after the n-th school day (``clocks.london``), so
that a run on that next day finds it. Every handler looks first whether its matter still waits; one that does not ends quietly.

    held-row      a held row that nobody put right: a provisional case
    awaited       the joiner did not come: overdue, a hold
    overdue       nor in the days after: a case
    ahead         a joiner dated ahead, on its day: routed again
    no-show       the autumn list: whom the schools with a feed did not report, one hold for each school
    answer-due    another authority did not answer: its enquiry expires, and the referral to where the child lives is drafted
    instruction   the days before an instruction are over
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from gateway.domain.cases.case import CaseState, Category
from gateway.domain.clocks import london
from gateway.domain.parcels.orders import InstructSchool
from gateway.domain.parcels.parcel import Job
from gateway.domain.referrals.exchange import Event, News, can
from gateway.domain.referrals.referral import Direction, ReferralKind, ReferralState
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind
from gateway.pipeline import casework
from gateway.pipeline.carry_out import carry_out
from gateway.pipeline.desk import Desk
from gateway.pipeline.route import Row
from gateway.pipeline.route.leavers import case_for
from gateway.pipeline.route.situation import age_at, at_phase_transfer, destination_of, has_feed, is_confirmed, own_school
from gateway.pipeline.supersede import orders_for
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
    """The movement, unless it was superseded, withdrawn, or its child is restricted: no chasers then."""
    movement = desk.movements.find(id)
    if movement is None or movement.state in (MovementState.SUPERSEDED, MovementState.WITHDRAWN):
        return None
    return None if desk.lay_out(movement.child).restricted else movement


def _held_row(desk: Desk, about: str) -> None:
    movement = _standing(desk, about)
    if movement is None or movement.state is not MovementState.HELD or desk.case_of(movement.child):
        return
    if age_at(movement.record, desk.today) != "of":
        return
    why = f"a held row was not put right in {desk.ports.policy.held_row_days} school days"
    order = case_for(Row(movement.record, movement.school), desk.ports.calendar, desk.world, why)
    casework.open_case(desk, desk.lay_out(movement.child), movement, order, provisional=True)


def _awaited(desk: Desk, about: str) -> None:
    movement = _standing(desk, about)
    if movement is None or movement.state is not MovementState.AWAITED or movement.due is None or desk.today <= movement.due:
        return
    due = case_due(desk, movement)
    movement = desk.movements.change(replace(movement, state=MovementState.OVERDUE, due=due))
    if desk.today > due:
        _case_for_overdue(desk, movement)
        return
    desk.hold("overdue", movement.id, f"what was awaited did not come in time; a case opens after {due.isoformat()}",
              f"overdue:{movement.id}", child=desk.lay_out(movement.child).id)
    desk.timer("overdue", movement.id, london.after(due))


def case_due(desk: Desk, movement: Movement) -> date:
    """The last day before an overdue movement is a case."""
    school = movement.record.destination_laestab
    return desk.ports.calendar.after(movement.due or desk.today, desk.ports.policy.overdue_school_days, school)


def _overdue(desk: Desk, about: str) -> None:
    movement = _standing(desk, about)
    if movement is None or movement.state is not MovementState.OVERDUE:
        return
    acknowledged = [h for id in desk.members(movement.child) for h in desk.handovers.of(id)
                    if h.movement == movement.id and h.acknowledged_at]
    if not acknowledged:             # a team that took the child has it; the hold stays until a person clears it
        _case_for_overdue(desk, movement)


def _case_for_overdue(desk: Desk, movement: Movement) -> None:
    if age_at(movement.record, desk.today) == "of":
        overdue_case(desk, movement, "what was awaited did not come")
    casework.lapse(desk, movement.id, "overdue", "confirm-destination")


def overdue_case(desk: Desk, movement: Movement, why: str, category: Category | None = None) -> None:
    """Open the case of a leaver who was named a place and did not arrive."""
    record = movement.record
    sort = category or (Category.PLACE_NOT_TAKEN if is_confirmed(record) else Category.NO_DESTINATION)
    order = case_for(Row(record, movement.school), desk.ports.calendar, desk.world, why, sort)
    case = casework.open_case(desk, desk.lay_out(movement.child), movement, order)
    outside = destination_of(record, desk.world) in ("indep", "indep+")
    casework.instruct(desk, case, InstructSchool(why, "MMMMMMM" if outside else "XXXXXXX"))
    desk.movements.change(replace(desk.movements.get(movement.id), state=MovementState.NOTED))


def _ahead(desk: Desk, about: str) -> None:
    movement = _standing(desk, about)
    if movement is not None and movement.state is MovementState.PENDING and movement.kind is MovementKind.JOINER:
        carry_out(desk, movement, orders_for(desk, movement))


def _no_show(desk: Desk, about: str) -> None:
    due = date.fromisoformat(about)
    missing: defaultdict[str, list[Movement]] = defaultdict(list)
    expected = [m for m in desk.tx.movements.where(state=MovementState.AWAITED, due=due)
                if at_phase_transfer(Row(m.record, m.school), desk.world)]
    desk.take_out(m.child for m in expected)
    for movement in expected:
        school = own_school(movement.record, desk.world)
        if school is not None and has_feed(movement.record, desk.world):
            missing[school.laestab].append(movement)
            desk.movements.change(replace(movement, state=MovementState.OVERDUE))
        else:
            desk.movements.change(replace(movement, state=MovementState.NOTED))
    for laestab, children in sorted(missing.items()):
        desk.hold("no-show", laestab, f"{len(children)} expected at {laestab} after phase transfer were not reported as joined",
                  f"no-show:{due.year}:{laestab}")


def _answer_due(desk: Desk, about: str) -> None:
    from gateway.pipeline.exchange.answers import follow_up  # the exchange closes cases through the desk: above, a circle

    referral = desk.tx.referrals.find(about)
    if referral is None or referral.direction is not Direction.OUT or referral.state not in _UNANSWERED:
        return
    case = desk.tx.cases.find(referral.case) if referral.case else None
    if case is None or case.state is CaseState.CLOSED:
        return
    if can(referral, News.EXPIRE) and referral.kind is ReferralKind.ENQUIRY:
        from gateway.pipeline.exchange.journal import step, write

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
