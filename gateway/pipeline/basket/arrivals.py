"""A school's own lost-pupil file arrives: its copy shows what the school has done.

Sent instructions are confirmed by it. Earlier ones keep it as evidence: where the authority uploads, it is what is uploaded,
once enquiries are recorded; the arrival of a file never replaces an enquiry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from gateway.domain.actor import GATEWAY
from gateway.domain.parcels.kinds import Kind
from gateway.domain.parcels.parcel import Parcel
from gateway.domain.policy import LostPupilUploader
from gateway.domain.s2s.batch import InstructionState
from gateway.domain.s2s.names import read_name
from gateway.pipeline.basket.build import is_lost_file_of
from gateway.pipeline.basket.journal import note
from gateway.pipeline.basket.week import confirm_instruction
from gateway.ports import Ports, Transaction

_BEFORE = (InstructionState.WAITING, InstructionState.READY)


def lost_file_arrived(tx: Transaction, ports: Ports, parcel: Parcel, children: Iterable[str], now: datetime) -> int:
    """Look whether a settled parcel answers instructions about these children; how many it answers."""
    name = read_name(parcel.name)
    if parcel.kind is not Kind.CTF or name is None or not name.lost:
        return 0
    count = 0
    for case in tx.cases.where(child=list(children)):
        for instruction in tx.instructions.where(case=case.id):
            if not is_lost_file_of(parcel, instruction):
                continue
            if instruction.state is InstructionState.SENT and ports.policy.lost_pupil_uploader is LostPupilUploader.SCHOOL:
                confirm_instruction(tx, ports, instruction.id, GATEWAY, now, parcel.id)
                count += 1
            elif instruction.state in (*_BEFORE, InstructionState.SENT) and instruction.evidence != parcel.id:
                # Sent, and the authority uploads: it goes with the next batch.
                state = InstructionState.READY if instruction.state is InstructionState.SENT else instruction.state
                tx.instructions.save(replace(instruction, evidence=parcel.id, state=state))
                note(tx, ports, case.id, "lost-file-arrived", "the school's own file is here", GATEWAY, now)
                count += 1
    return count
