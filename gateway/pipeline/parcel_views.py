"""What came, where it stands, and its whole story.

1. The list shows a parcel's own facts. Its name is the sender's word and may name a child: it goes to people, never to a log.
2. A story of a parcel names its movements and cases by id only; reading a child's record is another command.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from gateway.domain.actor import Actor
from gateway.domain.parcels.parcel import Parcel, Receipt
from gateway.errors import UsageError
from gateway.pipeline import exchange, views
from gateway.ports import Ports, Transaction

Rows = list[dict[str, Any]]


def parcels(tx: Transaction, **equal: Any) -> Rows:
    """Every parcel, oldest first."""
    found = tx.parcels.where(**equal)
    receipts: defaultdict[str, list[Receipt]] = defaultdict(list)
    for receipt in tx.receipts.where():
        receipts[receipt.parcel].append(receipt)
    return [_parcel(tx, parcel, receipts[parcel.id]) for parcel in found]


def story(tx: Transaction, ports: Ports, id: str, actor: Actor) -> dict[str, Any]:
    """Everything about one thing by its id, which says by its first letter what it is."""
    teller = _STORIES.get(id[:1])
    if teller is None:
        raise UsageError(f"{id!r} is no id of this gateway", code="NO-SUCH-ID",
                         hint="Ids begin with P parcel, C case, M movement, H hold or hand-over, R referral, S suggested match.")
    told: dict[str, Any] = teller(tx, ports, id, actor)
    return told


def _parcel(tx: Transaction, parcel: Parcel, receipts: list[Receipt]) -> dict[str, Any]:
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


def _of_parcel(tx: Transaction, ports: Ports, id: str, actor: Actor) -> dict[str, Any]:
    parcel = tx.parcels.get(id)
    tx.access.note(actor, ports.clock.now(), "read parcel", id)
    checked: Mapping[str, Any] = parcel.checked
    return _parcel(tx, parcel, tx.receipts.where(parcel=id)) | {
        "findings": list(checked.get("findings", ())),
        "movements": [{"id": m.id, "movement": m.kind.value, "state": m.state.value, "row": m.record.row, "held": m.held}
                      for m in tx.movements.where(parcel=id)],
        "cases": [{"id": c.id, "state": c.state.value, "reason": c.reason} for c in tx.cases.where(parcel=id)],
        "holds": [views.hold_row(h) for h in tx.holds.where(about=id)],
        "jobs": [{"kind": j.kind, "state": j.state.value, "attempts": j.attempts, "due_at": j.due_at.isoformat(),
                  "last_error": j.last_error} for j in tx.jobs.where() if j.payload.get("parcel") == id],
    }


def _of_case(tx: Transaction, ports: Ports, id: str, actor: Actor) -> dict[str, Any]:
    return views.case(tx, id, actor, ports.clock.now())


def _of_movement(tx: Transaction, ports: Ports, id: str, actor: Actor) -> dict[str, Any]:
    movement = tx.movements.get(id)
    [row] = [row for row in views.movements(tx, actor, ports.clock.now()) if row["id"] == id]
    return row | {"record": movement.record.to_json()}


def _of_hold(tx: Transaction, ports: Ports, id: str, actor: Actor) -> dict[str, Any]:
    rows = [*views.holds(tx, past=True), *views.handovers(tx, past=True)]
    for row in rows:
        if row["id"] == id:
            return row
    raise UsageError(f"there is no hold or hand-over {id}", code="NO-SUCH-HOLD", hint="gateway holds --all lists them.")


def _of_referral(tx: Transaction, ports: Ports, id: str, actor: Actor) -> dict[str, Any]:
    referral = tx.referrals.get(id)
    tx.access.note(actor, ports.clock.now(), "read referral", id)
    return exchange.referral_json(referral) | {"answer_details": dict(referral.answer_details)}


def _of_suggestion(tx: Transaction, ports: Ports, id: str, actor: Actor) -> dict[str, Any]:
    return views.side_by_side(tx, id, actor, ports.clock.now())


_STORIES = {"P": _of_parcel, "C": _of_case, "M": _of_movement, "H": _of_hold, "R": _of_referral, "S": _of_suggestion}
