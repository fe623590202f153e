"""Another authority's CME contact: where packages for it go, and under which key.

A contact is a person's work: addresses and keys come from config and from a trusted key file, both put there by an
operator, never from anything that arrived.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

VERIFIED_FOR = timedelta(days=365)   # after that an address is drafted to, not sent to, until someone has rung again


@dataclass(frozen=True, slots=True)
class Contact:
    """One authority's mailbox between gateways. Without keys it can be drafted to, not sent to."""

    la: str                       # three digits
    name: str
    channel: str                  # "folder" or "sftp"
    where: str                    # as a person reads it: a path, or user@host:path
    verified_on: date | None = None
    recipient: str | None = None  # its age recipient: packages are sealed for this key alone
    signs_with: bytes | None = None   # its public signing key, pinned
    fingerprint: str = ""         # of both, to be read over the telephone

    def trusted(self) -> bool:
        """Whether packages can be sealed for it and proven to be from it."""
        return self.recipient is not None and self.signs_with is not None

    def stale(self, today: date) -> bool:
        """Whether nobody has verified it within the time."""
        return self.verified_on is None or today - self.verified_on > VERIFIED_FOR


Directory = Callable[[str], Contact | None]
