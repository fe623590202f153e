"""New keys, and the public half of each.

1. Every secret comes from the operating system, through pyrage or cryptography.
2. An id is a hash of the public half, or of a symmetric key under its own label: it tells nothing of the secret.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime

from keys.age_files import new_identity, recipient_of
from keys.fields import field_key_id
from keys.private import PrivateKey, Purpose
from keys.public import PublicKey
from keys.signing import SignKey, new_seed

_AGE = (Purpose.VAULT, Purpose.PACKAGES)
_SIGNING = (Purpose.CHECKPOINTS, Purpose.RECEIPTS)


def make_key(purpose: Purpose, now: datetime) -> PrivateKey:
    """A fresh key for a purpose. Its id is the one ``public_of`` gives it under any name but for signing keys."""
    if purpose in _AGE:
        secret = new_identity()[0]
    elif purpose in _SIGNING:
        secret = new_seed().hex()
    else:
        secret = os.urandom(32).hex()
    return PrivateKey(purpose, key_id(purpose, secret), now, secret)


def key_id(purpose: Purpose, secret: str) -> str:
    """Eight hexadecimal digits."""
    if purpose in _AGE:
        return hashlib.sha256(recipient_of(secret).encode()).hexdigest()[:8]
    if purpose in _SIGNING:
        return hashlib.sha256(SignKey("key", bytes.fromhex(secret)).public.raw).hexdigest()[:8]
    if purpose is Purpose.FIELDS:
        return field_key_id(bytes.fromhex(secret)).hex()
    return hashlib.sha256(b"cme-gateway index key\n" + bytes.fromhex(secret)).hexdigest()[:8]


def public_of(key: PrivateKey, name: str) -> PublicKey:
    """What everyone may know of a key; signing keys get their name."""
    text = None
    if key.purpose in _AGE:
        text = recipient_of(key.secret)
    elif key.purpose in _SIGNING:
        text = SignKey(name, bytes.fromhex(key.secret)).public.text
    return PublicKey(key.purpose, key_id(key.purpose, key.secret), key.created, text, key.retired)
