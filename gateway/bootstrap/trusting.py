"""Whose keys are believed: an operator's act, after a voice has read the fingerprint.

1. A card is what the other authority exported, or the public.json of its home; either way its keys give the fingerprint.
2. In a live home the operator types the fingerprint that was read out; what differs is refused. A rehearsal may leave it out.
3. Trusting is a ledger entry with the fingerprint, and with the one it replaces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from gateway.bootstrap.home import Home
from gateway.domain.actor import Role, require
from gateway.errors import NotAllowedError, UsageError
from keys.private import Purpose
from keys.public import PublicRing
from keys.trusted import CARD_LIFE, Trusted, trust


def trust_card(home: Home, la: str, path: Path, fingerprint: str) -> Trusted:
    """Trust the card at ``path`` for an authority. NotAllowedError: the fingerprint was not given, or is another."""
    actor = require(home.actor, Role.OPERATOR)
    card = _read(path)
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
    before = home.keys.trusted(la)
    facts = {"la": la, "fingerprint": card.fingerprint, "before": before.fingerprint if before else None}
    with home.store.writing() as tx:
        tx.leaves.append("contact-trusted", la, actor, home.clock.now(), facts)
    trust(home.path, card)
    return card


def contact_rows(home: Home) -> Iterator[dict[str, Any]]:
    """Every contact, and what it still lacks before anything can be sent."""
    today = home.clock.today()
    for contact in home.ports.courier.contacts():
        wanted = (
            ("a trusted key", not contact.trusted() and not contact.by_hand),
            ("a recent check by telephone", contact.stale(today)),
        )
        lacks = [word for word, missing in wanted if missing]
        yield {
            "la": contact.la,
            "name": contact.name,
            "channel": contact.channel,
            "where": contact.where,
            "verified_on": contact.verified_on.isoformat() if contact.verified_on else None,
            "fingerprint": contact.fingerprint or None,
            "lacks": lacks,
        }


def _read(path: Path) -> Trusted:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", code="NO-FILE", hint="Name the file they sent.") from error
    try:
        whole = "origin" in json.loads(content)
    except (ValueError, TypeError):
        whole = False
    return _card_of(PublicRing.from_json(content)) if whole else Trusted.from_json(content)


def _card_of(ring: PublicRing) -> Trusted:
    packages, receipts = ring.newest(Purpose.PACKAGES), ring.newest(Purpose.RECEIPTS)
    start = max(packages.created, receipts.created).date()
    # A rehearsal's clock starts on any day: its keys are valid from long before they were made.
    first = start - timedelta(days=36500) if ring.rehearsal else start
    until = start + timedelta(days=36500) if ring.rehearsal else start + CARD_LIFE
    return Trusted(
        la=ring.la,
        recipient=packages.text or "",
        signs=receipts.text or "",
        valid_from=first,
        valid_until=until,
        rehearsal=ring.rehearsal,
    )
