"""Safeguard 8: a processed receipt holds the sender's own rows and rules, no value, and no match, case or route."""

from __future__ import annotations

import json

from gateway.domain.parcels.kinds import Finding, Severity
from gateway.domain.parcels.parcel import ReceiptStage
from tests.safeguards.thornhaven import FERNBRIDGE, QUILLMEAD, Pupil, Town, joiner, leaver

ODD = Finding("UPN-CHECK-LETTER", Severity.QUERY, "the check letter is not right", "look again", row=2, column="UPN", field="upn",
              found="A990200120001")


def bodies(place: Town) -> list[str]:
    with place.store.reading() as tx:
        return [json.dumps(dict(r.body)) for r in tx.receipts.where(stage=ReceiptStage.PROCESSED)]


def test_a_processed_receipt_prints_no_value(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)), findings=(ODD,))
    [body] = bodies(thornhaven)
    assert "UPN-CHECK-LETTER" in body
    for value in ("A990200120001", "Ellery", "Musa", "2018", "ZY1", "return.csv"):
        assert value not in body


def test_a_school_learns_nothing_of_another_schools_child(thornhaven: Town) -> None:
    thornhaven.send(QUILLMEAD, joiner(Pupil(2, "Sandhu"), thornhaven.today))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    thornhaven.send(QUILLMEAD, joiner(Pupil(1), thornhaven.today))        # closes a case
    plain, _, closing = (json.loads(body) for body in bodies(thornhaven))
    told = ("kind", "verdict", "rows", "findings")
    assert [plain[key] for key in told] == [closing[key] for key in told]
    assert set(plain) == set(closing)


def test_the_entry_that_a_receipt_carries_says_what_its_sender_may_know_and_no_more(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    thornhaven.send(QUILLMEAD, joiner(Pupil(1), thornhaven.today))
    with thornhaven.store.reading() as tx:
        carried = [tx.leaves.get(receipt.leaf) for receipt in tx.receipts.where()]
        effects = [leaf for leaf in tx.leaves.unsequenced(100) if leaf.kind == "parcel-effects"]
    assert {leaf.kind for leaf in carried} == {"parcel-settled"}
    assert all(set(leaf.facts) == {"sha256", "reading", "kind", "verdict", "rows", "findings"} for leaf in carried)
    assert any("OpenCase" in leaf.facts["effects"] for leaf in effects)


def test_the_ledger_holds_no_childs_data(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)), findings=(ODD,))
    thornhaven.send(QUILLMEAD, joiner(Pupil(1), thornhaven.today))
    with thornhaven.store.reading() as tx:
        entries = b" ".join(leaf.canonical() for leaf in tx.leaves.unsequenced(100)).decode()
    assert "parcel-settled" in entries
    assert "case-closed" in entries
    for value in ("Ellery", "Musa", Pupil(1).number or "", "2018-03-02", "ZY1"):
        assert value not in entries
