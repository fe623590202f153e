"""Issuing receipts: the signed note, its evidence, and the two files a sender gets.

1. A receipt is signed once its ledger entry has a number; RetryableError before.
2. What it says is stored with it when it is signed. Given again, to the same sender years later, it is the same bytes; unless the
   page is laid out otherwise by then, or a key was revoked: the note binds the page, so the same facts are signed once more.
3. The body comes from the stage that made the receipt; what it left out is taken from the parcel as it stands then:
   ``findings`` (without values) for a processed one, ``processed_at``, ``kind``, ``verdict`` and ``rows`` if already known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.domain.parcels.parcel import Parcel, Receipt, ReceiptStage
from gateway.domain.parcels.receipt import (
    FINDING_KEYS,
    NOTE_KIND,
    STATEMENT,
    Evidence,
    beside,
    beside_digest,
    findings_digest,
    page_said,
    who_answers,
)
from gateway.errors import TamperError
from gateway.pipeline.sequence import Proof, proofs_of
from gateway.ports import Ports, Transaction

_SAID = ("parcel", "stage", "reading", "sender", "channel", "sha256", "size", "received_at")
_DONE = ("processed_at", "kind", "verdict", "rows")


@dataclass(frozen=True, slots=True)
class Issued:
    """A signed receipt and its two files."""

    receipt: Receipt              # as stored: note and body complete
    page: bytes                   # HTML, UTF-8
    data: bytes                   # JSON, UTF-8


def issue(tx: Transaction, ports: Ports, receipt: Receipt) -> Issued:
    """Sign a receipt within a writing transaction, or give a signed one again."""
    return render(ports, sign(tx, ports, receipt))


def sign(tx: Transaction, ports: Ports, receipt: Receipt) -> Receipt:
    """The receipt with its note and everything it says, stored. A signed one is returned as it is."""
    return sign_all(tx, ports, [receipt])[0]


def sign_all(tx: Transaction, ports: Ports, receipts: Sequence[Receipt]) -> list[Receipt]:
    """Sign several within one writing transaction: ledger and parcels are read once for all of them."""
    new = [receipt for receipt in receipts if receipt.note is None or _is_stale(ports, receipt, receipt.note)]
    proofs = proofs_of(tx, [tx.leaves.get(receipt.leaf) for receipt in new])
    ids = [receipt.parcel for receipt in new]
    parcels = {parcel.id: parcel for parcel in tx.parcels.where(id=ids)} if new else {}
    files = _files(tx, ports, parcels) if new else {}
    signed = {receipt.id: _signed(ports, receipt, parcels[receipt.parcel], proof, files.get(receipt.parcel, {}))
              for receipt, proof in zip(new, proofs, strict=True)}
    tx.receipts.save(*signed.values())
    return [signed.get(receipt.id, receipt) for receipt in receipts]


def _files(tx: Transaction, ports: Ports, parcels: Mapping[str, Parcel]) -> dict[str, dict[str, Any]]:
    """Whose file each is, by the register, and which of that sender's files of the day: as its first receipt says."""
    first = tx.receipts.where(parcel=list(parcels), stage=ReceiptStage.RECEIVED)
    schools = ports.register.establishments
    return {receipt.parcel: {"school": school.name if (school := schools.get(parcels[receipt.parcel].sender)) else None,
                             **receipt.body["file"]}
            for receipt in first if "file" in receipt.body}


def _signed(ports: Ports, receipt: Receipt, parcel: Parcel, proof: Proof, file: Mapping[str, Any]) -> Receipt:
    evidence = Evidence(proof.leaf.canonical().decode(), proof.index, proof.hashes, proof.checkpoint.note)
    if receipt.note is None:
        said = _facts(parcel, receipt) | {"authority": who_answers(ports.policy), "statement": STATEMENT}
        said |= {"file": dict(file)} if file else {}
    else:                             # what was said once is said again, in files of another name
        said = {**receipt.body, "signed_again": signed_again(receipt) + 1}
    facts = said | {"evidence": evidence.to_json(), "keys": dict(ports.notary.public_keys())}
    return replace(receipt, note=ports.notary.sign(NOTE_KIND, _lines(receipt, facts, _page(ports, facts))), body=facts)


def signed_again(receipt: Receipt) -> int:
    """How often it was signed once more."""
    return int(receipt.body.get("signed_again", 0))


def _is_stale(ports: Ports, receipt: Receipt, note: str) -> bool:
    """Whether the page is laid out otherwise today than when it was signed, or a key was revoked since."""
    if page_said(note) != _page(ports, receipt.body):
        return True
    try:
        ports.notary.verify(NOTE_KIND, note)
        ports.notary.open_checkpoint(receipt.body["evidence"]["checkpoint"])
    except TamperError:
        return True
    return False


def _page(ports: Ports, facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(ports.press.bare(facts)).hexdigest()


def render(ports: Ports, receipt: Receipt) -> Issued:
    """The two files of a signed receipt; needs no transaction."""
    note = receipt.note or ""
    return Issued(receipt, ports.press.page(note, receipt.body, page_said(note)), ports.press.data(note, receipt.body))


def _facts(parcel: Parcel, receipt: Receipt) -> dict[str, Any]:
    said: dict[str, Any] = {
        "parcel": parcel.id, "stage": receipt.stage.value, "reading": receipt.reading, "sender": parcel.sender,
        "channel": parcel.channel.value, "sha256": parcel.sha256, "size": parcel.size,
        "received_at": parcel.received_at.isoformat(), "findings": [],
    }
    if receipt.stage is ReceiptStage.PROCESSED:
        said |= {"processed_at": receipt.at.isoformat(), "kind": parcel.kind.value,
                 "verdict": parcel.verdict.value if parcel.verdict else None,
                 "rows": {"read": parcel.rows_read, "accepted": parcel.rows_accepted, "held": parcel.rows_held}}
    known = (*_SAID, *_DONE, "findings", "week", "next")
    said |= {key: value for key, value in receipt.body.items() if key in known}
    # Whatever a stage put in, what was found in the file never reaches a receipt.
    said["findings"] = [{key: finding.get(key) for key in FINDING_KEYS} for finding in said["findings"]]
    return said


def _lines(receipt: Receipt, facts: Mapping[str, Any], page: str) -> list[tuple[str, Any]]:
    lines = [("gateway", facts["authority"]["la"]), ("rehearsal", facts["authority"]["rehearsal"]), ("receipt", receipt.id)]
    lines += [(name, facts[name]) for name in (*_SAID, *_DONE) if name in facts]
    return [*lines, ("findings", findings_digest(facts["findings"])), ("beside", beside_digest(beside(facts))), ("page", page),
            ("leaf", receipt.leaf), ("index", facts["evidence"]["index"])]
