"""Building the week's batch: by the calendar on its day, or by hand.

1. One batch a week. Built again it takes in what has become ready since; once a person has released it, it is as it is, and
   what comes after waits for next week.
2. In it: instructions that are ready (enquiries recorded, days over), the school's own files of lost pupils where the
   authority uploads them, files of ours that an officer asked for, and what was not uploaded last time.
3. What no longer keeps the rules is left out, not put right; so is a school's own file about a child whose address is protected.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.domain.actor import GATEWAY, Actor, Role, require
from gateway.domain.clocks.london import day_of
from gateway.domain.clocks.reporting_week import reporting_week
from gateway.domain.parcels.parcel import Job, Parcel
from gateway.domain.policy import LostPupilUploader
from gateway.domain.s2s.batch import Batch, BatchFile, BatchState, Instruction, InstructionState
from gateway.domain.s2s.names import read_name
from gateway.domain.s2s.rules import faults_of_case
from gateway.pipeline.basket.journal import enquiries
from gateway.pipeline.basket.upload import lay_out
from gateway.pipeline.exchange.about import about
from gateway.ports import Ports, Transaction


def s2s_job(job: Job, ports: Ports) -> None:
    """The job "s2s-build": build this week's batch, or lay out a released one's files."""
    now = ports.clock.now()
    if "batch" in job.payload:
        lay_out(ports, job.payload["batch"], now)
    with ports.store.writing() as tx:
        if "batch" not in job.payload:
            build(tx, ports, GATEWAY, now)
        tx.jobs.finish(job)


def build(tx: Transaction, ports: Ports, actor: Actor, now: datetime) -> Batch:
    """This week's batch, with everything that is ready."""
    if actor is not GATEWAY:
        require(actor, Role.S2S, Role.OFFICER)
    week = reporting_week(day_of(now))
    known = tx.batches.where(week=week)
    batch = known[0] if known else Batch(ports.ids.new("B"), week, BatchState.BUILT, now)
    if batch.state is not BatchState.BUILT:
        return batch
    if not known:
        tx.batches.add(batch)
    carried = _carry_over(tx, ports, batch)
    instructions = _take_in(tx, ports, batch)
    tx.leaves.append("batch-built", batch.id, actor, now,
                     {"week": week.isoformat(), "instructions": instructions, "files": tx.files.count(batch=batch.id),
                      "carried": carried})
    return batch


def _take_in(tx: Transaction, ports: Ports, batch: Batch) -> int:
    ready = tx.instructions.where(state=InstructionState.READY)
    count = 0
    for instruction in ready:
        case, child, _ = about(tx, instruction.case)
        if faults_of_case(case, enquiries(tx, case.id), ports.policy.enquiries_before_s2s):
            if instruction.batch == batch.id:
                tx.instructions.save(replace(instruction, batch=None))     # it kept the rules when it was taken in
            continue
        count += 1
        if instruction.batch != batch.id:
            tx.instructions.save(replace(instruction, batch=batch.id))
        # The school's file goes unchanged or not at all: where an address must not leave, a person makes another way.
        if ports.policy.lost_pupil_uploader is LostPupilUploader.AUTHORITY and not child.address_protected:
            _add_schools_own(tx, ports, batch, instruction)
    return count


def _add_schools_own(tx: Transaction, ports: Ports, batch: Batch, instruction: Instruction) -> None:
    """The school's own file, unchanged, when it has sent one."""
    parcel = tx.parcels.find(instruction.evidence) if instruction.evidence else None
    if parcel is None or tx.files.where(batch=batch.id, case=instruction.case) or not is_lost_file_of(parcel, instruction):
        return
    tx.files.add(BatchFile(ports.ids.new("F"), batch.id, parcel.name, parcel.rows_read, parcel.size, parcel.blob,
                           case=instruction.case))


def is_lost_file_of(parcel: Parcel, instruction: Instruction) -> bool:
    """Whether a parcel is the file that an instruction asks for: that school's own, for that destination."""
    name = read_name(parcel.name)
    return (name is not None and name.source == parcel.sender == instruction.school
            and name.destination == instruction.destination)


def _carry_over(tx: Transaction, ports: Ports, batch: Batch) -> int:
    """Files of confirmed batches that nobody uploaded, and that still may be."""
    here = {file.name for file in tx.files.where(batch=batch.id)}
    left = [file for file in tx.files.where(uploaded=False, do_not_upload=False) if file.batch != batch.id]
    for file in left:
        tx.files.save(replace(file, do_not_upload=True))   # there; here it goes on
        if file.name not in here:
            tx.files.add(replace(file, id=ports.ids.new("F"), batch=batch.id, uploaded=None))
    return len(left)
