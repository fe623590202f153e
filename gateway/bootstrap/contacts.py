"""Other authorities: config's address and the trusted card's keys become one contact, and the courier that seals for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from gateway.config import Settings
from gateway.config.parties import ContactEntry
from gateway.domain.referrals.contact import Contact
from gateway.ports import Clock
from keys.age_files import seal, unseal
from keys.ring import KeyRing
from schemas.package.courier import PackageCourier


class Directory(Mapping[str, Contact]):
    """Contacts by code, as they stand at the moment: a card that an operator trusts or that expires counts at once."""

    def __init__(self, settings: Settings, keys: KeyRing, clock: Clock) -> None:
        self._entries = settings.contacts
        self._keys = keys
        self._clock = clock

    def __getitem__(self, la: str) -> Contact:
        return contact_of(la, self._entries[la], self._keys, self._clock.today())

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def courier_of(settings: Settings, keys: KeyRing, clock: Clock) -> PackageCourier:
    """The courier of a home, for its contacts."""
    identities: Sequence[str] = keys.package_identities

    def seal_for(plain: bytes, recipient: str) -> bytes:
        return seal(plain, [recipient])

    return PackageCourier(settings.authority.la, keys.notary(), Directory(settings, keys, clock), seal_for=seal_for,
                          unseal=lambda sealed: unseal(sealed, identities), rehearsal=settings.rehearsal)


def contact_of(la: str, entry: ContactEntry, keys: KeyRing, today: date) -> Contact:
    """One contact. Without a valid card it can be drafted to, not sent to."""
    if entry.by_hand:
        where = {"telephone": entry.phone, "secure-mail": entry.email}.get(entry.channel) or "by letter"
        return Contact(la=la, name=entry.name, channel=entry.channel, where=where, verified_on=entry.verified_on)
    where = f"{entry.user}@{entry.host}:{entry.folder}" if entry.channel == "sftp" else str(entry.path)
    card = keys.trusted(la)
    # A rehearsal's clock stands on any day; the days on a card are those of the world outside.
    if card is None or not (card.rehearsal or card.valid_on(today)):
        return Contact(la=la, name=entry.name, channel=entry.channel, where=where, verified_on=entry.verified_on)
    return Contact(la=la, name=entry.name, channel=entry.channel, where=where, verified_on=entry.verified_on,
                   recipient=card.recipient, signs_with=card.signs_with, fingerprint=card.fingerprint)
