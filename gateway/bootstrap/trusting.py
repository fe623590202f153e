"""Whose keys are believed: an operator's act, after a voice has read the fingerprint.

1. A card is what the other authority exported, or the public.json of its home; either way its keys give the fingerprint.
2. In a live home the operator types the fingerprint that was read out; what differs is refused. A rehearsal may leave it out.
3. Trusting is a ledger entry with the fingerprint, and with the one it replaces; so is taking the trust back.
4. What was refused only because its sender's key was not trusted is read again as soon as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gateway.bootstrap.home import Home
from gateway.domain.actor import Role, require
from gateway.domain.referrals.contact import KeyStanding
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline.officer.act import note_reason, with_reason
from gateway.pipeline.reading import read_packages_again
from keys.cards import authorities, check, find, revoke, trust
from keys.public import PublicRing
from keys.ring import card_of
from keys.trusted import Trusted


def trust_card(home: Home, la: str, path: Path, fingerprint: str) -> Trusted:
    """Trust the card at ``path`` for an authority. NotAllowedError: the fingerprint was not given, or is another."""
    actor, card, today = require(home.actor, Role.OPERATOR), _read(path), home.clock.today()
    _check_read_out(home, la, card, fingerprint)
    if card.standing_on(today) is KeyStanding.EXPIRED:
        raise UsageError(f"the card of {la} ended on {card.valid_until}, today is {today}", code="KEY-EXPIRED",
                         hint="They must rotate their keys and export their card again.")
    own = home.keys.own_cards()
    check(home.path, card, own=own)
    before = find(home.path, la, today, rehearsal=card.rehearsal).card
    with home.store.writing() as tx:
        tx.leaves.append("contact-trusted", la, actor, home.clock.now(), {
            "la": la, "fingerprint": card.fingerprint, "before": before.fingerprint if before else None})
    trust(home.path, card, today, own=own)
    with home.store.writing() as tx:      # after the card is there: a daemon may take it at once
        read_packages_again(tx, la, home.clock.now())
    return card


def revoke_card(home: Home, la: str, reason: str) -> list[Trusted]:
    """Take back the trust in an authority's keys, from now on. UsageError: none was trusted."""
    actor, now = require(home.actor, Role.OPERATOR), home.clock.now()
    reason = with_reason(reason)
    home.store.prove()
    cards = revoke(home.path, la, home.clock.today())
    with home.store.writing() as tx:
        hold = note_reason(tx, home.ports, "key-revoked", la, f"the trust in the keys of {la} was taken back", reason, actor, now)
        tx.leaves.append("contact-revoked", la, actor, now, {
            "la": la, "fingerprints": [card.fingerprint for card in cards], "hold": hold.id})
    return cards


def contact_rows(home: Home) -> Iterator[dict[str, Any]]:
    """Every contact, and what it still lacks before anything can be sent."""
    today = home.clock.today()
    for contact in home.ports.courier.contacts():
        lacks = [
            word
            for word, missing in ((f"a trusted key ({contact.standing.lacks})", not contact.trusted() and not contact.by_hand),
                                  ("a recent check by telephone", contact.stale(today)))
            if missing
        ]
        yield {
            "la": contact.la,
            "name": contact.name,
            "channel": contact.channel,
            "where": contact.where,
            "verified_on": contact.verified_on.isoformat() if contact.verified_on else None,
            "fingerprint": contact.fingerprint or None,
            "lacks": lacks,
        }
    for la in sorted(authorities(home.path) - set(home.settings.contacts)):
        card = home.keys.cards(la, today).card
        yield {"la": la, "name": None, "channel": None, "where": None, "verified_on": None,
               "fingerprint": card.fingerprint if card else None, "lacks": [f"[contacts.{la}] in config.toml"]}


def _check_read_out(home: Home, la: str, card: Trusted, fingerprint: str) -> None:
    """Return when the card is that of the authority, and a voice has read its fingerprint."""
    if card.la != la or la == home.settings.authority.la:
        raise UsageError(
            f"the card is of authority {card.la}, expected {la}, another than ours",
            code="WRONG-KEY-CARD",
            hint="Name the authority whose card it is.",
        )
    if card.rehearsal != home.settings.rehearsal:
        raise UsageError(
            f"the card is {'a rehearsal' if card.rehearsal else 'a real'} one, this home is not",
            code="WRONG-KEY-CARD",
            hint="Rehearsal and real homes never exchange.",
        )
    if not fingerprint and not home.settings.rehearsal:
        raise NotAllowedError(
            f"the card of {la} has fingerprint {card.fingerprint}; nobody has read it out",
            code="FINGERPRINT-NEEDED",
            hint="Ring them on a number you know from elsewhere, then give what they read: --fingerprint …",
        )
    if fingerprint and fingerprint.strip().upper() != card.fingerprint:
        raise NotAllowedError(
            f"the card of {la} has fingerprint {card.fingerprint}, {fingerprint.strip()} was read out",
            code="FINGERPRINT-DIFFERS",
            hint="Do not trust it. Ask them for their card by another way.",
        )


def _read(path: Path) -> Trusted:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", code="NO-FILE", hint="Name the file they sent.") from error
    try:
        whole = "origin" in json.loads(content)
    except (ValueError, TypeError):
        whole = False
    return card_of(PublicRing.from_json(content)) if whole else Trusted.from_json(content)
