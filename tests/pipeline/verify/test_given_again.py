"""Answers given again: a receipt after a key was revoked, a marked workbook after a run that died."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from gateway.domain.parcels.parcel import Job, Parcel, ReceiptStage
from gateway.domain.parcels.stages import Checked, Delivered, Offered
from gateway.errors import PartnerUnavailableError
from gateway.pipeline.acknowledge import give_receipts, give_workbook
from gateway.pipeline.receipts import sign_all
from gateway.pipeline.sequence import sequence
from gateway.pipeline.verify.receipt import verify_receipt
from gateway.ports import Outbox, Outgoing, Ports
from keys.private import Purpose
from keys.ring import load
from keys.rotation import revoke_retired, rotate
from schemas.workbooks.annotate import annotate
from tests.memory.outbox import MemoryOutbox
from tests.pipeline.verify.test_receipts import CONTENT, FINDING, Desk
from tests.pipeline.verify.world import NOW
from tests.schemas.workbooks.test_annotate import CSV, checked


class Counted:
    """Marks as the sandbox does, in this process, and counts."""

    def __init__(self) -> None:
        self.marked = 0

    def annotate(self, offered: Offered, checked: Checked) -> bytes | None:
        self.marked += 1
        return annotate(offered, checked)


class Dies(MemoryOutbox):
    """Leaves the thing there, and the line breaks before it says so, once."""

    def deliver(self, outgoing: Outgoing, at: datetime) -> Delivered:
        done = super().deliver(outgoing, at)
        if self.deliveries == 1:
            raise PartnerUnavailableError("the line broke", code="SFTP-DOWN", hint="")
        return done


class School(Desk):
    """A desk with a way back to the school, or none."""

    def __init__(self, root: Path, outbox: Outbox | None) -> None:
        super().__init__(root)
        self.examiner = Counted()
        more = {"examiner": self.examiner, "answers": lambda sender, channel: outbox}
        self.ports = cast(Ports, SimpleNamespace(**vars(self.ports) | more))

    def job(self, kind: str, stage: ReceiptStage, answer: Checked | None = None) -> tuple[Parcel, Job]:
        """A parcel that was answered so, and the job that gives the answer."""
        parcel = self.parcel(CSV)
        with self.store.writing() as tx:
            tx.parcels.save(replace(parcel, checked=answer.to_json(records=False) if answer else {}))
        receipt = self.receipt(parcel, stage)
        with self.store.writing() as tx:
            tx.jobs.enqueue(kind, f"{kind}:{receipt.id}", NOW, {"receipt": receipt.id})
            [job] = tx.jobs.claim("test", NOW, 60, 1, [kind])
        return parcel, job

    def left(self) -> list[str]:
        return [key for key, _ in iter(self.vault.keys()) if key.startswith("return/")]


def test_a_workbook_is_marked_once_and_a_second_try_leaves_the_same_bytes(tmp_path: Path) -> None:
    outbox = Dies()
    school = School(tmp_path, outbox)
    parcel, job = school.job("workbook", ReceiptStage.PROCESSED, checked(CSV, "return.csv"))
    with pytest.raises(PartnerUnavailableError):
        give_workbook(job, school.ports)
    assert len(school.left()) == 1
    give_workbook(job, school.ports)
    assert list(outbox.things) == [f"{parcel.id}-return.xlsx"]
    assert (school.examiner.marked, outbox.deliveries, school.left()) == (1, 2, [])


def test_where_there_is_nothing_to_mark_nothing_is_left(tmp_path: Path) -> None:
    outbox = MemoryOutbox()
    school = School(tmp_path, outbox)
    _, job = school.job("workbook", ReceiptStage.PROCESSED, replace(checked(CSV, "return.csv"), findings=()))
    give_workbook(job, school.ports)
    assert (outbox.things, school.left()) == ({}, [])


def test_a_sender_with_nowhere_to_answer_gets_no_files_and_the_jobs_end(tmp_path: Path) -> None:
    for kind in ("workbook", "receipt"):
        school = School(tmp_path / kind, None)
        _, job = school.job(kind, ReceiptStage.PROCESSED, checked(CSV, "return.csv"))
        if kind == "workbook":
            give_workbook(job, school.ports)
        else:
            give_receipts([job], school.ports)
        with school.store.reading() as tx:
            assert [one.state.value for one in tx.jobs.where(kind=kind)] == ["done"]
        assert school.examiner.marked == 0


def test_after_a_revocation_a_receipt_is_signed_once_more_under_the_key_of_today_and_says_the_same(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    first = desk.issued(findings=[FINDING.to_json()])
    rotate(desk.home, private_dir=desk.private, purpose=Purpose.RECEIPTS, now=NOW)
    revoke_retired(desk.home, private_dir=desk.private, purpose=Purpose.RECEIPTS, now=NOW)
    desk.ring = load(desk.home, desk.private)
    desk.ports = cast(Ports, SimpleNamespace(**vars(desk.ports) | {"notary": desk.ring.notary()}))
    assert not verify_receipt(first.data, desk.checker, file=CONTENT).ok
    sequence(desk.ports, NOW)
    with desk.store.writing() as tx:
        [again] = sign_all(tx, desk.ports, [tx.receipts.get(first.receipt.id)])
        assert sign_all(tx, desk.ports, [again]) == [again]
    assert again.note != first.receipt.note
    said = ("sha256", "received_at", "findings", "verdict")
    assert [again.body[name] for name in said] == [first.receipt.body[name] for name in said]
    assert verify_receipt(desk.issue(again).data, desk.checker, file=CONTENT).ok
