"""The job "instruct": a page for the school, where its receipts are, that asks it to upload its own lost-pupil file.

1. Nothing about the child stands there: the school finds the pupil in its own return, by the receipt's number and the row.
2. With ``lost_pupil_uploader = authority`` the page asks for the file instead; it goes to S2S unchanged.
3. When the child was found meanwhile the page says: do not upload.
4. The same instruction gives the same page.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from gateway.domain.actor import GATEWAY
from gateway.domain.parcels.kinds import Channel
from gateway.domain.parcels.parcel import Job, Parcel
from gateway.domain.policy import LostPupilUploader
from gateway.domain.returns.movement import Movement
from gateway.domain.s2s.batch import Instruction, InstructionState
from gateway.errors import OperatorError
from gateway.ports import Outgoing, Ports, Transaction

STATEMENT = ("This is not agreement to remove a name from the register, not a CME referral, and not a safeguarding referral.")


def instruct(job: Job, ports: Ports) -> None:
    """Leave the page and its data where the school finds its receipts."""
    now = ports.clock.now()
    with ports.store.reading() as tx:
        instruction = tx.instructions.get(job.payload["instruction"])
        facts, channel = _facts(tx, ports, instruction)
    outbox = ports.answers(instruction.school, channel)
    if outbox is None:
        raise OperatorError(f"school {instruction.school} has no folder for answers, 1 expected", code="NO-ANSWER-FOLDER",
                            hint=f"Make drop/{instruction.school}/ in the home, or ring the school.")
    # A case that was reopened is instructed again: a page for each day on which it was sent.
    day = f"-{instruction.sent_at:%Y%m%d}" if instruction.sent_at else ""
    name = f"instruction-{instruction.id}{day}" + ("-withdrawn" if facts["withdrawn"] else "")
    page = ports.pages.page("instruction", facts)
    data = (json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
    for ending, content in ((".html", page), (".json", data)):
        outbox.deliver(Outgoing(job.id, instruction.school, name + ending, content), now)
    _done(ports, job, instruction, withdrawn=facts["withdrawn"], now=now)


def _facts(tx: Transaction, ports: Ports, instruction: Instruction) -> tuple[dict[str, Any], Channel]:
    case = tx.cases.get(instruction.case)
    movement = tx.movements.find(case.movement) if case.movement else None
    parcel = tx.parcels.find(movement.parcel) if movement else None
    policy = ports.policy
    facts = {
        "authority": {"la": policy.la, "name": policy.name, "rehearsal": policy.rehearsal, "contact": policy.contact.name,
                      "email": policy.contact.email, "phone": policy.contact.phone,
                      "safeguarding_phone": policy.safeguarding_phone},
        "instruction": instruction.id, "case": case.id, "school": instruction.school, "destination": instruction.destination,
        "by_authority": policy.lost_pupil_uploader is LostPupilUploader.AUTHORITY,
        "sent_at": instruction.sent_at.isoformat() if instruction.sent_at else None,
        "withdrawn": instruction.state is InstructionState.WITHDRAWN, "statement": STATEMENT,
        "parcel": parcel.id if parcel else None, **_row(movement),
    }
    return facts, _channel(parcel, instruction.school)


def _row(movement: Movement | None) -> dict[str, Any]:
    record = movement.record if movement else None
    return {"row": record.row if record else None, "sheet": record.sheet if record else None}


def _channel(parcel: Parcel | None, school: str) -> Channel:
    mine = parcel is not None and parcel.sender == school and parcel.channel in (Channel.DROP, Channel.SFTP)
    return parcel.channel if mine and parcel else Channel.DROP


def _done(ports: Ports, job: Job, instruction: Instruction, *, withdrawn: bool, now: datetime) -> None:
    with ports.store.writing() as tx:
        tx.leaves.append("instruction-withdrawal-left" if withdrawn else "instruction-left", instruction.id, GATEWAY, now,
                         {"case": instruction.case, "school": instruction.school})
        tx.jobs.finish(job)
