"""Parcels that no row is taken from: refused, or of a kind that is not handled. Their bytes stay sealed in the vault.

1. The sender gets a *processed* receipt with the reason and what to do.
2. A person is told the same day: a hold, and a notice without a name or a value.
3. A kind that nothing handles is held for a person, never guessed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.domain.actor import GATEWAY
from gateway.domain.cases.waiting import Hold
from gateway.domain.parcels.kinds import Kind, Severity, Verdict
from gateway.domain.parcels.parcel import Parcel, ParcelState, Receipt, ReceiptStage
from gateway.domain.parcels.receipt import without_values
from gateway.domain.parcels.stages import Checked
from gateway.ports import Ports, Transaction

HANDLED = frozenset({Kind.LEAVERS, Kind.JOINERS, Kind.MOVEMENTS, Kind.CTF, Kind.CML, Kind.CMJ, Kind.NIL})


def is_taken(checked: Checked) -> bool:
    """Whether rows can be taken from it."""
    return checked.verdict is not Verdict.REFUSED and checked.kind in HANDLED


def set_aside(tx: Transaction, ports: Ports, parcel: Parcel, checked: Checked, now: datetime) -> Parcel:
    """Refuse the parcel, or hold it for a person, and answer its sender."""
    refused = checked.verdict is Verdict.REFUSED
    state = ParcelState.REFUSED if refused else ParcelState.HELD
    aside = replace(parcel, kind=checked.kind, state=state, verdict=checked.verdict, settled_at=now if refused else None,
                    reading=parcel.reading + 1, checked=checked.to_json(records=False))
    tx.parcels.save(aside)
    codes = sorted({finding.code for finding in checked.findings if finding.severity is Severity.ERROR})
    facts = {"sha256": parcel.sha256, "kind": checked.kind.value, "reading": aside.reading, "codes": codes}
    leaf = tx.leaves.append("parcel-refused" if refused else "parcel-held", parcel.id, GATEWAY, now, facts)
    answer(tx, ports, aside, checked, leaf.id, now)
    hold = Hold(id=ports.ids.new("H"), what="file", about=parcel.id, reason=_reason(aside, codes), since=now,
                key=f"file:{parcel.id}:{aside.reading}")
    tx.holds.add(hold)
    tx.jobs.enqueue("notice", f"notice:{hold.id}", now, {"hold": hold.id})
    return aside


def answer(tx: Transaction, ports: Ports, parcel: Parcel, checked: Checked, leaf: str, now: datetime) -> Receipt:
    """The *processed* receipt of a reading, and the jobs that give it and, where something is to be said, the marked workbook."""
    receipt = Receipt(id=ports.ids.new("T"), parcel=parcel.id, stage=ReceiptStage.PROCESSED, reading=parcel.reading, leaf=leaf,
                      at=now, body={"findings": without_values(checked.findings)})
    tx.receipts.add(receipt)
    tx.jobs.enqueue("receipt", f"receipt:{receipt.id}", now, {"receipt": receipt.id})
    if is_taken(checked) and any(finding.severity is not Severity.NOTE for finding in checked.findings):
        tx.jobs.enqueue("workbook", f"workbook:{receipt.id}", now, {"receipt": receipt.id})
    return receipt


def _reason(parcel: Parcel, codes: list[str]) -> str:
    if parcel.state is ParcelState.REFUSED:
        return f"the file of {parcel.sender} was refused: {', '.join(codes) or 'no reason was given'}; it may name children"
    return f"the file of {parcel.sender} is of the kind {parcel.kind.value}, which nothing handles yet; a person must read it"
