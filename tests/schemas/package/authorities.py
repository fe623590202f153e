"""Authorities with real keys, made for the run, that have exchanged their public halves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from gateway.domain.referrals.contact import Contact
from keys.age_files import new_identity, seal, unseal
from keys.notes import NoteSigner
from keys.signing import SignKey, new_seed
from schemas.package import PackageCourier

VERIFIED = date(2026, 9, 7)


@dataclass
class Authority:
    """One gateway's keys and contacts."""

    la: str
    identity: str = field(init=False, repr=False)
    recipient: str = field(init=False)
    signer: NoteSigner = field(init=False)
    signs_with: bytes = field(init=False)
    contacts: dict[str, Contact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.identity, self.recipient = new_identity()
        key = SignKey(f"{self.la}.cme-gateway/receipts", new_seed())
        self.signer = NoteSigner(SignKey(f"{self.la}.cme-gateway/checkpoints", new_seed()), key)
        self.signs_with = key.public.raw

    def card(self) -> Contact:
        """What others keep about it."""
        return Contact(self.la, f"Authority {self.la} CME", "folder", "peers/in", VERIFIED, self.recipient, self.signs_with, "")

    def courier(self) -> PackageCourier:
        return PackageCourier(self.la, self.signer, self.contacts, seal_for=lambda plain, to: seal(plain, [to]),
                              unseal=lambda sealed: unseal(sealed, [self.identity]))


def acquainted(*codes: str) -> dict[str, Authority]:
    """Authorities that trust each other."""
    towns = {la: Authority(la) for la in codes}
    for town in towns.values():
        town.contacts = {other.la: other.card() for other in towns.values() if other is not town}
    return towns
