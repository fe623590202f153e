"""Carry: a checked parcel through match, route and settle, in one transaction with the end of its job.

A return in the drop folder of a sender from whom nothing is expected waits for a person first (``strangers``).
Reading and checking were done before, in the sandbox, outside any transaction; a parcel that another worker has settled
meanwhile is left alone.
"""

from __future__ import annotations

from datetime import datetime

from gateway.domain.parcels.kinds import Verdict
from gateway.domain.parcels.matched import Settled
from gateway.domain.parcels.parcel import Job, Parcel
from gateway.domain.parcels.stages import Checked
from gateway.pipeline.desk import Desk
from gateway.pipeline.match import match
from gateway.pipeline.settle import HANDLED, settle, settle_unread
from gateway.pipeline.strangers import doubt_about, from_a_stranger
from gateway.ports import Ports, Transaction


def carry(job: Job, parcel: Parcel, checked: Checked, ports: Ports, now: datetime) -> Settled | None:
    """Settle a parcel and finish its job; None when this reading was settled before."""
    with ports.store.writing() as tx:
        settled = settle_parcel(tx, parcel.id, parcel.reading, checked, ports, now)
        tx.jobs.finish(job)
    return settled


def settle_parcel(tx: Transaction, parcel_id: str, reading: int, checked: Checked, ports: Ports, now: datetime) -> Settled | None:
    """The same within a transaction that the caller opened, for callers that group parcels."""
    parcel = tx.parcels.get(parcel_id)
    if parcel.reading != reading:
        return None
    desk = Desk(tx, ports, now)
    doubt = None if checked.verdict is Verdict.REFUSED else doubt_about(desk, parcel)
    if doubt:
        return settle_unread(desk, parcel, from_a_stranger(checked, doubt), doubt)
    if checked.verdict is Verdict.REFUSED or checked.kind not in HANDLED:
        return settle_unread(desk, parcel, checked)
    return settle(desk, parcel, match(desk, parcel, checked))
