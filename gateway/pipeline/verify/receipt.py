"""Checking one receipt offline: with the receipt and the gateway's public keys, and nothing else.

(1) Read the data file, or the data inside the page. It must be of our format, and written as the gateway writes it.
(2) The note is signed by the gateway's receipt key and is of the receipt's type.
(3) The findings are those the note was signed over, and so is everything else that stands beside it.
(4) The checkpoint is signed by the gateway's checkpoint key.
(5) The ledger entry stands in the tree of that checkpoint, at the number the note says.
(6) The entry tells of this parcel, and of the same bytes.
(7) The page, when it is one, is the page the note was signed over.
(8) When the file itself is at hand: it is the one the receipt was given for.
What is embedded in a receipt about keys is never believed; it only says which key to ask for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.domain.ledger.leaf import Checkpoint
from gateway.domain.ledger.proofs import verify_inclusion
from gateway.domain.ledger.tree import leaf_hash
from gateway.domain.parcels.receipt import (
    DATA_PLACE,
    NOTE_KIND,
    NOTE_PLACE,
    Evidence,
    beside_digest,
    findings_digest,
    inside_script,
    shown,
    written,
)
from gateway.errors import RefusedError, TamperError
from gateway.ports import NoteChecker

MAX_RECEIPT = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReceiptReport:
    """What the check found. ``values`` are the note's, when its signature verified; only they may be believed."""

    values: Mapping[str, Any] = field(default_factory=dict)
    checkpoint: Checkpoint | None = None
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything verified."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """As ``gateway verify RECEIPT --json`` prints it."""
        head = self.checkpoint
        ledger = {"entries": head.size, "root": head.root.hex(), "at": head.at.isoformat()} if head else None
        return {"ok": self.ok, "receipt": dict(self.values), "ledger": ledger, "problems": list(self.problems)}


def verify_receipt(content: bytes, checker: NoteChecker, *, file: bytes | None = None) -> ReceiptReport:
    """Check a receipt, page or data file. RefusedError when it is not a receipt at all; problems are in the report."""
    receipt = read_receipt(content)
    problems: list[str] = []
    try:
        values = checker.verify(NOTE_KIND, _text(receipt, "note"))  # (2)
    except TamperError as error:
        return ReceiptReport(problems=(f"{error.code}: {error.message}",))
    problems += _changes(content, receipt, values)  # (1), (3) and (7)
    head = None
    try:
        evidence = Evidence.from_json(receipt["evidence"])
        head = checker.open_checkpoint(evidence.checkpoint)  # (4)
        _stands(receipt["evidence"], evidence, values, head)  # (5) and (6)
    except TamperError as error:
        problems.append(f"{error.code}: {error.message}")
    except (KeyError, TypeError, ValueError, AttributeError):
        problems.append("EVIDENCE-MISSING: the receipt holds no evidence of its ledger entry")
    found = hashlib.sha256(file).hexdigest() if file is not None else values.get("sha256")
    if found != values.get("sha256"):  # (8)
        problems.append(f"OTHER-FILE: the file has SHA-256 {found}, the receipt is for {values.get('sha256')}")
    return ReceiptReport(values, head, tuple(problems))


def read_receipt(content: bytes) -> dict[str, Any]:
    """The data of a receipt, or RefusedError when it is none."""
    _, inside = _parts(content)
    try:
        values = json.loads(inside.decode("utf-8-sig")) if len(content) <= MAX_RECEIPT else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict) or values.get("format") != NOTE_KIND:
        raise RefusedError(f"not a receipt: expected a page or data file of format {NOTE_KIND}", code="NOT-A-RECEIPT",
                           hint="Give the .html or .json file as the gateway wrote it, not a print or a copy of its text.")
    return values


def _parts(content: bytes) -> tuple[tuple[bytes, bytes] | None, bytes]:
    """What stands around the data of a page, None of a data file; and the data."""
    before, opening, rest = content.partition(DATA_PLACE[0])
    if not opening:
        return None, content
    inside, _, after = rest.partition(DATA_PLACE[1])
    return (before, after), inside


def _changes(content: bytes, receipt: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[str]:
    """What is not as it was signed, or not as it was written."""
    page, inside = _parts(content)
    canonical = written(receipt)
    if inside != (inside_script(canonical) if page else canonical):
        yield "NOT-AS-WRITTEN: the data is not written as the gateway writes it"
    listed = receipt.get("findings")
    if (listed is not None or page is None) and findings_digest(listed or []) != values.get("findings"):
        yield "FINDINGS-CHANGED: the findings listed are not those that were signed"
    if beside_digest(receipt) != values.get("beside"):
        yield "RECEIPT-CHANGED: what stands beside the note is not what was signed"
    if page is not None and _bare(page, receipt["note"]) != values.get("page"):
        yield "PAGE-CHANGED: the page is not the one that was signed"


def _bare(page: tuple[bytes, bytes], note: str) -> str:
    """The digest of a page without note and data."""
    (before, after), place = page, NOTE_PLACE
    start, _, end = before.partition(place[0] + shown(note) + place[1])
    return hashlib.sha256(b"".join((start, *place, end, *DATA_PLACE, after))).hexdigest()


def _stands(given: Mapping[str, Any], evidence: Evidence, values: Mapping[str, Any], head: Checkpoint) -> None:
    entry = evidence.leaf.encode()
    if evidence.to_json() != given:
        raise _differs("the evidence alone", sorted(evidence.to_json()), sorted(given))
    if evidence.index != values.get("index"):
        raise _differs("entry number", evidence.index, values.get("index"))
    verify_inclusion(leaf_hash(entry), evidence.index, head.size, evidence.proof, head.root)
    leaf = json.loads(entry)
    if leaf["id"] != values.get("leaf"):
        raise _differs("entry", leaf["id"], values.get("leaf"))
    if leaf["subject"] != values.get("parcel"):
        raise _differs("parcel", leaf["subject"], values.get("parcel"))
    if leaf["facts"].get("sha256", values.get("sha256")) != values.get("sha256"):
        raise _differs("SHA-256", leaf["facts"]["sha256"], values.get("sha256"))


def _text(receipt: Mapping[str, Any], name: str) -> str:
    value = receipt.get(name)
    if not isinstance(value, str):
        raise TamperError(f"receipt has no {name}, 1 expected", code="NOTE-NOT-VERIFIED", hint="Ask the gateway for it again.")
    return value


def _differs(what: str, ledger: object, note: object) -> TamperError:
    return TamperError(f"ledger says {what} {ledger}, the note says {note}", code="RECEIPT-NOT-THE-ENTRY",
                       hint="Its parts are from two receipts. Ask the gateway for the receipt again.")
