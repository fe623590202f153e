"""The frame of every act of a person: one transaction, a role, a reason, a ledger leaf.

1. Who acts is authenticated; the role is checked before anything is read.
2. An act that changes nothing for it was done before says so, and is no error only where that is safe.
3. An act that needs two people is proposed by the first and done by the second, who must be another person. Who proposed and
   what is kept as data; the second agrees to exactly that, by the same command or by releasing the hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.domain.actor import Actor, Role, require
from gateway.domain.cases.waiting import Agreement, Hold, HoldState
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline.desk import Desk
from gateway.ports import Ports, Transaction

LONGEST = 2000           # characters of one text that a person types


def at_desk(tx: Transaction, ports: Ports, actor: Actor, now: datetime, *roles: Role) -> Desk:
    """A desk for an officer's or a manager's act."""
    require(actor, *(roles or (Role.OFFICER, Role.MANAGER)))
    return Desk(tx, ports, now, actor)


def with_reason(text: str, option: str = "--reason", code: str = "NO-REASON") -> str:
    """What a person typed, or UsageError when it is empty or too long. ``option`` is what they type it with."""
    if not text.strip():
        raise UsageError(f"{option} is empty, a sentence was expected", code=code, hint=f'Give {option} "…" with words in it.')
    if len(text) > LONGEST:
        raise UsageError(f"{option} has {len(text)} characters, {LONGEST} at most", code="TEXT-LONG",
                         hint="Say it shorter; longer papers belong into the case file.")
    return text.strip()


def note_reason(tx: Transaction, ports: Ports, what: str, about: str, said: str, reason: str, actor: Actor,
                now: datetime) -> Hold:
    """Keep why an operator did something: a cleared hold, in which the typed words are sealed. The ledger names it by id."""
    hold = Hold(ports.ids.new("H"), what, about, said, now, f"{what}:{about}:{now.isoformat()}", HoldState.RELEASED,
                cleared_by=actor.user, cleared_at=now, cleared_reason=reason)
    tx.holds.add(hold)
    return hold


def second_person(desk: Desk, act: str, about: str, proposal: Mapping[str, Any], words: str, *, child: str,
                  case: str | None = None) -> Hold | Agreement:
    """The agreement when another person proposed exactly this before; else the hold under which it waits for a second."""
    proposed = desk.tx.holds.where(about=about, what="second-person")
    for waiting in proposed:
        details = waiting.details or {}
        if waiting.state is not HoldState.OPEN or details.get("act") != act:
            continue
        if details["proposal"] != dict(proposal):
            raise NotAllowedError(f"{details['by']} proposed something else under {waiting.id}", code="OTHER-PROPOSAL",
                                  hint=f"gateway show {waiting.id}  shows what. Another person releases it, or it is rejected.")
        return agree(desk, waiting)
    return desk.hold("second-person", about, f"{words}: waits for a second person, proposed by {desk.actor.user}",
                     f"second-person:{act}:{about}:{len(proposed)}", child=child, case=case, details={
                         "act": act, "by": desk.actor.user, "roles": sorted(desk.actor.roles), "proposal": dict(proposal)})


def agree(desk: Desk, hold: Hold) -> Agreement:
    """A second person agrees to what waits under this hold. NotAllowedError: they proposed it themselves."""
    details = hold.details or {}
    if details["by"] == desk.actor.user:
        raise NotAllowedError(f"this needs two people: {desk.actor.user} proposed it, and cannot be the second",
                              code="SECOND-PERSON", hint=f"Ask another officer or manager to type: gateway show {hold.id}")
    desk.clear(hold, HoldState.RELEASED, "a second person agreed")
    roles = desk.actor.roles | {Role(role) for role in details["roles"]}
    return Agreement(details["by"], desk.actor.user, frozenset(roles))
