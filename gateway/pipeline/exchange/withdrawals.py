"""Withdrawing: what is out about a child is taken back, because it was found, because it was restricted, or by an officer.

1. Drafts and held ones just end; what left, or may have left, is followed by a withdrawal, which names the exchange and nothing
   of the child.
2. An answer that was applied stays: a closed exchange is not withdrawn.
3. Who was told by a person is told by a person again.
"""

from __future__ import annotations

from datetime import datetime

from gateway.domain.actor import GATEWAY, Actor, Role, require
from gateway.domain.cases.case import Case, CaseState
from gateway.domain.referrals.exchange import Event, News, can
from gateway.domain.referrals.message import withdrawal_id
from gateway.domain.referrals.referral import Direction, Referral, ReferralState
from gateway.errors import UsageError
from gateway.pipeline.exchange import journal
from gateway.ports import Ports, Transaction

FOUND = "the child was found"
TAKEN_BACK = "taken back by the authority that sent it; ring the officer it names"
_LEFT = (ReferralState.SENT, ReferralState.DELIVERED, ReferralState.ANSWERED, ReferralState.EXPIRED)


def withdraw_for_case(tx: Transaction, ports: Ports, case: Case, now: datetime) -> int:
    """Take back everything of ours that is open about this case; how many."""
    ours = [r for r in tx.referrals.where(case=case.id, direction=Direction.OUT) if can(r, News.WITHDRAW)]
    why = FOUND if case.state is CaseState.CLOSED else TAKEN_BACK
    for referral in ours:
        withdraw(tx, ports, referral, GATEWAY, now, why)
    return len(ours)


def withdraw(tx: Transaction, ports: Ports, referral: Referral, actor: Actor, now: datetime, why: str = TAKEN_BACK) -> Referral:
    """Take one back, and tell the other side when it left."""
    before = referral.state
    referral = journal.step(tx, referral, Event(News.WITHDRAW, now, by=actor.user))
    journal.clear(tx, referral, actor, now)
    journal.write(tx, ports, referral, "referral-withdrawn", actor, now)
    if before not in _LEFT and tx.settings.get(_mark(referral)) is None:
        return referral
    if referral.sent_how:
        journal.hold(tx, ports, "tell-by-hand", referral,
                     f"{referral.authority} was told by {referral.sent_how}, and is to be told that we take it back: {why}",
                     f"tell:{referral.id}:withdrawn", now, tell=True)
    else:
        send_withdrawal(tx, referral, now, why)
    return referral


def withdraw_by_person(tx: Transaction, ports: Ports, referral_id: str, text: str, actor: Actor, now: datetime) -> Referral:
    """An officer takes one of ours back, whatever it waits for."""
    require(actor, Role.OFFICER, Role.MANAGER)
    referral = tx.referrals.get(referral_id)
    if referral.direction is not Direction.OUT:
        raise UsageError(f"exchange {referral.id} goes {referral.direction}, expected one that goes {Direction.OUT}",
                         code="WRONG-DIRECTION", hint=f"Theirs is answered, not withdrawn: gateway show {referral.id}")
    referral = withdraw(tx, ports, referral, actor, now)
    journal.write(tx, ports, referral, "withdrawn-by-officer", actor, now, text=text)
    return referral


def may_have_left(tx: Transaction, referral: Referral, now: datetime) -> None:
    """Its package is about to leave; whether it did may never be known."""
    if tx.settings.get(_mark(referral)) is None:
        tx.settings.put(_mark(referral), now.isoformat())


def send_withdrawal(tx: Transaction, referral: Referral, now: datetime, why: str = FOUND) -> None:
    """Enqueue the message that says so, once."""
    package = withdrawal_id(referral.message)
    tx.jobs.enqueue("deliver", f"deliver:{package}", now, {
        "referral": referral.id, "what": "withdrawal", "package": package,
        "body": {"about": referral.message, "reason": why}}, line=referral.authority)


def _mark(referral: Referral) -> str:
    return f"left:{referral.id}"
