"""Batches as JSON for ``gateway s2s list``."""

from __future__ import annotations

from typing import Any

from gateway.domain.s2s.batch import Batch
from gateway.domain.s2s.names import week_name
from gateway.ports import Transaction


def batch_json(tx: Transaction, batch: Batch) -> dict[str, Any]:
    """One object of the list."""
    return {
        "batch": batch.id, "state": batch.state.value,
        "files": [{"name": f.name, "pupils": f.pupils, "bytes": f.size, "case": f.case, "do_not_upload": f.do_not_upload,
                   "uploaded": f.uploaded} for f in tx.files.where(batch=batch.id)],
        "instructions": [{"school": i.school, "case": i.case, "state": i.state.value, "id": i.id, "destination": i.destination}
                         for i in tx.instructions.where(batch=batch.id)],
        "released_by": batch.released_by, "confirmed_at": batch.confirmed_at.isoformat() if batch.confirmed_at else None,
        "week": batch.week.isoformat(), "folder": f"s2s/to-upload/{week_name(batch.week)}",
        "released_at": batch.released_at.isoformat() if batch.released_at else None, "confirmed_by": batch.confirmed_by,
    }
