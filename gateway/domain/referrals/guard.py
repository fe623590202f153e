"""The guard before the door: reasons why a released message may not go to the authority it names.

1. Two derivations must agree with the addressee, of different origin: what was read out of one cell, in however many ways, is
   one (``route.responsibility`` keeps a source for each origin). A person's own word, given on releasing the guard's hold, is
   one.
2. The addressee is an authority of the register, not merged into another, and not ourselves.
3. Its contact exists, has keys unless a person tells it, and was verified within the time.
4. Of a child that died nothing is sent, and nothing that a flag raised since the release forbids. (What a flag takes out of a
   new message is in ``minimal``.)
5. What a person tells by telephone or letter needs no key; everything else holds for it too.

A doubt of the first sort can be settled by a person who looks at both sides; the others only by putting right what is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gateway.domain.referrals.contact import Contact, KeyStanding
from gateway.domain.referrals.referral import Referral
from gateway.domain.register.establishments import Register

AGREEING = 2   # independent derivations
NO_KEY = {
    KeyStanding.TRUSTED: "GUARD-NO-KEY", KeyStanding.NONE: "GUARD-NO-KEY", KeyStanding.NOT_YET: "GUARD-KEY-NOT-YET",
    KeyStanding.EXPIRED: "GUARD-KEY-EXPIRED", KeyStanding.REVOKED: "GUARD-KEY-REVOKED",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason to stop. ``settled_by_person``: releasing the hold settles it."""

    code: str
    reason: str
    settled_by_person: bool = False


def doubts(referral: Referral, contact: Contact | None, register: Register, us: str, today: date,
           *, died: bool = False, forbidden: Sequence[str] = (), by_hand: bool = False) -> tuple[Doubt, ...]:
    """Every reason why this may not leave now; none means it may. ``forbidden``: fields that flags stop since the release."""
    found = [*_addressee(referral.authority, register, us), *([] if by_hand else _contact(referral.authority, contact, today)),
             *_derived(referral)]
    if died:
        found.append(Doubt("GUARD-RESTRICTED", "a row says that the child died: no letters, no chasers, nothing leaves"))
    if forbidden:
        found.append(Doubt("GUARD-PROTECTED", f"the child was protected after the release, and {', '.join(forbidden)} would "
                                              "leave; released again it goes without", True))
    return tuple(found)


def _derived(referral: Referral) -> list[Doubt]:
    sources = dict(referral.derivations)
    agreeing = [source for source, la in sources.items() if la == referral.authority]
    against = {source: la for source, la in sources.items() if la != referral.authority}
    # Whoever looked at both sides and released the hold has settled it: their word is among the sources.
    if any(source.startswith("officer") for source in agreeing):
        return []
    side_by_side = ", ".join(f"{source}: {la}" for source, la in sorted(sources.items())) or "no source at all"
    if against:
        return [Doubt("GUARD-DISAGREE", f"addressed to {referral.authority}, but the sources differ ({side_by_side})", True)]
    if len(agreeing) < AGREEING:
        return [Doubt("GUARD-ONE-SOURCE", f"addressed to {referral.authority} on one source alone ({side_by_side}), "
                                          f"{AGREEING} expected", True)]
    return []


def _addressee(la: str, register: Register, us: str) -> list[Doubt]:
    if la == us:
        return [Doubt("GUARD-OURSELVES", f"addressed to {la}, which is ourselves")]
    authority = register.authorities.get(la)
    if authority is None and register.authorities:
        return [Doubt("GUARD-UNKNOWN-LA", f"addressed to {la}, which is no authority of the register")]
    if authority is not None and authority.successor:
        return [Doubt("GUARD-MERGED", f"addressed to {la}, which was merged into {authority.successor}")]
    return []


def _contact(la: str, contact: Contact | None, today: date) -> list[Doubt]:
    if contact is None:
        return [Doubt("GUARD-NO-CONTACT", f"no contact is known for authority {la}")]
    if not contact.trusted() and not contact.by_hand:
        return [Doubt(NO_KEY[contact.standing], f"{contact.standing.lacks} for authority {la}")]
    if contact.stale(today):
        when = contact.verified_on.isoformat() if contact.verified_on else "never"
        return [Doubt("GUARD-STALE", f"the contact of {la} was last verified {when}")]
    return []
