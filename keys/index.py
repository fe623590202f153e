"""Blind index: keyed and one-way, so that equal values can be found without being readable.

1. HMAC-SHA256, cut to 16 bytes; the sort of evidence is bound in, so a surname index says nothing of a postcode index.
2. There is one key for the life of a home: rotating it means blinding the whole store again (``gateway migrate``).
"""

from __future__ import annotations

import hmac

from gateway.errors import ConfigError

KEY_BYTES = 32
INDEX_BYTES = 16


class BlindIndex:
    """Blinds one value of one sort. Implements ``ports.Blinder``."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ConfigError(f"index key has {len(key)} bytes, expected {KEY_BYTES}", code="BAD-INDEX-KEY",
                              hint="Restore the private key file from its safe place.")
        self._key = key

    def blind(self, sort: str, text: str) -> bytes:
        """16 bytes: equal for equal sort and text under this key, and telling nothing else."""
        name = sort.encode()
        return hmac.digest(self._key, len(name).to_bytes(2, "big") + name + text.encode(), "sha256")[:INDEX_BYTES]
