"""What a person told another authority by telephone, letter or secure mail: recorded, so that its answer can be.

1. The officer says how and whom; the person they reached is their word for the addressee.
2. The state goes on as if a package had been sent: the answer is due, silence is visible, an answer closes the case.
3. What was told is what a package would hold: ``gateway show`` prints it beforehand, and flags take out of it what they take out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.domain.actor import Actor, Role, require
from gateway.domain.cases.waiting import HoldState
from gateway.domain.referrals.contact import BY_HAND
from gateway.domain.referrals.exchange import Event, News, can
from gateway.domain.referrals.referral import Direction, Referral, ReferralState
from gateway.errors import UsageError
from gateway.pipeline.exchange import journal
from gateway.pipeline.exchange.deliver import answer_due
from gateway.pipeline.exchange.release import current_fields, stood_for
from gateway.ports import Ports, Transaction


def sent_by_hand(tx: Transaction, ports: Ports, referral_id: str, how: str, told: str, actor: Actor, now: datetime) -> Referral:
    """Record that a person told them. NotAllowedError: nothing may be told of this child, or to this authority."""
    require(actor, Role.OFFICER)
    way(how)
    if not told.strip():
        raise UsageError("--told is empty, the name of whom you reached was expected", code="NOBODY-TOLD",
                         hint='Give --told "name, office".')
    referral = tx.referrals.get(referral_id)
    released = referral.direction is Direction.OUT and referral.state is ReferralState.RELEASED
    if not released and (referral.direction is not Direction.OUT or not can(referral, News.RELEASE)):
        raise UsageError(f"referral {referral.id} is {referral.state} ({referral.direction}), expected one of ours not yet sent",
                         code="NOT-A-DRAFT", hint="`gateway referrals` shows where each stands.")
    referral = stood_for(tx, ports, referral, actor, now, f"told by {how}", by_hand=True)
    if not released:
        referral = replace(referral, payload=current_fields(tx, ports, referral))
        referral = journal.step(tx, referral, Event(News.RELEASE, now, by=actor.user))
        journal.write(tx, ports, referral, "referral-released", actor, now)
    referral = journal.step(tx, replace(referral, sent_how=how), Event(News.SEND, now, by=actor.user))
    journal.clear(tx, referral, actor, now, "release", "guard", "bounced", "tell-by-hand", state=HoldState.RELEASED)
    journal.write(tx, ports, referral, "referral-told", actor, now, {"how": how}, text=f"told by {how}: {told.strip()}")
    answer_due(tx, ports, referral, now)
    return referral


def way(how: str) -> str:
    """One of the ways by which a person tells another authority, or UsageError."""
    if how not in BY_HAND:
        raise UsageError(f"{how!r} is no way of telling an authority", code="NO-SUCH-WAY",
                         hint=f"One of: {', '.join(BY_HAND)}.")
    return how
