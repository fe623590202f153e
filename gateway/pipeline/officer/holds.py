"""Acts on a hold: release or reject, with a reason. What each does depends on what waits.

    what                 release                                             reject
    rows                 the rows count as they stand: routed                the rows are withdrawn
    file                 read again                                          stays as it is; a person dealt with it
    sender               read again, as theirs                               stays as it is; nothing of it counts
    job                  tried again at once, as if for the first time       not done
    confirm-destination  the child is there: noted                           not there, or not known: a case
    overdue              found at a school: noted                            a case now
    no-show              cases for those still missing                       they are accounted for
    suggested-closing    the case closes, as corrected or as the hold says   the case stays open
    suggested-match      as `match accept`                                   as `match reject`
    release, guard       the referral goes (the exchange)                    the draft is withdrawn
    bounced              it is sent again; a reply: dealt with               dealt with
    silence              someone asked after it: due anew                    nobody asks after it any more
    taken-back           the case is open again                              the case stays closed
    tell-by-hand         they were told that we take it back                 dealt with
    urgent               acknowledged                                        acknowledged
    second-person        done as it was proposed, by another person          not done
    anything else        done                                                done, refused
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from gateway.domain.actor import Actor
from gateway.domain.cases.case import CaseState, Category
from gateway.domain.cases.evidence import Evidence
from gateway.domain.cases.waiting import Hold, HoldState
from gateway.domain.parcels.parcel import JobState, ParcelState
from gateway.domain.referrals.referral import ReferralState
from gateway.domain.returns.movement import Movement, MovementState
from gateway.errors import UsageError
from gateway.pipeline import casework, exchange
from gateway.pipeline.desk import Desk
from gateway.pipeline.no_shows import missing
from gateway.pipeline.not_arrived import case_of_one_who_did_not_arrive
from gateway.pipeline.officer import matches, protections
from gateway.pipeline.officer.act import at_desk, with_reason
from gateway.pipeline.officer.closing import CLOSE, close_as_proposed, close_or_propose
from gateway.pipeline.reading import reading
from gateway.pipeline.routing import route
from gateway.pipeline.supersede import decide
from gateway.ports import Ports, Transaction

Act = Callable[[Desk, Hold, str], None]
_ABOUT_THE_PLACE = ("overdue", "confirm-destination")      # one answer answers both


def release(tx: Transaction, ports: Ports, hold_id: str, reason: str, actor: Actor, now: datetime) -> Hold:
    """Let what waits go on."""
    return _clear(tx, ports, hold_id, reason, actor, now, HoldState.RELEASED)


def reject(tx: Transaction, ports: Ports, hold_id: str, reason: str, actor: Actor, now: datetime) -> Hold:
    """Say no to what waits."""
    return _clear(tx, ports, hold_id, reason, actor, now, HoldState.REJECTED)


def _clear(tx: Transaction, ports: Ports, hold_id: str, reason: str, actor: Actor, now: datetime, state: HoldState) -> Hold:
    desk = at_desk(tx, ports, actor, now)
    with_reason(reason)
    hold = desk.holds.get(hold_id)
    if hold.state is not HoldState.OPEN:
        raise UsageError(f"hold {hold.id} is {hold.state.value}, expected open", code="HOLD-CLEARED",
                         hint="`gateway holds` lists what waits.")
    released = state is HoldState.RELEASED
    if hold.what == "suggested-match":
        decide = matches.accept if released else matches.reject
        decide(tx, ports, hold.about, reason, actor, now)
        return tx.holds.get(hold.id)
    if hold.what in ("release", "guard") or (hold.what == "bounced" and released and _goes_again(desk, hold)):
        return _by_exchange(desk, hold, state, reason)
    if hold.what == "second-person" and released:
        return _agreed(desk, hold, reason)
    hold = desk.clear(hold, state, reason)
    for child in filter(None, (hold.child,)):
        desk.lay_out(child)
    act = (_RELEASE if released else _REJECT).get(hold.what)
    if act:
        act(desk, hold, reason)
    return _written(desk, hold)


def _written(desk: Desk, hold: Hold) -> Hold:
    desk.leaf(f"hold-{hold.state.value}", hold.id, {"what": hold.what, "about": hold.about})
    case = desk.cases.find(hold.case)
    if case:
        desk.event(case.id, f"hold-{hold.state.value}", f"{hold.what}: {hold.cleared_reason}")
    desk.settle()
    return hold


def _goes_again(desk: Desk, hold: Hold) -> bool:
    referral = desk.tx.referrals.find(hold.about)
    return referral is not None and referral.state is ReferralState.BOUNCED


def _by_exchange(desk: Desk, hold: Hold, state: HoldState, reason: str) -> Hold:
    """The draft goes, or is withdrawn. What the guard stops now waits under a hold that is open: the one that is given back."""
    tx, ports = desk.tx, desk.ports
    if state is HoldState.REJECTED:
        exchange.withdraw(tx, ports, tx.referrals.get(hold.about), desk.actor, desk.now)
    elif hold.what == "guard":
        exchange.release_guarded(tx, ports, hold.about, desk.actor, desk.now, reason)
    else:
        exchange.release(tx, ports, hold.about, desk.actor, desk.now)
    now = tx.holds.get(hold.id)
    if now.state is not HoldState.OPEN:
        now = replace(now, state=state, cleared_by=desk.actor.user, cleared_at=desk.now, cleared_reason=reason)
        tx.holds.save(now)
    desk.leaf(f"hold-{now.state.value}", hold.id, {"what": hold.what, "about": hold.about})
    stopped = tx.holds.where(about=hold.about, what="guard", state=HoldState.OPEN)
    return stopped[0] if stopped and state is HoldState.RELEASED else now


def _agreed(desk: Desk, hold: Hold, reason: str) -> Hold:
    """The second person agrees: what the first proposed is done, by the same rules."""
    if (hold.details or {}).get("act") == CLOSE:
        close_as_proposed(desk, hold)
    else:
        protections.lift_as_proposed(desk, hold, reason)
    desk.settle()
    return desk.tx.holds.get(hold.id)


def _held_rows(desk: Desk, hold: Hold) -> list[Movement]:
    rows = desk.tx.movements.where(parcel=hold.about, state=MovementState.HELD)
    desk.take_out(m.child for m in rows)
    desk.movements.know(rows)
    return rows


def _rows_as_they_stand(desk: Desk, hold: Hold, reason: str) -> None:
    for movement in _held_rows(desk, hold):
        record = replace(movement.record, held=False)
        movement = desk.movements.change(replace(movement, record=record, held=False, state=MovementState.NOTED))
        orders = route(desk, movement)
        decide(desk, movement, orders, f"its held row counts as it stands: {reason}")
    _dealt_with(desk, hold, reason)


def _rows_withdrawn(desk: Desk, hold: Hold, reason: str) -> None:
    for movement in _held_rows(desk, hold):
        desk.movements.change(replace(movement, state=MovementState.WITHDRAWN))
        case = desk.case_of(movement.child)
        if case and case.state is CaseState.PROVISIONAL and case.movement == movement.id:
            close_or_propose(desk, case, Evidence.CORRECTED, f"its held row was withdrawn: {reason}")
    _dealt_with(desk, hold, reason)


def _dealt_with(desk: Desk, hold: Hold, reason: str) -> None:
    """A person decided what the parcel's check could not: nothing of it waits any more."""
    parcel = desk.tx.parcels.get(hold.about)
    if parcel.state is ParcelState.HELD:
        desk.tx.parcels.save(replace(parcel, state=ParcelState.SETTLED))


