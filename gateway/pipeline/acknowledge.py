"""Acknowledge: what was decided reaches the sender, signed, by the channel the file came by.

1. A receipt is signed when its ledger entry has a number, and stored signed before it leaves: given again, it is the same bytes.
2. Delivering is safe to repeat: the same name with the same bytes is success. The job ends in the transaction that notes where.
3. Receipts are given in batches: two transactions for all of them, never one each.
4. The sender's own workbook, marked, follows on its own, because a large one must not keep other senders' receipts waiting. It is
   kept sealed until it is delivered, so that a second try leaves the same bytes.
5. Names are ids. A sender with nowhere to answer (a parcel of another gateway, which is answered in kind) gets no files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.domain.parcels.parcel import Job, Parcel, Receipt
from gateway.domain.parcels.stages import Checked, Offered
from gateway.pipeline.keep import keep
from gateway.pipeline.receipts import render, sign_all, signed_again
from gateway.pipeline.sequence import sequence
from gateway.ports import Outbox, Outgoing, Ports


def give_receipts(jobs: Sequence[Job], ports: Ports) -> None:
    """The job kind ``receipt``: sign, leave the page and its data, note where."""
    now = ports.clock.now()
    sequence(ports, now)
    with ports.store.writing() as tx:
        signed = sign_all(tx, ports, [tx.receipts.get(str(job.payload["receipt"])) for job in jobs])
        parcels = [tx.parcels.get(receipt.parcel) for receipt in signed]
    given = [_give(job, receipt, parcel, ports) for job, receipt, parcel in zip(jobs, signed, parcels, strict=True)]
    with ports.store.writing() as tx:
        for job, receipt in zip(jobs, given, strict=True):
            tx.receipts.save(receipt)
            tx.jobs.finish(job)


def give_workbook(job: Job, ports: Ports) -> None:
    """The job kind ``workbook``: the sender's own file with the faults marked, beside the receipt."""
    with ports.store.reading() as tx:
        receipt = tx.receipts.get(str(job.payload["receipt"]))
        parcel = tx.parcels.get(receipt.parcel)
    outbox = ports.answers(parcel.sender, parcel.channel)
    kept = f"return/{receipt.id}"
    book = _workbook(kept, parcel, ports) if outbox is not None else None
    if outbox is not None and book:
        outbox.deliver(Outgoing(job.id, parcel.sender, f"{_stem(receipt, 'return')}.xlsx", book), ports.clock.now())
    with ports.store.writing() as tx:
        tx.jobs.finish(job)
    ports.vault.remove(kept)


def _workbook(key: str, parcel: Parcel, ports: Ports) -> bytes | None:
    """Made once and kept sealed; None when there is nothing to mark."""
    if ports.vault.exists(key):
        return ports.vault.read(key)
    offered = Offered(parcel.name, ports.vault.read(parcel.blob), parcel.sender)
    book = ports.examiner.annotate(offered, Checked.from_json(parcel.checked))
    if book:
        keep(ports.vault, key, book)
    return book


def _give(job: Job, receipt: Receipt, parcel: Parcel, ports: Ports) -> Receipt:
    outbox = ports.answers(parcel.sender, parcel.channel)
    if outbox is None:
        return receipt
    issued = render(ports, receipt)
    stem = _stem(receipt, receipt.stage.value)
    where = _leave(outbox, job, parcel, f"{stem}.html", issued.page, ports)
    _leave(outbox, job, parcel, f"{stem}.json", issued.data, ports)
    return replace(receipt, path=where)


def _leave(outbox: Outbox, job: Job, parcel: Parcel, name: str, content: bytes, ports: Ports) -> str:
    return outbox.deliver(Outgoing(job.id, parcel.sender, name, content), ports.clock.now()).where


def _stem(receipt: Receipt, what: str) -> str:
    """``P01…-processed``, and ``P01…-processed-2`` for a second reading; ``…-signed-again-1`` when it was."""
    more = f"-{receipt.reading}" if receipt.reading > 1 else ""
    return f"{receipt.parcel}-{what}{more}" + (f"-signed-again-{signed_again(receipt)}" if signed_again(receipt) else "")
