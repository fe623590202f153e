"""Another authority's CME contact: where packages for it go, and under which key.

1. A contact is a person's work: addresses and keys come from config and from a trusted key file, both put there by an
   operator, never from anything that arrived.
2. An authority without a gateway is told by a person, by telephone or letter: nothing is sealed, so no key is needed; the number
   or address must have been verified all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

BY_HAND = ("telephone", "letter", "secure-mail")   # ways by which a person tells another authority
VERIFIED_FOR = timedelta(days=365)   # after that an address is drafted to, not sent to, until someone has rung again


class KeyStanding(StrEnum):
    """How an authority's key card stands on a day."""

    TRUSTED = "trusted"
    NONE = "none"                 # no card was ever trusted, or it was taken away
    NOT_YET = "not-yet"           # its first day has not come
    EXPIRED = "expired"           # its last day is over
    REVOKED = "revoked"           # an operator took the trust back

    @property
    def lacks(self) -> str:
        """What is lacking, as a person reads it behind an authority's code."""
        return _LACKS[self]


_LACKS = {
    KeyStanding.TRUSTED: "nothing is lacking", KeyStanding.NONE: "no key is trusted",
    KeyStanding.NOT_YET: "its key card is not valid yet", KeyStanding.EXPIRED: "its key card has run out",
    KeyStanding.REVOKED: "its key card was revoked",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """One authority's mailbox between gateways. Without keys it can be drafted to, not sent to."""

    la: str                       # three digits
    name: str
    channel: str                  # "folder", "sftp", or one of BY_HAND
    where: str                    # as a person reads it: a path, user@host:path, or a number or address
    verified_on: date | None = None
    recipient: str | None = None  # its age recipient: packages are sealed for this key alone
    signs_with: bytes | None = None   # its public signing key, pinned
    fingerprint: str = ""         # of both, to be read over the telephone
    signed_with: tuple[bytes, ...] = ()    # keys it signed with before: what is under way may still be theirs
    standing: KeyStanding = KeyStanding.NONE    # why it has no keys, when it has none

    @property
    def by_hand(self) -> bool:
        """Whether a person tells them: nothing can be sent to it from here."""
        return self.channel in BY_HAND

    def trusted(self) -> bool:
        """Whether packages can be sealed for it and proven to be from it."""
        return self.recipient is not None and self.signs_with is not None

    def stale(self, today: date) -> bool:
        """Whether nobody has verified it within the time."""
        return self.verified_on is None or today - self.verified_on > VERIFIED_FOR


Directory = Callable[[str], Contact | None]
