"""What came, and where it stands.

The list shows a parcel's own facts. Its name is the sender's word and may name a child: it goes to those who may read records,
never to a log.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from gateway.domain.actor import Actor
from gateway.domain.parcels.parcel import Parcel, Receipt
from gateway.pipeline.shown import reads_records
from gateway.ports import Transaction

Rows = list[dict[str, Any]]


def parcels(tx: Transaction, actor: Actor, **equal: Any) -> Rows:
    """Every parcel, oldest first; without its name for who may not read records."""
    found = tx.parcels.where(**equal)
    receipts: defaultdict[str, list[Receipt]] = defaultdict(list)
    for receipt in tx.receipts.where():
        receipts[receipt.parcel].append(receipt)
    hidden = {} if reads_records(actor) else {"name": None}
    return [parcel_row(tx, parcel, receipts[parcel.id]) | hidden for parcel in found]


def parcel_row(tx: Transaction, parcel: Parcel, receipts: list[Receipt]) -> dict[str, Any]:
    """One parcel with its receipts."""
    return {
        "id": parcel.id, "sha256": parcel.sha256, "name": parcel.name, "sender": parcel.sender, "channel": parcel.channel.value,
        "kind": parcel.kind.value, "state": parcel.state.value, "verdict": parcel.verdict.value if parcel.verdict else None,
        "received_at": parcel.received_at.isoformat(),
        "settled_at": parcel.settled_at.isoformat() if parcel.settled_at else None,
        "receipts": [_receipt(tx, receipt) for receipt in receipts],
        "rows": {"read": parcel.rows_read, "accepted": parcel.rows_accepted, "held": parcel.rows_held},
        "bytes": parcel.size, "week": parcel.week.isoformat(), "reading": parcel.reading,
    }


def _receipt(tx: Transaction, receipt: Receipt) -> dict[str, Any]:
    return {"stage": receipt.stage.value, "path": receipt.path, "ledger_index": tx.leaves.get(receipt.leaf).index,
            "reading": receipt.reading, "at": receipt.at.isoformat()}
