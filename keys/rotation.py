"""New keys for old: rotation while running, and a new ring after a disaster.

1. A rotation adds a key and retires the one before it; what was sealed with the old one still opens.
2. A retired signing key's secret is destroyed; its public half stays, so that old notes verify.
3. The index key does not rotate: that means blinding the whole store again, which ``gateway migrate`` does with a new home.
4. Private keys first, then escrow, then public.json, which puts the new key in use; then the old signing secret goes.
   After a crash between them the old key is in use still, and the rotation may be asked for again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from gateway.errors import TamperError, UsageError
from keys.age_files import unseal
from keys.making import make_key, public_of
from keys.private import PrivateKey, Purpose, make_private, read_private, write_private
from keys.public import read_public, write_public
from keys.ring import SIGNING, KeyRing, load, signing_name, write_escrow


def rotate(home: Path, *, private_dir: Path, purpose: Purpose, now: datetime) -> KeyRing:
    """A new key for a purpose, in use from now on."""
    if purpose is Purpose.INDEX:
        raise UsageError("the index key is 1 for the life of a home, 2 asked for", code="INDEX-KEY-FIXED",
                         hint="If it is known to others, restore into a new home, which blinds everything again.")
    ring = load(home, private_dir)
    fresh = make_key(purpose, now)
    old = [replace(key, retired=key.retired or now) for key in ring.private[purpose]]
    write_private(private_dir, purpose, [*old, fresh])
    write_escrow(home, ring.private | {purpose: [*old, fresh]}, ring.public.recovery)
    write_public(home, ring.public.with_new(public_of(fresh, signing_name(ring.public.origin, purpose)), now))
    if purpose in SIGNING:
        write_private(private_dir, purpose, [fresh])
    return load(home, private_dir)


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
