"""The cards a home trusts: ``HOME/keys/trusted/``, put there by a person who compared the fingerprint.

    991.json                       the card in use
    earlier/991-ABCDE-….json       one that it replaced: what was signed or sealed under it may be under way for a while yet
    revoked/991-ABCDE-….json       one whose trust was taken back: no card with one of its keys is ever trusted again

1. Each file is written whole; a card is earlier or revoked before it is taken from its place, so that a crash loses neither.
2. An earlier card proves what arrives, for ``OVERLAP`` from the day it was replaced and no longer than it is valid; nothing is
   sealed for it.
3. A revoked card proves nothing, from the moment it is revoked, whatever day a package says it was written.
4. No card has one of our own keys, or one of another authority's: each authority speaks for itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gateway.domain.referrals.contact import KeyStanding
from gateway.domain.referrals.message import PACKAGE_LIFETIME
from gateway.errors import ConfigError, UsageError
from keys.private import write_file
from keys.trusted import Trusted

OVERLAP = PACKAGE_LIFETIME        # the last package under an earlier card has arrived by then, or has expired
EARLIER, REVOKED = "earlier", "revoked"
_LA = re.compile(r"[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Card:
    """What a home knows of one authority's keys on a day. ``card`` is the one in use, whether it may be used or not."""

    standing: KeyStanding
    card: Trusted | None = None
    earlier: tuple[Trusted, ...] = ()

    @property
    def usable(self) -> Trusted | None:
        """The card, when it may be used that day."""
        return self.card if self.standing is KeyStanding.TRUSTED else None


def folder_of(home: Path) -> Path:
    """Where the cards are."""
    return home / "keys" / "trusted"


def authorities(home: Path) -> set[str]:
    """Those of whom a card was trusted."""
    return {path.stem for path in folder_of(home).glob("[0-9][0-9][0-9].json")}


def check(home: Path, card: Trusted, *, own: Iterable[Trusted] = ()) -> None:
    """Return when a card may be trusted; ConfigError otherwise. ``own``: our own cards, past ones too."""
    for revoked in _kept(home, REVOKED):
        if card.shares_a_key_with(revoked):
            raise ConfigError(f"the card of {card.la} has a key of {revoked.fingerprint}, which was revoked", code="KEY-REVOKED",
                              hint="They must make new keys, for packages and for receipts, and export their card again.")
    for other in [*own, *(one for one in _in_use(home) if one.la != card.la)]:
        if card.shares_a_key_with(other):
            raise ConfigError(f"the card of {card.la} has a key that is {other.la}'s", code="KEY-NOT-THEIRS",
                              hint="Each authority has keys of its own. Ring them on a known number: the card may be forged.")


def trust(home: Path, card: Trusted, day: date, *, own: Iterable[Trusted] = ()) -> Path:
    """Keep a card whose fingerprint a person has compared; what it replaces is kept as earlier. ConfigError: it may not be.

    The caller has checked who the person is.
    """
    check(home, card, own=own)
    path = folder_of(home) / f"{card.la}.json"
    before = _read(path)
    if before is not None and before.fingerprint != card.fingerprint:
        _keep(home, EARLIER, before, day)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, card.to_json(), 0o644)
    return path


def revoke(home: Path, la: str, day: date) -> list[Trusted]:
    """Take back the trust in an authority's cards, earlier ones too; which. UsageError when there is none."""
    known = find(home, la, day, rehearsal=None)
    cards = [card for card in (known.card, *_earlier(home, la)) if card is not None and known.standing is not KeyStanding.REVOKED]
    if not cards:
        raise UsageError(f"no card of {la} is trusted, 1 expected", code="NO-KEY-CARD", hint="gateway contacts  lists them.")
    for card in cards:
        _keep(home, REVOKED, card, day)
    for path in [folder_of(home) / f"{la}.json", *(folder_of(home) / EARLIER).glob(f"{la}-*.json")]:
        path.unlink(missing_ok=True)
    return cards


def find(home: Path, la: str, day: date, *, rehearsal: bool | None) -> Card:
    """How an authority's cards stand. ConfigError when one is not what its name says. ``rehearsal`` None: either sort."""
    if not _LA.fullmatch(la):
        return Card(KeyStanding.NONE)
    card = _read(folder_of(home) / f"{la}.json")
    revoked = list(_kept(home, REVOKED, la))
    if card is None:
        return Card(KeyStanding.REVOKED if revoked else KeyStanding.NONE)
    if card.la != la or rehearsal not in (None, card.rehearsal):
        raise ConfigError(f"keys/trusted/{la}.json is the {_sort(card.rehearsal)} card of {card.la}, expected the "
                          f"{_sort(bool(rehearsal))} card of {la}", code="WRONG-KEY-CARD",
                          hint="Rehearsal and real homes never exchange; take the wrong card away.")
    if any(card.shares_a_key_with(one) for one in revoked):      # a crash came between revoking and taking it away
        return Card(KeyStanding.REVOKED)
    earlier = tuple(one for one in _earlier(home, la, since=day - OVERLAP)
                    if one.valid_on(day) and one.rehearsal == card.rehearsal
                    and not any(one.shares_a_key_with(other) for other in revoked))
    return Card(card.standing_on(day), card, earlier)


def _earlier(home: Path, la: str, since: date = date.min) -> Iterator[Trusted]:
    for path in sorted((folder_of(home) / EARLIER).glob(f"{la}-*.json")):
        card, day = _read_kept(path)
        if day >= since:
            yield card


def _in_use(home: Path) -> Iterator[Trusted]:
    return (Trusted.from_json(path.read_bytes()) for path in sorted(folder_of(home).glob("*.json")))


def _kept(home: Path, sort: str, la: str = "*") -> Iterator[Trusted]:
    return (_read_kept(path)[0] for path in sorted((folder_of(home) / sort).glob(f"{la}-*.json")))


def _keep(home: Path, sort: str, card: Trusted, day: date) -> None:
    path = folder_of(home) / sort / f"{card.la}-{card.fingerprint}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"card": json.loads(card.to_json()), "since": day.isoformat()}
    write_file(path, (json.dumps(content, indent=2) + "\n").encode(), 0o644)


def _read_kept(path: Path) -> tuple[Trusted, date]:
    try:
        content = json.loads(path.read_bytes())
        return Trusted.from_json(json.dumps(content["card"]).encode()), date.fromisoformat(content["since"])
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path} is not a card that was kept: expected a card and a day", code="BAD-KEY-CARD",
                          hint="Restore the file from a backup; without it a revoked key might be trusted again.") from error


def _read(path: Path) -> Trusted | None:
    try:
        return Trusted.from_json(path.read_bytes())
    except FileNotFoundError:
        return None


def _sort(rehearsal: bool) -> str:
    return "rehearsal" if rehearsal else "real"
