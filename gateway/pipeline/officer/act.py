"""The frame of every act of a person: one transaction, a role, a reason, a ledger leaf.

1. Who acts is authenticated; the role is checked before anything is read.
2. An act that changes nothing for it was done before says so, and is no error only where that is safe.
3. An act that needs two people is proposed by the first and done by the second, who must be another person.
"""

from __future__ import annotations

from datetime import datetime

from gateway.domain.actor import Actor, Role, require
from gateway.domain.cases.waiting import Hold, HoldState
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline.desk import Desk
from gateway.ports import Ports, Transaction


def at_desk(tx: Transaction, ports: Ports, actor: Actor, now: datetime, *roles: Role) -> Desk:
    """A desk for an officer's or a manager's act."""
    require(actor, *(roles or (Role.OFFICER, Role.MANAGER)))
    return Desk(tx, ports, now, actor)


def with_reason(reason: str) -> str:
    """The reason, or UsageError when it is empty."""
    if not reason.strip():
        raise UsageError("no reason was given, one expected", code="NO-REASON", hint='Give --reason "why".')
    return reason.strip()


def second_person(desk: Desk, what: str, about: str, proposal: str, *, child: str | None = None,
                  case: str | None = None) -> Hold | None:
    """None when another person proposed this before: now it may be done. Else the hold under which it waits for a second."""
    key = f"second-person:{what}:{about}"
    before = [h for h in desk.tx.holds.where(about=about, what="second-person") if h.key.startswith(key)]
    waiting = [h for h in before if h.state is HoldState.OPEN]
    if waiting:
        proposer = waiting[0].reason.rsplit(" ", 1)[-1]
        if proposer == desk.actor.user:
            raise NotAllowedError(f"{what} needs two people: {desk.actor.user} proposed it, and cannot be the second",
                                  code="SECOND-PERSON", hint="Ask another officer or manager to give the same command.")
        desk.clear(waiting[0], HoldState.RELEASED, "a second person agreed")
        return None
    return desk.hold("second-person", about, f"{proposal}: waits for a second person, proposed by {desk.actor.user}",
                     f"{key}:{len(before)}", child=child, case=case)