def _read_again(desk: Desk, hold: Hold, reason: str) -> None:
    parcel = desk.tx.parcels.get(hold.about)
    if not reading(desk.tx, parcel, parcel.reading + 1, desk.now):
        reading(desk.tx, parcel, parcel.reading + 1, desk.now, why=hold.id)   # that one failed, or is under way


def _try_again(desk: Desk, hold: Hold, reason: str) -> None:
    """A held job is due at once, as on its first day; a parcel that it was to read is as it came."""
    for job in desk.tx.jobs.where(id=hold.about, state=JobState.HELD):
        desk.tx.jobs.wake(job.key, desk.now)
        parcel = desk.tx.parcels.find(str(job.payload.get("parcel", ""))) if job.kind == "process" else None
        if parcel is not None and parcel.state is ParcelState.HELD and parcel.reading == 0:
            desk.tx.parcels.save(replace(parcel, state=ParcelState.RECEIVED))


def _is_there(desk: Desk, hold: Hold, reason: str) -> None:
    movement = desk.movements.find(hold.about)
    if movement and movement.state in (MovementState.AWAITED, MovementState.OVERDUE, MovementState.PENDING):
        desk.movements.change(replace(movement, state=MovementState.NOTED))
        casework.lapse(desk, movement.id, *_ABOUT_THE_PLACE)


