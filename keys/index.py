"""Blind index: keyed and one-way, so that equal values can be found without being readable.

1. HMAC-SHA256, cut to 16 bytes; the sort of evidence is bound in, so a surname index says nothing of a postcode index.
2. The newest key blinds what is written; what is looked for is blinded under every key of the ring, so that rows written under an
   older one are found until they are blinded anew (``gateway keys reseal``).
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from gateway.errors import ConfigError

KEY_BYTES = 32
INDEX_BYTES = 16


class BlindIndex:
    """Blinds one value of one sort. Implements ``ports.Blinder``."""

    def __init__(self, *keys: bytes) -> None:
        """``keys`` from oldest to newest, 32 bytes each."""
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ConfigError(f"{len(keys)} index keys of {[len(k) for k in keys]} bytes, expected at least one of {KEY_BYTES}",
                              code="BAD-INDEX-KEY", hint="Restore the private key file from its safe place.")
        self._keys = keys[::-1]

    def blind(self, sort: str, text: str) -> bytes:
        """16 bytes: equal for equal sort and text under the newest key, and telling nothing else."""
        return _blinded(self._keys[0], sort, text)

    def blinds(self, sort: str, text: str) -> Sequence[bytes]:
        """Under every key, the newest first: what a row may be found by."""
        return [_blinded(key, sort, text) for key in self._keys]


def _blinded(key: bytes, sort: str, text: str) -> bytes:
    name = sort.encode()
    return hmac.digest(key, len(name).to_bytes(2, "big") + name + text.encode(), "sha256")[:INDEX_BYTES]
