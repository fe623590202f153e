"""The key ring of a home: made once, loaded at each start.

1. Private keys lie outside the home, or where the configuration says; inside it only in a rehearsal or the demo.
2. The recovery identity is written once, to a path the operator names, and never read by the gateway again.
3. What is needed to read old data (vault, packages, fields, index) is also kept sealed to the recovery key,
   ``keys/escrow.age``; signing keys are not: whoever holds the recovery identity can read, but not speak for us.
4. public.json is written last: keys without it were never used.
5. A private key that public.json names and the folder does not have stops the start.
6. A retired receipts key signs packages beside the one in use for ``OVERLAP``: receivers may hold the card of before. Its secret
   is destroyed afterwards (``rotation.forget``).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from gateway.errors import ConfigError, UsageError
from keys.age_files import AgeFiles, new_identity, recipient_of, seal
from keys.cards import OVERLAP, Card, find
from keys.fields import SealedFields
from keys.index import BlindIndex
from keys.making import make_key, public_of
from keys.notes import NoteSigner
from keys.private import PrivateKey, Purpose, file_of, make_private, read_private, write_file, write_private
from keys.public import PublicKey, PublicRing, public_path, read_public, write_public
from keys.signing import SignKey, VerifyKey
from keys.trusted import CARD_LIFE, Trusted

ESCROWED = (Purpose.VAULT, Purpose.PACKAGES, Purpose.FIELDS, Purpose.INDEX)
SIGNING = (Purpose.CHECKPOINTS, Purpose.RECEIPTS)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Every key of one home, ready to use."""

    home: Path
    public: PublicRing
    private: dict[Purpose, list[PrivateKey]]

    def sealer(self, renewed: Callable[[], SealedFields] | None = None) -> SealedFields:
        """Seals identifying columns. ``renewed``: gives the sealer by now."""
        return SealedFields([bytes.fromhex(secret) for secret in self._secrets(Purpose.FIELDS)], renewed)

    def blinder(self) -> BlindIndex:
        """Blinds what is searched by."""
        return BlindIndex(*(bytes.fromhex(secret) for secret in self._secrets(Purpose.INDEX)))

    def notary(self, *, packages_at: datetime | None = None) -> NoteSigner:
        """Signs receipts and checkpoints under this home's names; verifies old ones too. ``packages_at``: signs packages."""
        checkpoints, receipts = Purpose.CHECKPOINTS, Purpose.RECEIPTS
        retired = [key for key in self.private[receipts] if packages_at and key.retired and packages_at < key.retired + OVERLAP]
        name = signing_name(self.public.origin, receipts)
        return NoteSigner(self._sign_key(checkpoints), self._sign_key(receipts),
                          retired_checkpoints=self._retired(checkpoints), retired_receipts=self._retired(receipts),
                          revoked=self.public.revoked_signers(),
                          beside=[SignKey(name, bytes.fromhex(key.secret)) for key in retired])

    def vault_files(self) -> AgeFiles:
        """Seals parcels at rest for the vault and recovery keys; opens them with any vault key."""
        return AgeFiles(self.vault_recipients, self._secrets(Purpose.VAULT))

    @property
    def vault_recipients(self) -> tuple[str, str]:
        """The newest vault key and the recovery key."""
        return recipient_of(self.vault_identity), self.public.recovery

    @property
    def vault_identity(self) -> str:
        """The newest vault identity."""
        return self._secrets(Purpose.VAULT)[-1]

    @property
    def package_identity(self) -> str:
        """The newest identity that other authorities seal for."""
        return self._secrets(Purpose.PACKAGES)[-1]

    @property
    def package_identities(self) -> tuple[str, ...]:
        """Every identity that packages may still come sealed for."""
        return tuple(self._secrets(Purpose.PACKAGES))

    def cards(self, la: str, day: date) -> Card:
        """Another authority's cards, as they stand that day."""
        return find(self.home, la, day, rehearsal=self.public.rehearsal)

    def card(self) -> Trusted:
        """Our own public keys, for other authorities: ``gateway keys export``."""
        return card_of(self.public)

    def own_cards(self) -> list[Trusted]:
        """Cards that hold every key we ever spoke or were spoken to with."""
        now = self.card()
        return [*(replace(now, recipient=key.text or "") for key in self.public.of(Purpose.PACKAGES)),
                *(replace(now, signs=key.text or "") for key in self.public.of(Purpose.RECEIPTS))]

    def _secrets(self, purpose: Purpose) -> list[str]:
        """The one in use last. public.json says which: one that a broken-off rotation left behind opens, but never writes."""
        in_use, revoked = self.public.newest(purpose).id, {key.id for key in self.public.of(purpose) if key.revoked}
        held = (key for key in self.private[purpose] if key.id not in revoked)
        return [key.secret for key in sorted(held, key=lambda key: key.id == in_use)]

    def _sign_key(self, purpose: Purpose) -> SignKey:
        return SignKey(signing_name(self.public.origin, purpose), bytes.fromhex(self._secrets(purpose)[-1]))

    def _retired(self, purpose: Purpose) -> list[VerifyKey]:
        return [VerifyKey.parse(key.text or "") for key in self.public.of(purpose) if key.retired is not None]


