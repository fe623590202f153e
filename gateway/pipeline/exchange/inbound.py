"""Another authority begins an exchange: its child is matched, a case opened or joined, an officer asked to answer.

1. Matched by the same evidence as a school's row: certain, suggested to a person, or a new child. Nothing is merged silently.
2. A referral opens a case, or joins the child's open one, which stays as it is. An enquiry opens none: the child may be on
   roll and well; it joins a case that is there.
3. An urgent flag reaches the duty contact and the deputy at once.
4. What was withdrawn before it arrived is kept as withdrawn, and nobody is asked anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from gateway.domain.cases.case import Case, Category
from gateway.domain.cases.risk import four_items, risk_factors
from gateway.domain.matching.child import Child, Suggestion
from gateway.domain.matching.keys import evidence_keys
from gateway.domain.parcels.matched import Doubt
from gateway.domain.parcels.orders import OpenCase
from gateway.domain.parcels.parcel import Parcel
from gateway.domain.referrals.exchange import Event, News
from gateway.domain.referrals.message import Message
from gateway.domain.referrals.referral import Direction, Referral, ReferralKind, ReferralState
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.rows_of_a_file import Gathered
from gateway.domain.returns.same_movement import identity_of
from gateway.pipeline.casework import open_case
from gateway.pipeline.desk import Desk
from gateway.pipeline.exchange import journal
from gateway.pipeline.identify import Reading, find_children, identify
from gateway.ports import Ports, Transaction

OTHER_NAMES = ("middle_names", "preferred_surname", "preferred_forename", "former_surname", "former_upn")


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
    _ask(desk, made, record, doubts, parcel)
    _suggest(desk, child, doubts, case)
    desk.settle()
    tx.referrals.add(made)
    journal.write(tx, ports, made, "referral-arrived", desk.actor, now, {"parcel": parcel.id, "suggestions": len(doubts)})
    return made


def record_of(body: Mapping[str, Any]) -> PupilRecord:
    """Their child as a row of ours, so that the same matching judges it."""
    child, education = body["child"], body.get("education", {})
    last, believed = body.get("last_address", {}), body.get("believed_address", {})
    details: dict[str, Any] = {name: child[name] for name in OTHER_NAMES if name in child}
    details |= {"address_lines": last.get("lines"), "new_address_lines": believed.get("lines"),
                "new_postcode": believed.get("postcode"), "new_address_from": believed.get("since"),
                "parents": body.get("parents"), "siblings": body.get("siblings"), **_needs(body.get("needs", {}))}
    return PupilRecord(
        row=1, sheet=None, movement=MovementKind.LEAVER, upn=child.get("upn"), legal_surname=child.get("legal_surname"),
        legal_forename=child.get("legal_forename"), dob=_day(child.get("dob")), sex=child.get("sex"),
        year_group=child.get("year_group"), home_postcode=last.get("postcode"), off_roll_date=_day(education.get("off_roll")),
        last_attendance_date=_day(education.get("last_attendance")), deletion_ground=education.get("ground"),
        urgent=bool(body.get("urgent")), school=education.get("last_school"),
        details={name: value for name, value in details.items() if value not in (None, [], "")})


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


def _ask(desk: Desk, referral: Referral, record: PupilRecord, doubts: tuple[Doubt, ...], parcel: Parcel) -> None:
    seen = f", {len(doubts)} suggested match(es)" if doubts else ""
    hold = desk.hold("answer", referral.id, f"{referral.reason} waits for our answer{seen}", f"answer:{referral.id}",
                     child=referral.child, case=referral.case)
    desk.job("notice", f"notice:{hold.id}", hold=hold.id)
    if record.urgent:
        urgent = desk.hold("urgent", parcel.id, f"urgent flag in a {referral.reason}", f"urgent:{parcel.id}:1",
                           child=referral.child, case=referral.case)
        desk.job("alert", f"alert:{urgent.id}", hold=urgent.id)


def _suggest(desk: Desk, child: Child, doubts: tuple[Doubt, ...], case: Case | None) -> None:
    for doubt in doubts:
        made = desk.suggestions.add(Suggestion(desk.ports.ids.new("S"), child.id, doubt.candidate, doubt.evidence, desk.now,
                                               case=case.id if case else None))
        desk.hold("suggested-match", made.id, "two records may be one child: " + "; ".join(doubt.evidence),
                  f"suggested-match:{child.id}:{doubt.candidate}", child=child.id, case=made.case)


def _needs(needs: Mapping[str, bool]) -> dict[str, Any]:
    known = {"sen": "sen_status"}
    return {known.get(name, name): value for name, value in needs.items()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


