"""Release, confirm, take back: the acts of the week, each by a person or on account of a child who was found.

1. A person with the S2S administrator's role releases. A batch that breaks a rule cannot be released; the reason names the
   case and the rule. After that the batch stays as it is, but for what is marked *do not upload*.
2. With the release each instruction goes to its school, and the files are laid out for the person who uploads.
3. Confirming records what was uploaded, by whom, when; what was not is carried over. Then the files are taken away.
4. A child who was found withdraws its instruction and marks its files, even in a released batch; the school is told.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from gateway.domain.actor import GATEWAY, Actor, Role, require
from gateway.domain.cases.case import Case
from gateway.domain.policy import LostPupilUploader
from gateway.domain.s2s.batch import Batch, BatchState, Instruction, InstructionState
from gateway.domain.s2s.names import week_name
from gateway.domain.s2s.rules import Fault, faults_of_case, faults_of_file
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline.basket.journal import batch_of, enquiries, note
from gateway.ports import Ports, Transaction


def release(tx: Transaction, ports: Ports, which: str | None, actor: Actor, now: datetime) -> Batch:
    """Release a built batch. NotAllowedError when it breaks a rule."""
    require(actor, Role.S2S)
    batch = batch_of(tx, which, BatchState.BUILT)
    if batch.state is not BatchState.BUILT:
        raise UsageError(f"batch {batch.id} is {batch.state}, expected a built one", code="BATCH-STATE",
                         hint="A released batch stays as it is; the next one is built next week.")
    _refuse_empty(tx, batch)
    found = faults(tx, ports, batch)
    if found:
        raise NotAllowedError(f"batch {batch.id} cannot be released: " + "; ".join(f.message for f in found), code=found[0].code,
                              hint="Put it right, then `gateway s2s build` and release again.")
    batch = replace(batch, state=BatchState.RELEASED, released_by=actor.user, released_at=now)
    tx.batches.save(batch)
    instructions = tx.instructions.where(batch=batch.id, state=InstructionState.READY)
    for instruction in instructions:
        _send(tx, ports, batch, instruction, actor, now)
    files = tx.files.where(batch=batch.id, do_not_upload=False)
    for file in files:
        note(tx, ports, file.case, "s2s-file-released", f"{file.name} in the batch of {week_name(batch.week)}", actor, now)
    tx.leaves.append("batch-released", batch.id, actor, now, {
        "week": batch.week.isoformat(), "instructions": [i.id for i in instructions], "files": [f.name for f in files]})
    tx.jobs.enqueue("s2s-build", f"s2s-files:{batch.id}", now, {"batch": batch.id})
    return batch


def _refuse_empty(tx: Transaction, batch: Batch) -> None:
    """An empty batch is left as it is: released or confirmed it would close the week for what is still to come."""
    if not tx.files.count(batch=batch.id) and not tx.instructions.count(batch=batch.id):
        raise UsageError(f"batch {batch.id} is empty, something to upload or to instruct was expected", code="BATCH-EMPTY",
                         hint="`gateway s2s build` takes in what has become ready; then release it.")


def faults(tx: Transaction, ports: Ports, batch: Batch) -> list[Fault]:
    """Every rule that a batch breaks."""
    files = tx.files.where(batch=batch.id, do_not_upload=False)
    instructions = tx.instructions.where(batch=batch.id, state=InstructionState.READY)
    found = [fault for file in files for fault in faults_of_file(file, ports.policy.la, ports.register)]
    for id in dict.fromkeys([f.case for f in files if f.case] + [i.case for i in instructions]):
        found += faults_of_case(tx.cases.get(id), enquiries(tx, id), ports.policy.enquiries_before_s2s)
    return found


def confirm(tx: Transaction, ports: Ports, which: str | None, actor: Actor, now: datetime,
            not_uploaded: Collection[str] = ()) -> Batch:
    """Record what was uploaded. ``not_uploaded``: names that were not."""
    require(actor, Role.S2S)
    batch = batch_of(tx, which, BatchState.RELEASED)
    if batch.state is not BatchState.RELEASED:
        raise UsageError(f"batch {batch.id} is {batch.state}, expected a released one", code="BATCH-STATE",
                         hint="`gateway s2s list` shows where each stands.")
    _refuse_empty(tx, batch)
    files = tx.files.where(batch=batch.id, do_not_upload=False)
    strangers = set(not_uploaded) - {file.name for file in files}
    if strangers:
        count = "1 name is" if len(strangers) == 1 else f"{len(strangers)} names are"
        raise UsageError(f"{count} not in batch {batch.id}: {', '.join(sorted(strangers)[:3])}", code="NOT-IN-BATCH",
                         hint="Names as on the checklist.")
    for file in files:
        done = file.name not in not_uploaded
        tx.files.save(replace(file, uploaded=done))
        note(tx, ports, file.case, "s2s-uploaded" if done else "s2s-not-uploaded", file.name, actor, now)
        if done and file.case and ports.policy.lost_pupil_uploader is LostPupilUploader.AUTHORITY:
            _uploaded(tx, ports, file.case, file.name, actor, now)
    batch = replace(batch, state=BatchState.CONFIRMED, confirmed_by=actor.user, confirmed_at=now)
    tx.batches.save(batch)
    tx.leaves.append("batch-confirmed", batch.id, actor, now, {
        "week": batch.week.isoformat(), "uploaded": [f.name for f in files if f.name not in not_uploaded],
        "not_uploaded": sorted(not_uploaded)})
    tx.jobs.enqueue("s2s-build", f"s2s-clear:{batch.id}", now, {"batch": batch.id})
    return batch


def confirm_instruction(tx: Transaction, ports: Ports, instruction_id: str, actor: Actor, now: datetime,
                        evidence: str) -> Instruction:
    """The school's word or copy shows that it has uploaded."""
    if actor is not GATEWAY:
        require(actor, Role.S2S, Role.OFFICER)
    instruction = tx.instructions.get(instruction_id)
    if instruction.state is not InstructionState.SENT:
        raise UsageError(f"instruction {instruction.id} is {instruction.state}, expected a sent one", code="INSTRUCTION-STATE",
                         hint="It is sent with the release of its batch.")
    done = replace(instruction, state=InstructionState.CONFIRMED, confirmed_at=now, evidence=evidence)
    tx.instructions.save(done)
    note(tx, ports, done.case, "s2s-confirmed", "the school has uploaded its file", actor, now)
    tx.leaves.append("instruction-confirmed", done.id, actor, now, {"case": done.case, "school": done.school})
    return done


