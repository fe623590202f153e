"""What every act of the exchange writes down: the referral's next state, the case's timeline, the ledger, holds.

All in the caller's transaction. Facts and reasons hold ids, codes, hashes and sentences without a child's data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway.domain.actor import Actor
from gateway.domain.cases.case import CaseEvent
from gateway.domain.cases.waiting import Hold, HoldState
from gateway.domain.referrals.exchange import Event, advance
from gateway.domain.referrals.referral import Direction, Referral
from gateway.pipeline import holding
from gateway.ports import Ports, Transaction


def step(tx: Transaction, referral: Referral, event: Event) -> Referral:
    """Take a referral to its next state and keep it, or WrongTurnError."""
    after = advance(referral, event)
    tx.referrals.save(after)
    return after


def write(tx: Transaction, ports: Ports, referral: Referral, kind: str, actor: Actor, now: datetime,
          facts: Mapping[str, Any] | None = None, text: str = "") -> None:
    """One ledger leaf, and one line on the case when there is one."""
    known = {"authority": referral.authority, "direction": referral.direction.value, "sort": referral.kind.value}
    tx.leaves.append(kind, referral.id, actor, now, known | dict(facts or {}))
    if referral.case:
        tx.events.add(CaseEvent(ports.ids.new("E"), referral.case, now, actor.user, kind, text or _sentence(referral, kind)))


def hold(tx: Transaction, ports: Ports, what: str, referral: Referral, reason: str, key: str, now: datetime) -> Hold:
    """Stop something about a referral for a person; what happens again waits again."""
    return holding.hold(tx, ports, what, referral.id, reason, key, now, anew=True, child=referral.child, case=referral.case)


def clear(tx: Transaction, referral: Referral, actor: Actor, now: datetime, *what: str,
          state: HoldState = HoldState.LAPSED, reason: str | None = None) -> None:
    """What waited about a referral waits no more."""
    for waiting in tx.holds.where(about=referral.id, state=HoldState.OPEN):
        if not what or waiting.what in what:
            tx.holds.save(replace(waiting, state=state, cleared_by=actor.user, cleared_at=now, cleared_reason=reason))


def _sentence(referral: Referral, kind: str) -> str:
    way = "to" if referral.direction is Direction.OUT else "from"
    return f"{referral.kind.value} {way} {referral.authority}: {kind.replace('-', ' ')}"
