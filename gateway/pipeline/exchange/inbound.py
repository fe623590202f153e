"""Another authority begins an exchange: its child is matched, a case opened or joined, an officer asked to answer.

1. Matched by the same evidence as a school's row: certain, suggested to a person, or a new child. Nothing is merged silently.
2. A referral opens a case, or joins the child's open one, which stays as it is. An enquiry opens none: the child may be on
   roll and well; it joins a case that is there.
3. An urgent flag reaches the duty contact and the deputy at once.
4. What was withdrawn before it arrived is kept as withdrawn, and nobody is asked anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.domain.cases.case import Case, Category
from gateway.domain.cases.risk import four_items, risk_factors
from gateway.domain.counting import counted
from gateway.domain.matching.child import Child
from gateway.domain.matching.keys import evidence_keys
from gateway.domain.parcels.matched import Doubt
from gateway.domain.parcels.orders import OpenCase
from gateway.domain.parcels.parcel import Parcel
from gateway.domain.referrals.asked import record_of
from gateway.domain.referrals.exchange import Event, News
from gateway.domain.referrals.message import Message
from gateway.domain.referrals.referral import Direction, Referral, ReferralKind, ReferralState
from gateway.domain.returns.record import PupilRecord
from gateway.domain.returns.rows_of_a_file import Gathered
from gateway.domain.returns.same_movement import identity_of
from gateway.pipeline.casework import open_case
from gateway.pipeline.desk import Desk
from gateway.pipeline.exchange import journal
from gateway.pipeline.identify import Reading, find_children, identify
from gateway.pipeline.suggesting import suggest_doubts
from gateway.ports import Ports, Transaction


def open_exchange(tx: Transaction, ports: Ports, parcel: Parcel, message: Message, now: datetime, *, withdrawn: bool) -> Referral:
    """Keep what they ask, and put it before an officer."""
    envelope = message.envelope
    kind = ReferralKind(envelope.kind.value)
    made = Referral(
        id=ports.ids.new("R"), message=envelope.message, kind=kind, direction=Direction.IN, authority=envelope.sender,
        state=ReferralState.DELIVERED, created_at=now, sent_at=envelope.created, delivered_at=now,
        payload=dict(message.body), parcel=parcel.id, reason=f"{kind.value} from {envelope.sender}")
    if withdrawn:
        tx.referrals.add(made)
        return journal.step(tx, made, Event(News.WITHDRAW, now))
    desk = Desk(tx, ports, now)
    record = record_of(message.body)
    child, doubts = _identified(desk, record, envelope.sender)
    case = _case(desk, child, record, made, parcel)
    made = replace(made, child=child.id, case=case.id if case else None)
    new = suggest_doubts(desk, child.id, doubts, case=case)
    _ask(desk, made, record, new, parcel)
    desk.settle()
    tx.referrals.add(made)
    journal.write(tx, ports, made, "referral-arrived", desk.actor, now, {"parcel": parcel.id, "suggestions": len(doubts)})
    return made


def _identified(desk: Desk, record: PupilRecord, sender: str) -> tuple[Child, tuple[Doubt, ...]]:
    who = identity_of(record)
    keys = evidence_keys(who.upn, who.surname, who.forename, who.dob, who.postcode)
    row = Reading(0, record, sender, Gathered((), (), record), (), who, keys)
    return identify(desk, row, find_children(desk, [row]))


def _case(desk: Desk, child: Child, record: PupilRecord, referral: Referral, parcel: Parcel) -> Case | None:
    joined = desk.case_of(child.id)
    if joined is not None:
        desk.event(joined.id, "referral-arrived", referral.reason)
        return joined
    if referral.kind is ReferralKind.ENQUIRY:
        return None
    order = OpenCase(referral.reason, Category.NO_DESTINATION, desk.ports.policy.la, four_items(record), risk_factors(record))
    case = open_case(desk, child, None, order)
    return desk.cases.change(replace(case, parcel=parcel.id, last_school=record.school))


def _ask(desk: Desk, referral: Referral, record: PupilRecord, doubts: int, parcel: Parcel) -> None:
    seen = f", {counted(doubts, 'suggested match', 'suggested matches')}" if doubts else ""
    hold = desk.hold("answer", referral.id, f"{referral.reason} waits for our answer{seen}", f"answer:{referral.id}",
                     child=referral.child, case=referral.case)
    desk.job("notice", f"notice:{hold.id}", hold=hold.id)
    if record.urgent:
        urgent = desk.hold("urgent", parcel.id, f"urgent flag in a {referral.reason}", f"urgent:{parcel.id}:1",
                           child=referral.child, case=referral.case)
        desk.job("alert", f"alert:{urgent.id}", hold=urgent.id)