def withdraw_for_case(tx: Transaction, ports: Ports, case: Case, now: datetime) -> int:
    """The child was found: take back instructions and files, even in a released batch; how many."""
    count = 0
    for instruction in tx.instructions.where(case=case.id):
        if instruction.state in (InstructionState.WAITING, InstructionState.READY, InstructionState.SENT):
            count += 1
            tx.instructions.save(replace(instruction, state=InstructionState.WITHDRAWN))
            tx.leaves.append("instruction-withdrawn", instruction.id, GATEWAY, now, {"case": case.id})
            note(tx, ports, case.id, "instruction-withdrawn", "the school is told" if instruction.sent_at else "", GATEWAY, now)
        if instruction.sent_at and instruction.state is not InstructionState.CONFIRMED:
            tx.jobs.enqueue("instruct", f"instruct:{instruction.id}:{instruction.sent_at.isoformat()}:withdrawn", now,
                            {"instruction": instruction.id})
    return count + withdraw_files_of(tx, ports, case, now)


def withdraw_files_of(tx: Transaction, ports: Ports, case: Case, now: datetime) -> int:
    """Mark what nobody uploaded yet *do not upload*, and take it out of the folder of a released batch; how many."""
    files = [file for file in tx.files.where(case=case.id, do_not_upload=False) if not file.uploaded]
    for file in files:
        tx.files.save(replace(file, do_not_upload=True))
        tx.leaves.append("file-withdrawn", file.id, GATEWAY, now, {"case": case.id, "batch": file.batch})
        note(tx, ports, case.id, "do-not-upload", file.name, GATEWAY, now)
        if tx.batches.get(file.batch).state is BatchState.RELEASED:
            tx.jobs.enqueue("s2s-build", f"s2s-files:{file.batch}:{file.id}", now, {"batch": file.batch})
    return len(files)


def _send(tx: Transaction, ports: Ports, batch: Batch, instruction: Instruction, actor: Actor, now: datetime) -> None:
    tx.instructions.save(replace(instruction, state=InstructionState.SENT, sent_at=now))
    text = f"to school {instruction.school}, batch of {week_name(batch.week)}"
    note(tx, ports, instruction.case, "instruction-sent", text, actor, now)
    tx.jobs.enqueue("instruct", f"instruct:{instruction.id}:{now.isoformat()}", now, {"instruction": instruction.id})


def _uploaded(tx: Transaction, ports: Ports, case: str, name: str, actor: Actor, now: datetime) -> None:
    for instruction in tx.instructions.where(case=case, state=InstructionState.SENT):
        confirm_instruction(tx, ports, instruction.id, actor, now, f"uploaded by us: {name}")
