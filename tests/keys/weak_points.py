"""Keys of small order, as an attacker would put them on a card."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from keys.signing import ED25519
from keys.trusted import Trusted
from keys.weak import _LETTERS

# Ed25519 points of order 1, 2, 4 and 8, and other spellings of them: libsodium's ge25519_has_small_order, RFC 8032 5.1.3.
SMALL_SIGNING = [bytes.fromhex(text) for text in (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000080",
)]
# X25519 points of small order: RFC 7748 6.1, libsodium's has_small_order.
SMALL_SEALING = [bytes.fromhex(text) for text in (
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
)]


def recipient_text(raw: bytes) -> str:
    """An age recipient: bech32 of BIP 173."""
    bits = "".join(f"{byte:08b}" for byte in raw) + "0000"
    data = [int(bits[n:n + 5], 2) for n in range(0, len(bits) - len(bits) % 5, 5)]
    spread = [*(ord(letter) >> 5 for letter in "age"), 0, *(ord(letter) & 31 for letter in "age")]
    total = _polymod([*spread, *data, 0, 0, 0, 0, 0, 0]) ^ 1
    return "age1" + "".join(_LETTERS[value] for value in [*data, *((total >> 5 * (5 - n)) & 31 for n in range(6))])


def signing_text(raw: bytes, name: str = "991.cme-gateway/receipts", algorithm: bytes = ED25519) -> str:
    """A verifier's line."""
    id = hashlib.sha256(name.encode() + b"\n" + algorithm + raw).digest()[:4]
    return f"{name}+{id.hex()}+{base64.b64encode(algorithm + raw).decode()}"


def card_with(card: Trusted, **changed: Any) -> bytes:
    """A card's file with other values, its fingerprint made right again; None takes a value away."""
    values = json.loads(card.to_json()) | changed
    kind = "rehearsal" if values["rehearsal"] else "card"
    said = f"cme-gateway {kind}/1\n{values['la']}\n{values['recipient']}\n{values['signs']}\n"
    text = base64.b32encode(hashlib.sha256(said.encode()).digest()).decode()
    values |= {"fingerprint": "-".join(text[n:n + 5] for n in range(0, 25, 5))} if "fingerprint" not in changed else {}
    return json.dumps({name: value for name, value in values.items() if value is not None}).encode()


def _polymod(values: list[int]) -> int:
    total = 1
    for value in values:
        top, total = total >> 25, (total & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            total ^= generator if top >> bit & 1 else 0
    return total
