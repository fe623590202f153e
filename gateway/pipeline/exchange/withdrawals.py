"""Withdrawing: what is out about a child who was found is taken back.

1. Drafts and held ones just end; what left, or may have left, is followed by a withdrawal, which names the exchange and nothing
   of the child.
2. An answer that was applied stays: a closed exchange is not withdrawn.
"""

from __future__ import annotations

from datetime import datetime

from gateway.domain.actor import GATEWAY, Actor
from gateway.domain.cases.case import Case
from gateway.domain.referrals.exchange import Event, News, can
from gateway.domain.referrals.message import withdrawal_id
from gateway.domain.referrals.referral import Direction, Referral, ReferralState
from gateway.pipeline.exchange import journal
from gateway.ports import Ports, Transaction

FOUND = "the child was found"
_LEFT = (ReferralState.SENT, ReferralState.DELIVERED, ReferralState.ANSWERED, ReferralState.EXPIRED)


def withdraw_for_case(tx: Transaction, ports: Ports, case: Case, now: datetime) -> int:
    """Take back everything of ours that is open about this case; how many."""
    ours = [r for r in tx.referrals.where(case=case.id, direction=Direction.OUT) if can(r, News.WITHDRAW)]
    for referral in ours:
        withdraw(tx, ports, referral, GATEWAY, now)
    return len(ours)


def withdraw(tx: Transaction, ports: Ports, referral: Referral, actor: Actor, now: datetime) -> Referral:
    """Take one back, and tell the other side when it left."""
    before = referral.state
    referral = journal.step(tx, referral, Event(News.WITHDRAW, now, by=actor.user))
    journal.clear(tx, referral, actor, now)
    journal.write(tx, ports, referral, "referral-withdrawn", actor, now)
    if before in _LEFT or tx.settings.get(_mark(referral)) is not None:
        send_withdrawal(tx, referral, now)
    return referral


def may_have_left(tx: Transaction, referral: Referral, now: datetime) -> None:
    """Its package is about to leave; whether it did may never be known."""
    if tx.settings.get(_mark(referral)) is None:
        tx.settings.put(_mark(referral), now.isoformat())


def send_withdrawal(tx: Transaction, referral: Referral, now: datetime) -> None:
    """Enqueue the message that says so, once."""
    package = withdrawal_id(referral.message)
    tx.jobs.enqueue("deliver", f"deliver:{package}", now, {
        "referral": referral.id, "what": "withdrawal", "package": package,
        "body": {"about": referral.message, "reason": FOUND}}, line=referral.authority)


def _mark(referral: Referral) -> str:
    return f"left:{referral.id}"
