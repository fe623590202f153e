"""A file of ours for a school or an authority, when an officer asks for it: never for the lost pupil database.

1. Enquiries must be on record, the case open and its child not restricted, as for everything that enters S2S.
2. Our own number, and a number of its own for each pair that counts up and never starts again.
3. Sealed in the vault before the batch knows of it; a protected address is not in it.
"""

from __future__ import annotations

from datetime import datetime

from gateway.domain.actor import Actor, Role, require
from gateway.domain.s2s.batch import BatchFile, BatchState
from gateway.domain.s2s.names import own_name
from gateway.domain.s2s.own_file import OwnFile, without_what_is_protected
from gateway.domain.s2s.rules import Fault, faults_of_case, faults_of_file
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline.basket.build import build
from gateway.pipeline.basket.journal import enquiries, note
from gateway.pipeline.exchange.about import about
from gateway.pipeline.keep import keep
from gateway.ports import Ports, Transaction


def add_own_file(tx: Transaction, ports: Ports, case_id: str, destination: str, actor: Actor, now: datetime) -> BatchFile:
    """Write the child's file and put it into this week's batch."""
    require(actor, Role.OFFICER, Role.S2S)
    case, child, record = about(tx, case_id)
    _refuse_if(faults_of_case(case, enquiries(tx, case.id), ports.policy.enquiries_before_s2s))
    if record is None:
        raise UsageError(f"case {case.id} rests on no return", code="S2S-NO-RECORD",
                         hint="There is nothing to write a file from.")
    own_name(ports.policy.la, destination, 1)   # a wrong destination uses up no number
    batch = build(tx, ports, actor, now)
    if batch.state is not BatchState.BUILT:
        raise UsageError(f"this week's batch {batch.id} is {batch.state} already", code="BATCH-STATE", hint="Add it next week.")
    protected = child.address_protected or record.address_protected
    shown = without_what_is_protected(record, restricted=child.restricted or record.restricted, address_protected=protected)
    school = ports.register.establishments.get(case.last_school or "")
    content = ports.pages.transfer(OwnFile(ports.policy.la, ports.policy.name, destination, now, shown, case.last_school,
                                           school.name if school else None, ports.policy.rehearsal))
    number = tx.settings.next(f"s2s:{ports.policy.la}:{destination}")
    id = ports.ids.new("F")
    file = BatchFile(id, batch.id, own_name(ports.policy.la, destination, number), 1, len(content), f"s2s/{id}", case=case.id)
    _refuse_if(faults_of_file(file, ports.policy.la, ports.register))
    keep(ports.vault, file.blob, content)
    tx.files.add(file)
    tx.leaves.append("s2s-file-added", id, actor, now, {"case": case.id, "batch": batch.id, "name": file.name})
    note(tx, ports, case.id, "s2s-file-added", file.name, actor, now)
    return file


def _refuse_if(found: tuple[Fault, ...]) -> None:
    if found:
        raise NotAllowedError("; ".join(fault.message for fault in found), code=found[0].code,
                              hint="Put it right, then add the file again.")
