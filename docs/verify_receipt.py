#!/usr/bin/env python3
"""Check a receipt of a CME Gateway, without the gateway.

    python3 verify_receipt.py RECEIPT public.json [FILE]

RECEIPT is the page (.html) or the data file (.json); public.json is the gateway's keys/public.json, from a source you trust;
FILE, if you still have it, is the file the receipt was given for. Needs Python 3.9 and the `cryptography` package, and nothing
of the gateway: it is written from the formats alone (C2SP signed-note and tlog-checkpoint, RFC 6962), so that it is a second
opinion. Prints what was signed. Exit 0: everything verifies. Exit 1: it does not. Exit 2: it could not be checked.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import sys
from pathlib import Path
from typing import Any, Dict, Tuple  # noqa: UP035 - likewise

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KIND = "cme-gateway-receipt/1"
DATA = b'<script type="application/json" id="receipt-data">\n'
NOTE = b'<pre tabindex="0" id="note">'
Keys = Dict[Tuple[str, bytes], Ed25519PublicKey]  # noqa: UP006 - evaluated when run, on Python 3.9 too


class NotVerified(Exception):
    """Something does not fit."""


REFUSALS = (NotVerified, InvalidSignature, LookupError, TypeError, ValueError, AttributeError, RecursionError)


def need(condition: bool, what: str) -> None:
    """Go on only when it is so."""
    if not condition:
        raise NotVerified(what)


def keys_for(public: dict[str, Any], purpose: str) -> Keys:
    """{(name, key id): key} for every key, retired ones included, of a purpose."""
    found = {}
    for entry in public["keys"]:
        if entry["purpose"] == purpose:
            name, key_id, data = entry["text"].split("+", 2)
            found[name, bytes.fromhex(key_id)] = Ed25519PublicKey.from_public_bytes(base64.b64decode(data)[1:])
    return found


def exact(text: str) -> bytes:
    """The bytes of a base64 text that is spelt the one way it can be: a last letter may carry bits that nobody reads."""
    raw = base64.b64decode(text, validate=True)
    need(base64.b64encode(raw).decode() == text, "base64 is spelt in another way")
    return raw


def signed_text(note: str, keys: Keys) -> str:
    """The text of a note that one of the keys signed: everything up to the empty line."""
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    need(signatures.endswith("\n"), "the note has no signature")
    for line in signatures[:-1].split("\n"):
        dash, name, data = line.split(" ")
        need(dash == "—", "the note has no signature")
        raw = exact(data)
        if (name, raw[:4]) in keys:
            keys[name, raw[:4]].verify(raw[4:], text.encode())
            return text
    raise NotVerified("not signed by any key in public.json")


def root_from(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to. RFC 9162 2.1.3.2."""
    need(0 <= index < size, "the entry is not in the tree")
    node, last, total = index, size - 1, hashlib.sha256(b"\0" + leaf).digest()
    for step in proof:
        need(last > 0, "the proof is too long")
        if node % 2 or node == last:
            total = hashlib.sha256(b"\1" + step + total).digest()
            while node % 2 == 0 and node:
                node, last = node // 2, last // 2
        else:
            total = hashlib.sha256(b"\1" + total + step).digest()
        node, last = node // 2, last // 2
    need(last == 0, "the proof is too short")
    return total


def digest(values: Any) -> str:
    """SHA-256 over JSON in ASCII, keys sorted, no spaces."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def as_written(receipt: dict[str, Any]) -> bytes:
    """The data file as the gateway writes it: there is one way only."""
    return (json.dumps(receipt, indent=1, sort_keys=True) + "\n").encode()


def parts(content: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before, in and behind the data of a page; a data file is data alone."""
    before, opening, rest = content.partition(DATA)
    inside, _, after = rest.partition(b"</script>")
    return (before, inside, after) if opening else (b"", content, b"")


def need_unchanged(content: bytes, receipt: dict[str, Any], said: dict[str, Any]) -> None:
    """No letter of the file may be another than when it was signed."""
    before, inside, after = parts(content)
    page = bool(before or after)
    data = as_written(receipt)
    for letter in b"<>&" if page else b"":
        data = data.replace(bytes([letter]), b"\\u%04x" % letter)
    need(inside == data, "the data is not written as the gateway writes it")
    if not page or receipt["findings"] is not None:
        need(digest(receipt["findings"]) == said["findings"], "the findings are not those that were signed")
    beside = {name: value for name, value in receipt.items() if name not in ("format", "note", "evidence", "findings")}
    need(digest(beside) == said["beside"], "what stands beside the note is not what was signed")
    if page:
        shown = html.escape(receipt["note"]).encode()
        bare = before.replace(NOTE + shown + b"</pre>", NOTE + b"</pre>", 1) + DATA + b"</script>" + after
        need(hashlib.sha256(bare).hexdigest() == said["page"], "the page is not the one that was signed")


def check(content: bytes, receipt: dict[str, Any], public: dict[str, Any], file: bytes | None = None) -> dict[str, Any]:
    """What was signed, when everything verifies."""
    need(receipt["format"] == KIND, "the file is not a receipt")
    lines = signed_text(receipt["note"], keys_for(public, "receipts")).splitlines()
    need(lines[0] == KIND, "the note is not a receipt")
    said = {name: json.loads(value) for name, _, value in (line.partition(": ") for line in lines[1:])}
    need_unchanged(content, receipt, said)
    evidence = receipt["evidence"]
    need(set(evidence) == {"leaf", "index", "proof", "checkpoint"}, "the evidence is not evidence alone")
    need(evidence["index"] == said["index"], "the evidence is of another entry")
    head = signed_text(evidence["checkpoint"], keys_for(public, "checkpoints")).splitlines()
    need(head[0] == public["origin"], "the checkpoint is another gateway's")
    leaf, proof = evidence["leaf"].encode(), [exact(step) for step in evidence["proof"]]
    root = root_from(leaf, said["index"], int(head[1]), proof)
    need(root == base64.b64decode(head[2]), "the entry is not in the ledger")
    entry = json.loads(leaf)
    need(entry["id"] == said["leaf"] and entry["subject"] == said["parcel"], "the entry is another parcel's")
    need(entry["facts"].get("sha256", said["sha256"]) == said["sha256"], "the entry is about other bytes")
    if file is not None:
        need(hashlib.sha256(file).hexdigest() == said["sha256"], "the file is not the one the receipt was given for")
    return said


def reason(error: Exception) -> str:
    """Why it does not verify, in words."""
    if isinstance(error, NotVerified):
        return str(error)
    return "a signature is wrong" if isinstance(error, InvalidSignature) else "it is not as the gateway writes a receipt"


def main(arguments: list[str]) -> int:
    """Check what was named; the exit code."""
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        content = Path(arguments[0]).read_bytes()
        receipt = json.loads(parts(content)[1].decode())
        public = json.loads(Path(arguments[1]).read_text(encoding="utf-8"))
        file = Path(arguments[2]).read_bytes() if len(arguments) == 3 else None
    except (OSError, ValueError, RecursionError) as error:
        no_json = "it is no receipt, or public.json is no JSON"
        what = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else no_json
        print(f"cannot be checked: {what}", file=sys.stderr)
        return 2
    try:
        said = check(content, receipt, public, file)
    except REFUSALS as error:
        print(f"DOES NOT VERIFY: {reason(error)}", file=sys.stderr)
        return 1
    for name, value in said.items():
        print(f"{name}: {value}")
    print("verified: given by this gateway, about these bytes, and in its ledger")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