def _case_now(desk: Desk, hold: Hold, reason: str) -> None:
    movement = desk.movements.find(hold.about)
    if movement and movement.state not in (MovementState.SUPERSEDED, MovementState.MATCHED):
        category = Category.PLACE_NOT_TAKEN if hold.what == "overdue" else Category.NO_DESTINATION
        case_of_one_who_did_not_arrive(desk, movement, f"{hold.what}: an officer found no place", category)
        casework.lapse(desk, movement.id, *_ABOUT_THE_PLACE)


def _no_shows(desk: Desk, hold: Hold, reason: str) -> None:
    for movement in missing(desk, hold.key):
        why = "expected after phase transfer, and not there"
        case_of_one_who_did_not_arrive(desk, movement, why, Category.FAILED_TRANSFER)


def _accounted_for(desk: Desk, hold: Hold, reason: str) -> None:
    for movement in missing(desk, hold.key):
        desk.movements.change(replace(movement, state=MovementState.NOTED))


def _close_as_suggested(desk: Desk, hold: Hold, reason: str) -> None:
    case, said = desk.cases.get(hold.about), hold.details or {}
    if case.state is not CaseState.CLOSED:
        text = f"{said['text']}; {reason}" if said else reason
        close_or_propose(desk, case, Evidence(said.get("evidence", Evidence.CORRECTED)), text, said.get("details"))


def _reopen(desk: Desk, hold: Hold, reason: str) -> None:
    """The answer on which the case closed was taken back: the case is open again, and their later answer is followed."""
    case = desk.cases.get(hold.case or "")
    other = desk.case_of(case.child)
    if case.state is CaseState.CLOSED and other is None:
        casework.reopen_case(desk, case, reason)
        desk.settle()
        exchange.follow(desk.tx, desk.ports, desk.tx.referrals.get(hold.about), desk.now)


def _told(desk: Desk, hold: Hold, reason: str) -> None:
    """That we take it back was told; that we ask is recorded with how and whom, so that the answer can be."""
    referral = desk.tx.referrals.get(hold.about)
    if referral.state is ReferralState.RELEASED:
        raise UsageError(f"hold {hold.id} waits for how and whom you told", code="TELL-FIRST",
                         hint=f"Type: gateway referrals sent {referral.id}")


def _ask_again(desk: Desk, hold: Hold, reason: str) -> None:
    """Someone looked after it: the answer is due anew."""
    exchange.answer_due(desk.tx, desk.ports, desk.tx.referrals.get(hold.about), desk.now)


_RELEASE: Mapping[str, Act] = {
    "rows": _rows_as_they_stand, "file": _read_again, "sender": _read_again, "confirm-destination": _is_there,
    "overdue": _is_there, "no-show": _no_shows, "suggested-closing": _close_as_suggested, "job": _try_again,
    "taken-back": _reopen, "silence": _ask_again, "tell-by-hand": _told,
}
_REJECT: Mapping[str, Act] = {
    "rows": _rows_withdrawn, "file": _dealt_with, "sender": _dealt_with, "confirm-destination": _case_now, "overdue": _case_now,
    "no-show": _accounted_for,
}