def card_of(public: PublicRing) -> Trusted:
    """The card of a home, from its public half."""
    packages, receipts = (public.newest(p) for p in (Purpose.PACKAGES, Purpose.RECEIPTS))
    start = max(packages.created, receipts.created).date()
    return Trusted(la=public.la, recipient=packages.text or "", signs=receipts.text or "", valid_from=start,
                   valid_until=start + CARD_LIFE, rehearsal=public.rehearsal)


def origin_of(la: str, *, rehearsal: bool) -> str:
    """The name under which a home signs. A rehearsal's receipts can never pass for real ones."""
    return f"{la}.{'rehearsal.' if rehearsal else ''}cme-gateway"


def signing_name(origin: str, purpose: Purpose) -> str:
    """The key name in signature lines: checkpoints under the origin itself, receipts beside it."""
    return origin if purpose is Purpose.CHECKPOINTS else f"{origin}/{purpose.value}"


def create(home: Path, *, private_dir: Path, recovery_to: Path, la: str, now: datetime, rehearsal: bool = False) -> KeyRing:
    """Make every key of a home. A home that has its keys keeps them, so that a broken-off ``init`` may be tried again."""
    if public_path(home).exists():
        return load(home, private_dir)
    _refuse_inside(home, recovery_to, rehearsal)
    for purpose in Purpose:
        if file_of(private_dir, purpose).exists():
            raise UsageError(f"{file_of(private_dir, purpose)} exists, but {home} has no keys yet", code="KEYS-EXIST",
                             hint="They may be another home's. Name another folder with --keys, or move them away.")
    (home / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    make_private(private_dir)
    origin = origin_of(la, rehearsal=rehearsal)
    private = {purpose: [make_key(purpose, now)] for purpose in Purpose}
    recovery = _write_recovery(recovery_to, la, now)
    public = PublicRing(la, origin, rehearsal, recovery, tuple(
        public_of(keys[0], signing_name(origin, purpose)) for purpose, keys in private.items()))
    for purpose, keys in private.items():
        write_private(private_dir, purpose, keys)
    write_escrow(home, private, recovery)
    write_public(home, public)
    return load(home, private_dir)


def load(home: Path, private_dir: Path) -> KeyRing:
    """The ring of a home; ConfigError when a key is missing, readable by others, or not this home's."""
    public = read_public(home)
    private = {purpose: read_private(private_dir, purpose) for purpose in Purpose}
    for purpose, keys in private.items():
        _same_keys(purpose, public.of(purpose), keys, signing_name(public.origin, purpose))
    return KeyRing(home, public, private)


def write_escrow(home: Path, private: dict[Purpose, list[PrivateKey]], recovery: str) -> None:
    """Keep what reads old data as an age file that the recovery identity opens."""
    keys = [{"purpose": k.purpose.value, "id": k.id, "created": k.created.isoformat(), "secret": k.secret}
            for purpose in ESCROWED for k in private[purpose]]
    write_file(home / "keys" / "escrow.age", seal(json.dumps({"version": 1, "keys": keys}).encode(), [recovery]), 0o600)


def _write_recovery(path: Path, la: str, now: datetime) -> str:
    identity, recipient = new_identity()
    text = f"# recovery identity of the gateway of authority {la}; keep it offline\n# created: {now.isoformat()}\n" \
           f"# public key: {recipient}\n{identity}\n"
    if path.exists():
        raise UsageError(f"{path} exists already, 0 files expected", code="RECOVERY-EXISTS",
                         hint="Name a new path with --recovery; a recovery identity is never overwritten.")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, text.encode(), 0o600)
    return recipient


def _refuse_inside(home: Path, recovery_to: Path, rehearsal: bool) -> None:
    if not rehearsal and recovery_to.resolve().is_relative_to(home.resolve()):
        raise UsageError(f"recovery identity at {recovery_to} would lie inside the home {home}", code="RECOVERY-INSIDE-HOME",
                         hint="Name a path on another disk with --recovery, then take it offline.")


def _same_keys(purpose: Purpose, public: Sequence[PublicKey], private: Sequence[PrivateKey], name: str) -> None:
    needed = {key.id for key in public if key.retired is None or not (purpose in SIGNING or key.revoked)}
    held = {key.id for key in private}
    true = {public_of(key, name).id for key in private}
    if not needed <= held or held != true:
        raise ConfigError(f"private keys for {purpose} are {', '.join(sorted(true))}, this home was made with "
                          f"{', '.join(sorted(needed))}", code="WRONG-PRIVATE-KEYS",
                          hint=f"Point [keys] private at this home's own keys (user {os.geteuid()} reads them).")
