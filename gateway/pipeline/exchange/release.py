"""Releasing: a named officer lets a draft go, when the guard has looked at it.

1. Only an officer releases. What they see first is what will leave: ``preview``.
2. The guard looks again at each release, at each delivery, and when its own hold is released. What it doubts is held with
   the sources side by side; nothing is enqueued.
3. A doubt about the addressee is settled by the person who releases the guard's hold: their word becomes one of the sources,
   and stays visible. Every other doubt is settled by putting right what is wrong.
4. What leaves is what the records say at the release, not what they said when it was drafted.
5. To an authority without a gateway nothing is enqueued: a person tells it, and says so (``by_hand``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from gateway.domain.actor import Actor, Role, require
from gateway.domain.cases.waiting import HoldState
from gateway.domain.clocks.london import day_of
from gateway.domain.referrals.exchange import Event, News, can
from gateway.domain.referrals.guard import Doubt, doubts
from gateway.domain.referrals.minimal import forbidden
from gateway.domain.referrals.referral import Direction, Referral, ReferralState
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline.exchange import journal
from gateway.pipeline.exchange.about import about, died
from gateway.pipeline.exchange.drafts import fields
from gateway.ports import Ports, Transaction


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly what would leave, to whom, under which key, and what speaks against it."""

    authority: str
    contact: str | None
    where: str | None
    fingerprint: str | None
    fields: dict[str, Any]
    derivations: dict[str, str]
    doubts: tuple[Doubt, ...]


def release(tx: Transaction, ports: Ports, referral_id: str, actor: Actor, now: datetime) -> Referral:
    """Let a draft go; HELD with a ``guard`` hold when the guard doubts, else RELEASED with a job that delivers it."""
    require(actor, Role.OFFICER)
    referral = releasable(tx, referral_id)
    found = guard(tx, ports, referral, now)
    if found:
        journal.clear(tx, referral, actor, now, "release", state=HoldState.RELEASED)
        return held(tx, ports, referral, found, actor, now)
    return _go(tx, ports, referral, actor, now)


def release_guarded(tx: Transaction, ports: Ports, referral_id: str, actor: Actor, now: datetime, reason: str) -> Referral:
    """Release the guard's hold: the officer looked at the sources side by side and stands for the addressee."""
    require(actor, Role.OFFICER)
    referral = stood_for(tx, ports, releasable(tx, referral_id), actor, now, reason)
    return _go(tx, ports, referral, actor, now)


def stood_for(tx: Transaction, ports: Ports, referral: Referral, actor: Actor, now: datetime, reason: str, *,
              by_hand: bool = False) -> Referral:
    """The referral with the officer's word among its sources. NotAllowedError: what no word settles speaks against it."""
    found = guard(tx, ports, referral, now, by_hand=by_hand)
    lasting = [doubt for doubt in found if not doubt.settled_by_person]
    if lasting:
        raise NotAllowedError(f"referral {referral.id} cannot leave: {_reasons(lasting)}", code=lasting[0].code,
                              hint=f"gateway show {referral.id}  says what can be done.")
    if found:
        referral = replace(referral, derivations={**referral.derivations, f"officer {actor.user}": referral.authority})
        tx.referrals.save(referral)
        journal.write(tx, ports, referral, "guard-released", actor, now, text=f"the addressee was confirmed: {reason}")
    return referral


def guard(tx: Transaction, ports: Ports, referral: Referral, now: datetime, *, by_hand: bool = False) -> tuple[Doubt, ...]:
    """The guard's doubts about a referral as it stands."""
    dead, stopped = False, tuple[str, ...]()
    if referral.case:
        case, child, record = about(tx, referral.case)
        dead = died(tx, child, record)
        if referral.state is ReferralState.RELEASED:      # what leaves was written before; else it is written at the release
            stopped = forbidden(referral.payload, restricted=child.restricted or case.restricted,
                                protected=child.address_protected or (record is not None and record.address_protected))
    return doubts(referral, ports.courier.contact(referral.authority), ports.register, ports.policy.la, day_of(now),
                  died=dead, forbidden=stopped, by_hand=by_hand)


def held(tx: Transaction, ports: Ports, referral: Referral, found: Sequence[Doubt], actor: Actor, now: datetime) -> Referral:
    """Held for a person, with the reasons side by side."""
    referral = journal.step(tx, referral, Event(News.HOLD, now, by=actor.user))
    journal.write(tx, ports, referral, "referral-held", actor, now, {"codes": [doubt.code for doubt in found]},
                  text=_reasons(found))
    journal.hold(tx, ports, "guard", referral, _reasons(found), f"guard:{referral.id}", now)
    return referral


def preview(tx: Transaction, ports: Ports, referral: Referral, now: datetime) -> Preview:
    """What a release would send now. Nothing is changed."""
    contact = ports.courier.contact(referral.authority)
    return Preview(
        referral.authority, contact.name if contact else None, contact.where if contact else None,
        contact.fingerprint if contact else None, current_fields(tx, ports, referral), dict(referral.derivations),
        guard(tx, ports, referral, now))


def _go(tx: Transaction, ports: Ports, referral: Referral, actor: Actor, now: datetime) -> Referral:
    referral = replace(referral, payload=current_fields(tx, ports, referral))
    referral = journal.step(tx, referral, Event(News.RELEASE, now, by=actor.user))
    journal.clear(tx, referral, actor, now, "release", "guard", "bounced", state=HoldState.RELEASED)
    journal.write(tx, ports, referral, "referral-released", actor, now)
    contact = ports.courier.contact(referral.authority)
    if contact is not None and contact.by_hand:
        journal.hold(tx, ports, "tell-by-hand", referral,
                     f"released: {referral.authority} has no gateway; tell it by {contact.channel}, and record that you did",
                     f"tell:{referral.id}", now)
        return referral
    label = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")   # released again after a bounce it is sealed again
    payload = {"referral": referral.id, "what": "referral", "label": label}
    tx.jobs.enqueue("deliver", f"deliver:{referral.id}:{label}", now, payload, line=referral.authority)
    return referral


def releasable(tx: Transaction, referral_id: str) -> Referral:
    """A draft of ours, or UsageError."""
    referral = tx.referrals.get(referral_id)
    if referral.direction is not Direction.OUT or not can(referral, News.RELEASE):
        raise UsageError(f"referral {referral.id} is {referral.state} ({referral.direction}), expected a draft of ours",
                         code="NOT-A-DRAFT", hint="`gateway referrals` shows where each stands.")
    return referral


def current_fields(tx: Transaction, ports: Ports, referral: Referral) -> dict[str, Any]:
    """What leaves, or left: written anew until the release, then as it was released."""
    if referral.case is None or not can(referral, News.RELEASE):
        return dict(referral.payload)
    case, child, record = about(tx, referral.case)
    return fields(tx, ports, referral.kind, case, child, record)


def _reasons(found: Sequence[Doubt]) -> str:
    return "; ".join(doubt.reason for doubt in found)
