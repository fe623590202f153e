"""Signed notes: a short text that says what it is, and one Ed25519 signature (C2SP signed-note).

    cme-gateway-receipt/1                     type and version
    parcel: "P01HZX…"                         name, colon, one JSON value, in ASCII
    size: 4123
                                              an empty line
    — 990.cme-gateway/receipts 9xY…=          key name, then base64 of key id (4 bytes) and signature

1. A verifier demands the type; a note of another type never passes, whoever signed it.
2. Only the canonical text passes: parsed and written again, it must be the same bytes.
3. Lines of other signers (witnesses) are allowed; at least one by the expected key must be there, and it must verify.
4. What a revoked key signed does not pass, whenever it says it was written: whoever has the key can date it as they like.
5. While receivers still hold the card of before, a note for them bears two signatures: the new key's and the retired one's.
6. Ledger checkpoints are C2SP tlog-checkpoints: origin, size, root, and a time line; they have a key of their own.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gateway.domain.exact import exact_base64
from gateway.domain.ledger.leaf import Checkpoint
from gateway.errors import TamperError, UsageError
from keys.signing import SignKey, VerifyKey

MAX_NOTE = 64 * 1024   # a receipt's note is below 2 kB
_KIND = re.compile(r"[a-z][a-z0-9-]*/[1-9][0-9]?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+=*)")


def write_text(kind: str, lines: Sequence[tuple[str, Any]]) -> str:
    """The text of a note, up to and with its last newline; the same values give the same text."""
    names = [name for name, _ in lines]
    if not _KIND.fullmatch(kind) or len(set(names)) != len(names) or not all(_NAME.fullmatch(n) for n in names):
        raise UsageError(f"note {kind!r} has type or names {names} that are not plain words, each once", code="BAD-NOTE",
                         hint="A type is like cme-gateway-receipt/1; names are lower case.")
    return f"{kind}\n" + "".join(f"{name}: {_value(value)}\n" for name, value in lines)


def read_text(kind: str, text: str) -> dict[str, Any]:
    """The values of a note's text, or TamperError when it is not a canonical note of this type."""
    head, *rest = text.split("\n")
    if head != kind:
        raise _bad(f"note is of type {head[:60]!r}, expected {kind!r}")
    try:
        lines = [(name, json.loads(value)) for name, _, value in (line.partition(": ") for line in rest[:-1])]
        again = write_text(kind, lines)
    except (ValueError, UsageError, RecursionError) as error:
        raise _bad(f"note of type {kind} has a line that is not `name: value`") from error
    if again != text:
        raise _bad(f"note of type {kind} is not written the canonical way")
    return dict(lines)


def attach(text: str, *keys: SignKey) -> str:
    """The text with the signatures below it."""
    lines = [f"— {key.public.name} {base64.b64encode(key.public.id + key.sign(text.encode())).decode()}\n" for key in keys]
    return f"{text}\n{''.join(lines)}"


def detach(note: str, trusted: Sequence[VerifyKey], revoked: Sequence[VerifyKey] = ()) -> str:
    """The text of a note that one of the trusted keys has signed, or TamperError; KEY-REVOKED when only a revoked one has."""
    text, gap, below = note.rpartition("\n\n")
    if not gap or len(note) > MAX_NOTE or not below.endswith("\n"):
        raise _bad("note has no signature below an empty line")
    text += "\n"
    known = {(key.name, key.id): key for key in trusted}
    taken_back = {(key.name, key.id) for key in revoked}
    verified = by_revoked = False
    for line in below[:-1].split("\n"):
        name, key_id, signature = _signature(line)
        key = known.get((name, key_id))
        if key is not None:
            key.check(signature, text.encode())
            verified = True
        by_revoked |= (name, key_id) in taken_back
    if by_revoked and not verified:
        raise TamperError(f"note is signed by a key that was revoked, expected 1 of the {len(trusted)} in force",
                          code="KEY-REVOKED", hint="Anyone may have that key. Ask the gateway for it again: it is signed anew.")
    if not verified:
        raise _bad(f"note is signed by none of the {len(trusted)} keys expected: {', '.join(k.name for k in trusted)}")
    return text


