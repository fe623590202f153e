from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gateway.domain.actor import GATEWAY
from gateway.domain.parcels.kinds import Finding, Severity
from gateway.domain.parcels.parcel import Parcel, Receipt, ReceiptStage
from gateway.domain.parcels.receipt import without_values, written
from gateway.errors import RefusedError, RetryableError
from gateway.pipeline.receipts import Issued, issue
from gateway.pipeline.sequence import sequence
from gateway.pipeline.verify.receipt import verify_receipt
from gateway.ports import Ports
from keys.public import PublicRing, public_path
from schemas.receipts.press import ReceiptPages
from tests.pipeline.verify.world import NOW, World, policy

CONTENT = b"Surname,Forename\nQuillfeather,Barnaby\n"
FINDING = Finding("UPN-CHECK-LETTER", Severity.QUERY, "UPN check letter is K, expected T.", "Look at it again.", row=2,
                  column="UPN", field="upn", found="K990200100001")


class Desk(World):
    """A world that issues receipts."""

    def __init__(self, root: Path, *, rehearsal: bool = False) -> None:
        super().__init__(root)
        more = {"press": ReceiptPages(), "policy": policy(rehearsal=rehearsal)}
        self.ports = cast(Ports, SimpleNamespace(**vars(self.ports) | more))

    def receipt(self, parcel: Parcel, stage: ReceiptStage = ReceiptStage.PROCESSED, **body: Any) -> Receipt:
        with self.store.writing() as tx:
            leaf = tx.leaves.append(f"parcel-{stage}", parcel.id, GATEWAY, NOW, {"sha256": parcel.sha256})
            made = Receipt(id=self.ids.new("T"), parcel=parcel.id, stage=stage, reading=1, leaf=leaf.id, at=NOW, body=body)
            tx.receipts.add(made)
        return made

    def issue(self, receipt: Receipt) -> Issued:
        with self.store.writing() as tx:
            return issue(tx, self.ports, tx.receipts.get(receipt.id))

    def issued(self, content: bytes = CONTENT, **body: Any) -> Issued:
        receipt = self.receipt(self.parcel(content, rows=(1, 1, 0)), **body)
        sequence(self.ports, NOW)
        return self.issue(receipt)

    @property
    def checker(self) -> Any:
        return PublicRing.from_json(public_path(self.home).read_bytes()).checker()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize("stage", list(ReceiptStage))
def test_page_and_data_both_verify_with_the_public_keys_alone(desk: Desk, stage: ReceiptStage) -> None:
    desk.append("C1", "C2")
    parcel = desk.parcel(CONTENT, rows=(1, 1, 0))
    receipt = desk.receipt(parcel, stage, findings=without_values([FINDING]))
    desk.append("C3")
    sequence(desk.ports, NOW)
    made = desk.issue(receipt)
    for content in (made.page, made.data):
        report = verify_receipt(content, desk.checker, file=CONTENT)
        assert report.problems == ()
        assert report.values["sha256"] == parcel.sha256
        assert report.values["stage"] == stage.value
        assert report.values["gateway"] == "990"
        assert report.to_json()["ledger"]["entries"] == 5


def test_a_receipt_waits_for_its_number(desk: Desk) -> None:
    receipt = desk.receipt(desk.parcel(CONTENT))
    with pytest.raises(RetryableError):
        desk.issue(receipt)


def test_a_receipt_given_again_is_the_same_bytes_whatever_changed_since(desk: Desk) -> None:
    first = desk.issued(findings=without_values([FINDING]))
    desk.append("C1")
    sequence(desk.ports, NOW)
    changed = vars(desk.ports) | {"policy": replace(policy(), name="Another Name", safeguarding_phone="0")}
    desk.ports = cast(Ports, SimpleNamespace(**changed))
    again = desk.issue(first.receipt)
    assert (again.page, again.data) == (first.page, first.data)


def test_no_value_from_the_file_reaches_a_receipt(desk: Desk) -> None:
    made = desk.issued(findings=[FINDING.to_json()], name="Quillfeather Barnaby leavers.csv")
    for content in (made.page, made.data):
        for value in (b"K990200100001", b"Quillfeather", b"leavers.csv"):
            assert value not in content


def _bent(made: Issued, change: dict[str, Any]) -> bytes:
    values = json.loads(made.data)
    for path, value in change.items():
        place = values
        *parents, last = path.split("/")
        for parent in parents:
            place = place[parent]
        place[last] = value(place.get(last)) if callable(value) else value
    return written(values)


