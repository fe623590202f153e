"""Key cards: one authority's public keys on a page, with a fingerprint to be read out over the telephone.

1. A card names its authority; it is stored, looked up and used under that name only.
2. Its fingerprint covers authority, both keys and the word *rehearsal*: changing any of them changes what is read out.
3. Rehearsal homes know only rehearsal cards, and real homes only real ones.
4. Weak keys make no card.
5. A card is used from ``valid_from`` to ``valid_until``, both days included; a rehearsal's on any day.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Self

from gateway.domain.referrals.contact import KeyStanding
from gateway.errors import ConfigError
from keys.age_files import check_recipient
from keys.signing import VerifyKey

CARD_LIFE = timedelta(days=730)   # two school years, then the telephone again


@dataclass(frozen=True, slots=True)
class Trusted:
    """One authority's public keys."""

    la: str
    recipient: str                # age, for packages to it
    signs: str                    # its verifier key line, for packages and receipts from it
    valid_from: date
    valid_until: date
    rehearsal: bool = False

    @property
    def signs_with(self) -> bytes:
        """The raw Ed25519 key it signs packages with."""
        return VerifyKey.parse(self.signs).raw

    @property
    def fingerprint(self) -> str:
        """Five groups of five, to be read over the telephone."""
        kind = "rehearsal" if self.rehearsal else "card"
        digest = hashlib.sha256(f"cme-gateway {kind}/1\n{self.la}\n{self.recipient}\n{self.signs}\n".encode()).digest()
        text = base64.b32encode(digest).decode()
        return "-".join(text[n:n + 5] for n in range(0, 25, 5))

    def standing_on(self, day: date) -> KeyStanding:
        """How the card stands that day. A rehearsal's clock may stand on any day, so its card is good on all of them."""
        if self.rehearsal or self.valid_from <= day <= self.valid_until:
            return KeyStanding.TRUSTED
        return KeyStanding.NOT_YET if day < self.valid_from else KeyStanding.EXPIRED

    def valid_on(self, day: date) -> bool:
        """Whether the card may be used that day."""
        return self.standing_on(day) is KeyStanding.TRUSTED

    def shares_a_key_with(self, other: Trusted) -> bool:
        """Whether either key is the other card's too."""
        return self.recipient == other.recipient or self.signs_with == other.signs_with

    def to_json(self) -> bytes:
        """The card as a file: what ``gateway keys export`` prints."""
        values = asdict(self) | {"version": 1, "fingerprint": self.fingerprint,
                                 "valid_from": self.valid_from.isoformat(), "valid_until": self.valid_until.isoformat()}
        return (json.dumps(values, indent=2, sort_keys=True) + "\n").encode()

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Read a card, or raise ConfigError: shape, keys and fingerprint are all checked."""
        try:
            values: dict[str, Any] = json.loads(content)
            card = cls(la=values["la"], recipient=check_recipient(values["recipient"]),
                       signs=VerifyKey.parse(values["signs"]).text, valid_from=date.fromisoformat(values["valid_from"]),
                       valid_until=date.fromisoformat(values["valid_until"]), rehearsal=values["rehearsal"])
            stated, version = values["fingerprint"], values["version"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigError("not a key card: expected the JSON of `gateway keys export`", code="BAD-KEY-CARD",
                              hint="Ask the other authority to export its card again and send the file itself.") from error
        if version != 1:
            raise ConfigError(f"key card of version {str(version)[:10]!r}, expected 1", code="BAD-KEY-CARD",
                              hint="Their gateway writes another version; compare versions.")
        if not re.fullmatch(r"[0-9]{3}", card.la) or type(card.rehearsal) is not bool or stated != card.fingerprint:
            raise ConfigError(f"key card of {card.la[:3]!r} says fingerprint {str(stated)[:40]!r}, its keys give "
                              f"{card.fingerprint!r}", code="BAD-KEY-CARD",
                              hint="It was changed on the way. Ask for it again, by another way.")
        return card