class NoteChecker:
    """Verifies notes and checkpoints with public keys alone. Implements ``ports.NoteChecker``."""

    def __init__(self, *, checkpoints: Sequence[VerifyKey], receipts: Sequence[VerifyKey],
                 revoked: Sequence[VerifyKey] = ()) -> None:
        """Keys from oldest to newest; retired ones stay, so that old receipts verify, unless they were revoked."""
        self._checkpoints = tuple(key for key in checkpoints if key not in revoked)
        self._receipts = tuple(key for key in receipts if key not in revoked)
        self._revoked = tuple(revoked)

    def verify(self, kind: str, note: str, *, keys: Sequence[bytes] | None = None) -> dict[str, Any]:
        """The values of a note of this type, signed by us, or by one of ``keys`` (32 raw bytes each, under any name)."""
        trusted = self._receipts if keys is None else _under_any_name(note, keys)
        return read_text(kind, detach(note, trusted, self._revoked if keys is None else ()))

    def open_checkpoint(self, note: str) -> Checkpoint:
        """The tree head of a signed checkpoint, or TamperError."""
        text = detach(note, self._checkpoints, self._revoked)
        try:
            origin, size, root, time = text.removesuffix("\n").split("\n")
            word, _, at = time.partition(" ")
            found = Checkpoint(int(size), exact_base64(root), datetime.fromisoformat(at), note)
        except ValueError as error:
            raise _bad("checkpoint is not origin, size, root and time") from error
        if word != "time" or origin not in {k.name for k in self._checkpoints} or len(found.root) != 32:
            raise _bad(f"checkpoint is of origin {origin[:60]!r}, expected {self._checkpoints[-1].name!r}")
        return found

    def public_keys(self) -> dict[str, str]:
        """The newest public key of each purpose, as C2SP verifier keys."""
        return {"checkpoints": self._checkpoints[-1].text, "receipts": self._receipts[-1].text}


class NoteSigner(NoteChecker):
    """Signs as well: one key for checkpoints, one for receipts and packages. Implements ``ports.Notary``."""

    def __init__(self, checkpoint_key: SignKey, receipt_key: SignKey, *, retired_checkpoints: Sequence[VerifyKey] = (),
                 retired_receipts: Sequence[VerifyKey] = (), revoked: Sequence[VerifyKey] = (),
                 beside: Sequence[SignKey] = ()) -> None:
        """``beside``: retired receipt keys that sign with the one in use, for receivers who hold the card of before."""
        super().__init__(checkpoints=[*retired_checkpoints, checkpoint_key.public],
                         receipts=[*retired_receipts, receipt_key.public], revoked=revoked)
        self._checkpoint_key = checkpoint_key
        self._receipt_keys = (receipt_key, *beside)

    def sign(self, kind: str, lines: Sequence[tuple[str, Any]]) -> str:
        """A signed note of this type."""
        return attach(write_text(kind, lines), *self._receipt_keys)

    def checkpoint(self, size: int, root: bytes, at: datetime) -> Checkpoint:
        """A signed tree head."""
        origin = self._checkpoint_key.public.name
        text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\ntime {at.isoformat()}\n"
        return Checkpoint(size=size, root=root, at=at, note=attach(text, self._checkpoint_key))


def _signature(line: str) -> tuple[str, bytes, bytes]:
    matched = _SIGNATURE.fullmatch(line)
    try:
        raw = exact_base64(matched[2]) if matched else b""
    except ValueError:
        raw = b""
    if matched is None or len(raw) < 5:
        raise _bad("note has a signature line that is not `— name base64`")
    return matched[1], raw[:4], raw[4:]


def _under_any_name(note: str, keys: Sequence[bytes]) -> list[VerifyKey]:
    names = {m[1] for m in _SIGNATURE.finditer(note.rpartition("\n\n")[2])}
    return [VerifyKey(name, key) for name in sorted(names)[:8] for key in keys]


def _value(value: Any) -> str:
    # ASCII only, so that no look-alike or right-to-left mark can stand in a note.
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _bad(why: str) -> TamperError:
    return TamperError(why, code="NOTE-NOT-VERIFIED",
                       hint="Do not rely on it. Ask the sender for the original, or look at which key it needs.")
