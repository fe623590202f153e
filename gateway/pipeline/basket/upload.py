"""The folder for the person who uploads: ``s2s/to-upload/<WEEK>/`` holds exactly the files to be uploaded, and a checklist.

1. Laid out again it comes to the same: what is marked *do not upload* is taken away, the checklist is written anew.
2. Once the batch is confirmed the folder is emptied: plaintext has a lifetime, the sealed copies stay in the vault. A page in
   ``s2s/uploaded/`` says what was uploaded, by whom, and what was not.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gateway.domain.s2s.batch import Batch, BatchFile, BatchState, Instruction
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
        _record(ports, batch, files, instructions, now)
        return
    for file in files:
        if file.do_not_upload:
            outbox.withdraw(file.name)
        else:
            outbox.deliver(Outgoing(batch.id, week, file.name, ports.vault.read(file.blob)), now)
    page = ports.pages.page("checklist", _facts(ports, batch, files, instructions))
    outbox.deliver(Outgoing(batch.id, week, CHECKLIST, page), now)


def _record(ports: Ports, batch: Batch, files: list[BatchFile], instructions: list[Instruction], now: datetime) -> None:
    outbox, week = ports.outboxes("s2s-record"), week_name(batch.week)
    name = f"{week}-uploaded.html"
    outbox.withdraw(name)
    page = ports.pages.page("uploaded", _facts(ports, batch, files, instructions) | {
        "confirmed_by": batch.confirmed_by, "confirmed_at": batch.confirmed_at,
        "left_out": [f.name for f in files if f.uploaded is False]})
    outbox.deliver(Outgoing(batch.id, week, name, page), now)


def _facts(ports: Ports, batch: Batch, files: list[BatchFile], instructions: list[Instruction]) -> dict[str, Any]:
    return {
        "authority": {"la": ports.policy.la, "name": ports.policy.name, "rehearsal": ports.policy.rehearsal},
        "week": week_name(batch.week), "batch": batch.id, "released_by": batch.released_by, "released_at": batch.released_at,
        "files": [{"name": f.name, "pupils": f.pupils, "bytes": f.size, "case": f.case} for f in files
                  if not f.do_not_upload and f.uploaded is not False],
        "withdrawn": [f.name for f in files if f.do_not_upload],
        "instructions": [{"school": i.school, "case": i.case, "state": i.state.value} for i in instructions],
    }


def _clear(outbox: Outbox, files: list[BatchFile]) -> None:
    for file in files:
        outbox.withdraw(file.name)
