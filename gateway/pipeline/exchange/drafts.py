"""Drafting: an enquiry or a referral is written, and waits for a person. Nothing leaves from here.

1. The addressee comes from routing, from another authority's answer, or from an officer; each source is kept beside it.
2. A child has one exchange of a kind with an authority at a time: drafting it again gives the one there is.
3. Nothing is drafted about a child whose ground forbids every message.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from gateway.domain.actor import GATEWAY, Actor, Role, require
from gateway.domain.cases.case import Case, CaseState
from gateway.domain.clocks.london import day_of
from gateway.domain.matching.child import Child, root_of
from gateway.domain.referrals.exchange import ENDED
from gateway.domain.referrals.minimal import nothing_leaves, payload
from gateway.domain.referrals.referral import Direction, Referral, ReferralKind, ReferralState
from gateway.domain.returns.record import PupilRecord
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline.exchange import journal
from gateway.ports import Ports, Transaction

Subject = tuple[Case, Child, PupilRecord | None]   # a case, its child, and the row it rests on


def draft(tx: Transaction, ports: Ports, *, kind: ReferralKind, authority: str, case: Case, child: Child,
          record: PupilRecord | None, reason: str, derivations: Mapping[str, str], now: datetime,
          actor: Actor = GATEWAY) -> Referral:
    """Write a draft and the hold that asks for its release; the one that is open already, when there is one."""
    known = tx.referrals.where(case=case.id, authority=authority, direction=Direction.OUT, kind=kind)
    for referral in known:
        if referral.state not in ENDED:
            return referral
    made = composed(tx, ports, kind, authority, (case, child, record), reason, derivations, now)
    tx.referrals.add(made)
    journal.write(tx, ports, made, "referral-drafted", actor, now, {"case": case.id, "sources": sorted(derivations)})
    journal.hold(tx, ports, "release", made, f"{kind.value} to {authority}: {reason}", f"release:{made.id}", now)
    return made


def composed(tx: Transaction, ports: Ports, kind: ReferralKind, authority: str, subject: Subject, reason: str,
             derivations: Mapping[str, str], now: datetime) -> Referral:
    """A draft as it would be, not written. NotAllowedError: nothing may be written about this child."""
    case, child, record = subject
    if nothing_leaves(record):
        raise NotAllowedError("nothing is written about a child whose ground is restricted", code="GUARD-RESTRICTED",
                              hint="No letters, no chasers. See the case with `gateway case`.")
    id = ports.ids.new("R")
    return Referral(id=id, message=id, kind=kind, direction=Direction.OUT, authority=authority, state=ReferralState.DRAFTED,
                    created_at=now, case=case.id, child=child.id, reason=reason, derivations=dict(derivations),
                    payload=fields(tx, ports, kind, case, child, record))


def fields(tx: Transaction, ports: Ports, kind: ReferralKind, case: Case, child: Child,
           record: PupilRecord | None) -> dict[str, Any]:
    """What would travel, as it stands now: enquiries recorded since are in it."""
    done: list[tuple[date, str]] = [(day_of(event.at), "enquiry") for event in tx.events.where(case=case.id, what="enquiry")]
    schools = (case.last_school, record.destination_laestab if record else None)
    found = ((laestab, ports.register.establishments.get(laestab)) for laestab in schools if laestab)
    names = {laestab: school.name for laestab, school in found if school}
    return payload(kind, case, child, record, ports.policy, enquiries=done, school_names=names)


def composed_for_case(tx: Transaction, ports: Ports, case_id: str, authority: str, actor: Actor, now: datetime,
                      kind: ReferralKind = ReferralKind.REFERRAL) -> Referral:
    """What an officer's draft would be. Their word is one source; the records' word another."""
    require(actor, Role.OFFICER)
    case, child, record = about(tx, case_id)
    if case.state is CaseState.CLOSED:
        raise UsageError(f"case {case.id} is closed, an open one was expected", code="CASE-CLOSED",
                         hint="Open it again with `gateway case reopen` first.")
    known = ports.register.authorities
    if len(authority) != 3 or not authority.isdigit() or (known and authority not in known):
        raise UsageError(f"{authority!r} is no authority of the register", code="NO-SUCH-AUTHORITY",
                         hint="Three digits, as in register/authorities.csv.")
    sources = {**derived(case, record, ports.policy.la), f"named by {actor.user}": authority}
    return composed(tx, ports, kind, authority, (case, child, record), "an officer asks for it", sources, now)


def draft_for_case(tx: Transaction, ports: Ports, case_id: str, authority: str, actor: Actor, now: datetime,
                   kind: ReferralKind = ReferralKind.REFERRAL) -> Referral:
    """An officer's own draft: ``gateway refer CASE --to LA``."""
    made = composed_for_case(tx, ports, case_id, authority, actor, now, kind)
    case, child, record = about(tx, case_id)
    return draft(tx, ports, kind=kind, authority=authority, case=case, child=child, record=record, reason=made.reason,
                 derivations=made.derivations, now=now, actor=actor)


def derived(case: Case, record: PupilRecord | None, us: str) -> dict[str, str]:
    """What the records say of where the child is. Our own code says only where the child was: it speaks for nobody."""
    found = {"responsible authority": case.responsible_la, "named destination": record.destination_la if record else None}
    return {source: la for source, la in found.items() if la and la != us}


def about(tx: Transaction, case_id: str) -> Subject:
    """A case, its child, and the row it rests on."""
    case = tx.cases.get(case_id)
    child = root_of(tx.children.get(case.child), tx.children.get)
    movement = tx.movements.find(case.movement) if case.movement else None
    while movement is not None and movement.superseded_by:
        movement = tx.movements.get(movement.superseded_by)
    return case, child, movement.record if movement else None
