"""New keys for old: rotation while running, revoking, and a new ring after a disaster.

1. A rotation adds a key and retires the one before it; what was sealed with the old one still opens, what it signed verifies.
2. A retired checkpoints key's secret is destroyed at once, a retired receipts key's after ``OVERLAP``: until then it signs
   packages beside the new one. Their public halves stay, so that old notes verify.
3. Fields and index: rows stay under the key they were written with until ``gateway keys reseal`` writes them anew; both keys open
   and find until then. Nothing is ever taken from the escrow: a backup may be older than the last rotation.
4. Revoking comes after rotating: nothing is proven or opened by the retired keys any more, and those that sign lose their secrets
   at once. Keys that only this home uses are not revoked but rotated: the store and the vault must stay readable.
5. Private keys first, then escrow, then public.json, which puts the new key in use; then the old signing secret goes.
   After a crash between them the old key is in use still, and the rotation may be asked for again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from gateway.errors import TamperError, UsageError
from keys.age_files import unseal
from keys.cards import OVERLAP
from keys.making import make_key, public_of
from keys.private import PrivateKey, Purpose, make_private, read_private, write_private
from keys.public import read_public, write_public
from keys.ring import SIGNING, KeyRing, load, signing_name, write_escrow

REVOCABLE = (Purpose.PACKAGES, Purpose.CHECKPOINTS, Purpose.RECEIPTS)    # others know their public halves


def rotate(home: Path, *, private_dir: Path, purpose: Purpose, now: datetime) -> KeyRing:
    """A new key for a purpose, in use from now on."""
    ring = load(home, private_dir)
    fresh = make_key(purpose, now)
    old = [replace(key, retired=key.retired or now) for key in ring.private[purpose]]
    write_private(private_dir, purpose, [*old, fresh])
    write_escrow(home, ring.private | {purpose: [*old, fresh]}, ring.public.recovery)
    write_public(home, ring.public.with_new(public_of(fresh, signing_name(ring.public.origin, purpose)), now))
    if purpose in SIGNING:
        lasting = [key for key in old if purpose is Purpose.RECEIPTS and _lasts(key, now)]
        write_private(private_dir, purpose, [*lasting, fresh])
    return load(home, private_dir)


def check_revocable(purpose: Purpose) -> None:
    """UsageError for a key on which nobody but this home relies."""
    if purpose not in REVOCABLE:
        raise UsageError(f"a key for {purpose} is used by this home alone, others must rely on one to revoke it",
                         code="NOT-REVOCABLE", hint=f"Rotate it: gateway keys rotate {purpose}; then gateway keys reseal.")


def revoke_retired(home: Path, *, private_dir: Path, purpose: Purpose, now: datetime) -> KeyRing:
    """Take the trust from every retired key of a purpose, for those who hold our public keys. The one in use stays."""
    check_revocable(purpose)
    ring = load(home, private_dir)
    write_public(home, ring.public.with_revoked(purpose, now))
    if purpose in SIGNING:
        write_private(private_dir, purpose, [key for key in ring.private[purpose] if key.retired is None])
    return load(home, private_dir)


def forget(home: Path, *, private_dir: Path, now: datetime) -> list[str]:
    """Destroy the secrets of receipts keys that are past their overlap; their ids."""
    load(home, private_dir)
    held = read_private(private_dir, Purpose.RECEIPTS)
    kept = [key for key in held if _lasts(key, now)]
    if len(kept) < len(held):
        write_private(private_dir, Purpose.RECEIPTS, kept)
    return [key.id for key in held if key not in kept]


def recover(home: Path, *, private_dir: Path, recovery_identity: Path, now: datetime) -> KeyRing:
    """The ring of a home whose private keys are lost: old data readable again, new signing keys, old ones retired."""
    public = read_public(home)
    identity = [line for line in recovery_identity.read_text("ascii").splitlines() if line and not line.startswith("#")]
    held = _escrowed(unseal((home / "keys" / "escrow.age").read_bytes(), identity))
    make_private(private_dir)
    for purpose, keys in held.items():
        write_private(private_dir, purpose, keys)
    for purpose in SIGNING:
        fresh = make_key(purpose, now)
        write_private(private_dir, purpose, [fresh])
        public = public.with_new(public_of(fresh, signing_name(public.origin, purpose)), now)
    write_public(home, public)
    write_escrow(home, {p: read_private(private_dir, p) for p in Purpose}, public.recovery)
    return load(home, private_dir)


def _lasts(key: PrivateKey, now: datetime) -> bool:
    """Whether a receipts key may sign yet: one that was retired signs packages for a while."""
    return key.retired is None or now < key.retired + OVERLAP


def _escrowed(plain: bytes) -> dict[Purpose, list[PrivateKey]]:
    held: dict[Purpose, list[PrivateKey]] = {}
    try:
        for key in json.loads(plain)["keys"]:
            purpose = Purpose(key["purpose"])
            held.setdefault(purpose, []).append(
                PrivateKey(purpose, key["id"], datetime.fromisoformat(key["created"]), key["secret"]))
    except (ValueError, KeyError, TypeError) as error:
        raise TamperError("escrow.age opens but holds no keys of a gateway", code="BAD-ESCROW",
                          hint="Take keys/escrow.age from another backup of the same home.") from error
    return held
