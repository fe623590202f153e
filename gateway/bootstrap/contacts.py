"""Other authorities: config's address and the trusted card's keys become one contact, and the courier that seals for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from gateway.config import Settings
from gateway.config.parties import ContactEntry
from gateway.domain.referrals.contact import Contact
from gateway.ports import Clock
from keys.age_files import seal, unseal
from keys.live import LiveNotary, LiveRing
from keys.ring import KeyRing
from schemas.package.courier import PackageCourier


class Directory(Mapping[str, Contact]):
    """Contacts by code, as they stand at the moment: a card that is trusted, revoked or runs out counts at once."""

    def __init__(self, settings: Settings, live: LiveRing, clock: Clock) -> None:
        self._entries = settings.contacts
        self._live = live
        self._clock = clock

    def __getitem__(self, la: str) -> Contact:
        return contact_of(la, self._entries[la], self._live.ring, self._clock.today())

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def courier_of(settings: Settings, live: LiveRing, clock: Clock) -> PackageCourier:
    """The courier of a home, for its contacts, under the keys by then."""
    def seal_for(plain: bytes, recipient: str) -> bytes:
        return seal(plain, [recipient])

    return PackageCourier(settings.authority.la, LiveNotary(live, clock.now), Directory(settings, live, clock), seal_for=seal_for,
                          unseal=lambda sealed: unseal(sealed, live.ring.package_identities), rehearsal=settings.rehearsal,
                          ours=lambda: live.ring.card().standing_on(clock.today()))


def contact_of(la: str, entry: ContactEntry, keys: KeyRing, today: date) -> Contact:
    """One contact. Without a card that may be used today it can be drafted to, not sent to."""
    if entry.by_hand:
        where = {"telephone": entry.phone, "secure-mail": entry.email}.get(entry.channel) or "by letter"
        return Contact(la=la, name=entry.name, channel=entry.channel, where=where, verified_on=entry.verified_on)
    where = f"{entry.user}@{entry.host}:{entry.folder}" if entry.channel == "sftp" else str(entry.path)
    known = keys.cards(la, today)
    card = known.usable
    if card is None:
        return Contact(la=la, name=entry.name, channel=entry.channel, where=where, verified_on=entry.verified_on,
                       standing=known.standing)
    return Contact(la=la, name=entry.name, channel=entry.channel, where=where, verified_on=entry.verified_on,
                   recipient=card.recipient, signs_with=card.signs_with, fingerprint=card.fingerprint,
                   signed_with=tuple(one.signs_with for one in known.earlier), standing=known.standing)
