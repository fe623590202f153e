"""``HOME/keys/public.json``: whose home this is, its public keys past and present, and the recovery recipient.

1. It names every key by id, secret ones too, so that the wrong set of private keys is noticed at start.
2. Retired signing keys stay for ever: a receipt of ten years ago must still verify. A revoked key stays too, and is told as one.
3. Nothing in it is secret; anyone who is to verify receipts may have it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from gateway.errors import ConfigError
from keys.notes import NoteChecker
from keys.private import Purpose, write_file
from keys.signing import VerifyKey


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One key as everyone may know it. ``text``: age recipient or verifier key line; None for symmetric keys."""

    purpose: Purpose
    id: str
    created: datetime
    text: str | None = None
    retired: datetime | None = None
    revoked: datetime | None = None    # known to others, or feared to be: nothing is proven by it any more

    def to_json(self) -> dict[str, Any]:
        """As the file and ``gateway keys list`` show it."""
        return {"purpose": self.purpose.value, "id": self.id, "created": self.created.isoformat(),
                "retired": self.retired.isoformat() if self.retired else None,
                "revoked": self.revoked.isoformat() if self.revoked else None, "text": self.text}


@dataclass(frozen=True, slots=True)
class PublicRing:
    """The public half of a home's key ring."""

    la: str
    origin: str
    rehearsal: bool
    recovery: str                 # age recipient
    keys: tuple[PublicKey, ...]   # oldest first

    def of(self, purpose: Purpose) -> list[PublicKey]:
        """Every key of a purpose, oldest first."""
        return [key for key in self.keys if key.purpose is purpose]

    def newest(self, purpose: Purpose) -> PublicKey:
        """The key in use for a purpose."""
        return [key for key in self.of(purpose) if key.retired is None][-1]

    def with_new(self, key: PublicKey, now: datetime) -> Self:
        """The ring after a rotation: the new key in use, those before it retired."""
        old = tuple(replace(k, retired=now) if k.purpose is key.purpose and k.retired is None else k for k in self.keys)
        return replace(self, keys=(*old, key))

    def with_revoked(self, purpose: Purpose, now: datetime) -> Self:
        """The ring after revoking: every retired key of a purpose is revoked too."""
        return replace(self, keys=tuple(
            replace(k, revoked=k.revoked or now) if k.purpose is purpose and k.retired else k for k in self.keys))

    def checker(self) -> NoteChecker:
        """Verifies this home's notes and checkpoints, old ones included."""
        return NoteChecker(checkpoints=self._verifiers(Purpose.CHECKPOINTS), receipts=self._verifiers(Purpose.RECEIPTS),
                           revoked=self.revoked_signers())

    def revoked_signers(self) -> list[VerifyKey]:
        """Signing keys that prove nothing any more."""
        signing = (Purpose.CHECKPOINTS, Purpose.RECEIPTS)
        return [VerifyKey.parse(key.text or "") for key in self.keys if key.purpose in signing and key.revoked]

    def to_json(self) -> bytes:
        """The file's content."""
        values = {"version": 1, "la": self.la, "origin": self.origin, "rehearsal": self.rehearsal, "recovery": self.recovery,
                  "keys": [key.to_json() for key in self.keys]}
        return (json.dumps(values, indent=2) + "\n").encode()

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Read the file, or raise ConfigError."""
        try:
            values = json.loads(content)
            keys = tuple(PublicKey(Purpose(k["purpose"]), k["id"], datetime.fromisoformat(k["created"]), k["text"],
                                   _moment(k["retired"]), _moment(k.get("revoked"))) for k in values["keys"])
            return cls(values["la"], values["origin"], values["rehearsal"], values["recovery"], keys)
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError("not a file of public keys: expected keys/public.json of a gateway", code="BAD-PUBLIC-KEYS",
                              hint="Take it from the gateway's home, or `gateway keys export --public`.") from error

    def _verifiers(self, purpose: Purpose) -> list[VerifyKey]:
        return [VerifyKey.parse(key.text or "") for key in self.of(purpose)]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def public_path(home: Path) -> Path:
    """Where a home keeps it."""
    return home / "keys" / "public.json"


def read_public(home: Path) -> PublicRing:
    """The public half of a home's ring; ConfigError when there is none."""
    try:
        return PublicRing.from_json(public_path(home).read_bytes())
    except FileNotFoundError as error:
        raise ConfigError(f"{public_path(home)} is not there, 1 file expected", code="NO-PUBLIC-KEYS",
                          hint="Make the home with `gateway init`, or restore it from a backup.") from error


def write_public(home: Path, ring: PublicRing) -> None:
    """Put it in place, whole and durable."""
    write_file(public_path(home), ring.to_json(), 0o644)
