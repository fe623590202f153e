"""The folder for the person who uploads: ``s2s/to-upload/<WEEK>/`` holds exactly the files to be uploaded, and a checklist.

1. Laid out again it comes to the same: what is marked *do not upload* is taken away, the checklist is written anew.
2. Once the batch is confirmed the folder is emptied: plaintext has a lifetime, the sealed copies stay in the vault.
"""

from __future__ import annotations

from datetime import datetime

from gateway.domain.s2s.batch import BatchFile, BatchState
from gateway.domain.s2s.names import week_name
from gateway.ports import Outbox, Outgoing, Ports

CHECKLIST = "checklist.html"


def lay_out(ports: Ports, batch_id: str, now: datetime) -> None:
    """Make the folder say what the batch says. Safe to repeat."""
    with ports.store.reading() as tx:
        batch = tx.batches.get(batch_id)
        files = tx.files.where(batch=batch_id)
        instructions = tx.instructions.where(batch=batch_id)
    if batch.state is BatchState.BUILT:
        return
    week = week_name(batch.week)
    outbox = ports.outboxes(f"s2s:{week}")
    outbox.withdraw(CHECKLIST)
    if batch.state is BatchState.CONFIRMED:
        _clear(outbox, files)
        return
    for file in files:
        if file.do_not_upload:
            outbox.withdraw(file.name)
        else:
            outbox.deliver(Outgoing(batch.id, week, file.name, ports.vault.read(file.blob)), now)
    page = ports.pages.page("checklist", {
        "authority": {"la": ports.policy.la, "name": ports.policy.name, "rehearsal": ports.policy.rehearsal},
        "week": week, "batch": batch.id, "released_by": batch.released_by, "released_at": batch.released_at,
        "files": [{"name": f.name, "pupils": f.pupils, "bytes": f.size, "case": f.case} for f in files if not f.do_not_upload],
        "withdrawn": [f.name for f in files if f.do_not_upload],
        "instructions": [{"school": i.school, "case": i.case, "state": i.state.value} for i in instructions],
    })
    outbox.deliver(Outgoing(batch.id, week, CHECKLIST, page), now)


def _clear(outbox: Outbox, files: list[BatchFile]) -> None:
    for file in files:
        outbox.withdraw(file.name)
