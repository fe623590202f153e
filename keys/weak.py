"""Keys that look like keys and protect nothing.

1. An Ed25519 key of small order verifies signatures that nobody made; one that is no point of the curve, or another spelling of
   one, verifies none that can be relied on. RFC 8032 5.1.3; the eight points of small order are those that eight times themselves
   are nothing.
2. An X25519 key of small order gives every sender the same shared secret, zero: what is sealed for it is sealed for everyone.
   RFC 7748 6.1 has both sides look for that.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from gateway.errors import ConfigError

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"    # of bech32, BIP 173

Point = tuple[int, int]


def check_signing_key(raw: bytes) -> None:
    """Return when an Ed25519 public key can be relied on; ConfigError WEAK-KEY otherwise."""
    point = _point(raw)
    for _ in range(3):
        point = _added(point, point) if point else None
    if point is None or point == (0, 1):
        raise _weak("signing key")


def check_sealing_key(recipient: str) -> None:
    """Return when an age recipient can be relied on; ConfigError WEAK-KEY otherwise. Its spelling was checked before."""
    raw = _raw(recipient)
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(raw))
    except ValueError as error:
        raise _weak("age recipient") from error


def _point(raw: bytes) -> Point | None:
    """The point of an encoding; None when it is none, or not the one spelling of it."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square or (x == 0 and sign):
        return None
    return (x if x & 1 == sign else P - x), y


def _added(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    both = D * x1 * x2 * y1 * y2 % P
    return ((x1 * y2 + x2 * y1) * pow(1 + both, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - both, -1, P) % P)


def _raw(recipient: str) -> bytes:
    """The 32 bytes of ``age1…``: five bits a letter, the last six letters a checksum that was looked at before."""
    bits = "".join(f"{_LETTERS.index(letter):05b}" for letter in recipient.strip().lower()[len("age1"):-6])
    return int(bits[:256], 2).to_bytes(32, "big")


def _weak(what: str) -> ConfigError:
    return ConfigError(f"the {what} is weak: 1 of those that protect nothing", code="WEAK-KEY",
                       hint="It was not made by a gateway. Trust nothing from this card; ring the authority on a known number.")