@pytest.mark.parametrize(("change", "problem"), [
    ({"note": lambda note: note.replace("accepted", "refused ")}, "NOTE-NOT-VERIFIED"),
    ({"note": None}, "NOTE-NOT-VERIFIED"),
    ({"findings": []}, "FINDINGS-CHANGED"),
    ({"findings": "x"}, "FINDINGS-CHANGED"),
    ({"findings": None}, "FINDINGS-CHANGED"),
    ({"authority/safeguarding_phone": "01632 960999"}, "RECEIPT-CHANGED"),
    ({"statement": "This is a CME referral."}, "RECEIPT-CHANGED"),
    ({"keys/receipts": "x"}, "RECEIPT-CHANGED"),
    ({"more": 1}, "RECEIPT-CHANGED"),
    ({"evidence": None}, "EVIDENCE-MISSING"),
    ({"evidence/more": 1}, "RECEIPT-NOT-THE-ENTRY"),
    ({"evidence/proof": []}, "PROOF-NOT-VERIFIED"),
    ({"evidence/proof": [1]}, "EVIDENCE-MISSING"),
    ({"evidence/index": 0}, "RECEIPT-NOT-THE-ENTRY"),
    ({"evidence/leaf": lambda leaf: leaf.replace("processed", "received ")}, "PROOF-NOT-VERIFIED"),
    ({"evidence/checkpoint": lambda note: note.replace("\n2\n", "\n3\n")}, "NOTE-NOT-VERIFIED"),
])
def test_a_receipt_that_was_changed_does_not_verify(desk: Desk, change: dict[str, Any], problem: str) -> None:
    made = desk.issued(findings=without_values([FINDING]))
    report = verify_receipt(_bent(made, change), desk.checker)
    assert not report.ok
    assert problem in "\n".join(report.problems)


def test_a_note_with_another_receipts_evidence_does_not_verify(desk: Desk) -> None:
    one, other = desk.issued(), desk.issued(b"another file")
    values = json.loads(one.data) | {"evidence": json.loads(other.data)["evidence"]}
    assert "RECEIPT-NOT-THE-ENTRY" in verify_receipt(written(values), desk.checker).problems[0]


@pytest.mark.parametrize(("line", "value", "problem"), [
    ("leaf", "L-another", "says entry"), ("parcel", "P-another", "says parcel"), ("sha256", "0" * 64, "says SHA-256")])
def test_a_note_that_was_signed_about_another_entry_does_not_verify(desk: Desk, line: str, value: str, problem: str) -> None:
    """A fault of ours, or someone with our receipts key: the ledger does not tell what the note says."""
    made = desk.issued()
    lines = [(name, value if name == line else said) for name, said in verify_receipt(made.data, desk.checker).values.items()]
    values = json.loads(made.data) | {"note": desk.notary.sign("cme-gateway-receipt/1", lines)}
    assert problem in "\n".join(verify_receipt(written(values), desk.checker).problems)


@pytest.mark.parametrize("evidence", [{"leaf": 1}, {"index": "0"}, {"index": True}, {"checkpoint": None}, {"proof": ["A==="]}])
def test_evidence_of_another_shape_is_none(desk: Desk, evidence: dict[str, Any]) -> None:
    values = json.loads(desk.issued().data)
    values["evidence"] |= evidence
    assert "EVIDENCE-MISSING" in "\n".join(verify_receipt(written(values), desk.checker).problems)


def test_another_gateways_receipt_does_not_verify_with_our_keys(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other")
    assert not verify_receipt(other.issued().data, desk.checker).ok


def test_the_receipt_of_another_file_is_told_from_this_one(desk: Desk) -> None:
    report = verify_receipt(desk.issued().data, desk.checker, file=CONTENT + b"\n")
    assert "OTHER-FILE" in report.problems[0]


@pytest.mark.parametrize("content", [b"", b"hello", b"[]", b"{}", b'{"format": "other/1"}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_receipt_is_refused(desk: Desk, content: bytes) -> None:
    with pytest.raises(RefusedError):
        verify_receipt(content, desk.checker)


def test_a_rehearsals_receipt_says_so_in_its_signed_note(tmp_path: Path) -> None:
    desk = Desk(tmp_path, rehearsal=True)
    made = desk.issued()
    assert verify_receipt(made.data, desk.checker).values["rehearsal"] is True
    assert b"REHEARSAL" in made.page
