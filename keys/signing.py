"""Ed25519 keys with a name, as C2SP signed notes use them.

1. A key's id is bound to its name: the same bytes under another name are another key.
2. A public key travels as one line of text, ``name+id+base64``, that ``VerifyKey.parse`` checks; a weak key is none.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.domain.exact import exact_base64
from gateway.errors import ConfigError, TamperError
from keys.weak import check_signing_key

ED25519 = b"\x01"   # the algorithm's byte in C2SP signed-note
_TEXT = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)")


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """A public key and the name it signs under."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """Four bytes of a hash over name and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    @property
    def text(self) -> str:
        """The key as one line."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.raw).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key's line, or raise ConfigError."""
        matched = _TEXT.fullmatch(text.strip())
        try:
            raw = exact_base64(matched[3]) if matched else b""
        except ValueError:
            raw = b""
        if matched is None or raw[:1] != ED25519 or len(raw) != 33:
            raise ConfigError(f"not a public signing key: {text[:40]!r}, expected name+id+base64", code="BAD-PUBLIC-KEY",
                              hint="Take the line whole from the other gateway's `gateway keys export`.")
        key = cls(matched[1], raw[1:])
        check_signing_key(key.raw)
        if key.id.hex() != matched[2]:
            raise ConfigError(f"public key of {key.name} has id {key.id.hex()}, its line says {matched[2]}",
                              code="BAD-PUBLIC-KEY", hint="A letter was lost or changed on the way; take the line whole again.")
        return key

    def check(self, signature: bytes, text: bytes) -> None:
        """Return when the signature is this key's over this text; TamperError otherwise."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text)
        except (InvalidSignature, ValueError) as error:
            raise TamperError(f"signature by {self.name} (key {self.id.hex()}) does not verify", code="NOTE-NOT-VERIFIED",
                              hint="The text was changed after it was signed. Do not rely on it.") from error


class SignKey:
    """A private key and the name it signs under."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = VerifyKey(name, self._key.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(text)


def new_seed() -> bytes:
    """32 random bytes for a signing key."""
    return Ed25519PrivateKey.generate().private_bytes_raw()
