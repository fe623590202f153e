"""Sealed fields: AES-256-GCM, one cell at a time.

1. A cell is: format version (1 byte), key id (4 bytes), nonce (12), ciphertext and tag.
2. Table, row id, column, format and key id are bound in: a cell moved anywhere else does not open.
3. The newest key seals; every key of the ring opens, so rotation needs no stop. A cell under a key that is not in the ring may be
   younger than the ring: where that can be, the ring is asked for once more before the cell is refused.
4. Each value gets a fresh random nonce; NIST SP 800-38D allows 2^32 of them for one key, ``keys list`` shows its age.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.errors import ConfigError, TamperError

FORMAT = 1
KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID_BYTES = 4
_HEAD = 1 + KEY_ID_BYTES
_LENGTHS = struct.Struct(">HHH")


def field_key_id(key: bytes) -> bytes:
    """Names a field key without telling anything of it."""
    return hashlib.sha256(b"cme-gateway field key\n" + key).digest()[:KEY_ID_BYTES]


class SealedFields:
    """Seals one field for its place. Implements ``ports.FieldSealer``."""

    def __init__(self, keys: Sequence[bytes], renewed: Callable[[], SealedFields] | None = None) -> None:
        """``keys`` from oldest to newest, 32 bytes each. ``renewed``: gives the keys by now, where they may be rotated."""
        if not keys or any(len(k) != KEY_BYTES for k in keys):
            raise ConfigError(f"{len(keys)} field keys of {[len(k) for k in keys]} bytes, expected at least one of {KEY_BYTES}",
                              code="BAD-FIELD-KEY", hint="Restore the private key file from its safe place.")
        self._ciphers = {field_key_id(k): AESGCM(k) for k in keys}
        self._newest = field_key_id(keys[-1])
        self._sealer = self._ciphers[self._newest]
        self._head = bytes([FORMAT]) + self._newest
        self._renewed = renewed

    def seal(self, table: str, row: str, column: str, plain: bytes) -> bytes:
        """The sealed cell: 33 bytes longer than ``plain``."""
        nonce = os.urandom(NONCE_BYTES)
        return self._head + nonce + self._sealer.encrypt(nonce, plain, _place(self._head, table, row, column))

    def open(self, table: str, row: str, column: str, sealed: bytes) -> bytes:
        """The plain value, or TamperError when the cell was changed, moved, or its key is not here."""
        head, nonce, rest = sealed[:_HEAD], sealed[_HEAD:_HEAD + NONCE_BYTES], sealed[_HEAD + NONCE_BYTES:]
        cipher = self._ciphers.get(head[1:]) if head[:1] == bytes([FORMAT]) else None
        if cipher is None and self._renewed is not None:
            cipher = self._renewed()._ciphers.get(head[1:]) if head[:1] == bytes([FORMAT]) else None
        if cipher is None:
            raise TamperError(
                f"field {table}.{column} of {row} names key {head[1:].hex()}, the ring holds "
                f"{', '.join(k.hex() for k in self._ciphers)}", code="FIELD-KEY-UNKNOWN",
                hint="The key file is not the one this store was written with; restore it with `gateway restore`.")
        try:
            return cipher.decrypt(nonce, rest, _place(head, table, row, column))
        except (InvalidTag, ValueError) as error:
            raise TamperError(f"field {table}.{column} of {row} does not open with key {head[1:].hex()}", code="FIELD-TAMPERED",
                              hint="It was changed outside the gateway. Stop, keep a copy, run `gateway verify`.") from error

    def is_newest(self, sealed: bytes) -> bool:
        """False when the cell should be sealed again after a rotation."""
        return sealed[:_HEAD] == self._head


def _place(head: bytes, table: str, row: str, column: str) -> bytes:
    parts = (table.encode(), row.encode(), column.encode())
    return head + _LENGTHS.pack(*map(len, parts)) + b"".join(parts)
