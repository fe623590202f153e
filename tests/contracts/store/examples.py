"""One full example of every entity: no field is left at its default. People and places are invented."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from gateway.domain.actor import Actor, Role
from gateway.domain.cases.case import Case, CaseEvent, CaseState, Category
from gateway.domain.cases.waiting import Handover, Hold, HoldState
from gateway.domain.matching.child import Child, Suggestion, SuggestionState
from gateway.domain.parcels.kinds import Channel, Kind, Verdict
from gateway.domain.parcels.parcel import Parcel, ParcelState, Receipt, ReceiptStage
from gateway.domain.referrals.referral import Answer, Direction, Referral, ReferralKind, ReferralState
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import DestinationType, MovementKind, PupilRecord
from gateway.domain.s2s.batch import Batch, BatchFile, BatchState, Instruction, InstructionState
from gateway.ports import Transaction
from tests.contracts.store.rooms import MORNING

T = TypeVar("T")
LATER = MORNING + timedelta(days=3)
MONDAY = date(2026, 11, 9)
AMARA = Actor(user="aokafor", name="Amara Okafor", roles=frozenset({Role.OFFICER}))
LEAF = "L00000001"

PARCEL = Parcel(
    id="P1", sender="9902001", channel=Channel.DROP, name="Quillfeather Wren left.xlsx", sha256="ab" * 32, size=4321,
    blob="parcel/P1", week=MONDAY, received_at=MORNING, kind=Kind.LEAVERS, state=ParcelState.SETTLED,
    verdict=Verdict.PART_ACCEPTED, settled_at=LATER, rows_read=12, rows_accepted=10, rows_held=2, reading=1,
    checked={"findings": [{"code": "UPN-CHECK-LETTER", "row": 7, "found": "Z990200120001"}]})
RECEIPT = Receipt(id="N1", parcel="P1", stage=ReceiptStage.PROCESSED, reading=1, leaf=LEAF, at=LATER,
                  body={"verdict": "part-accepted", "rows": {"read": 12}}, note="receipt/v1\n…",
                  path="drop/9902001/receipts/P1.html")
CHILD = Child(
    id="K1", legal_surname="Quillfeather", legal_forename="Zoë", dob=date(2014, 3, 2), upn="Z990200120001", postcode="ZY1 4QF",
    keys=(("upn", "Z990200120001"), ("dob+surname", "2014-03-02|QUILLFEATHER")), restricted=True, address_protected=True,
    same_as="K2")
OTHER = Child(id="K2", legal_surname="Quilfeather", legal_forename=None, dob=None, upn=None)
SUGGESTION = Suggestion(id="G1", child="K1", candidate="K2", evidence=("same forename", "surname sounds alike"), since=MORNING,
                        state=SuggestionState.ACCEPTED, movement="M1", case="C1", decided_by="aokafor", decided_at=LATER)
RECORD = PupilRecord(
    row=7, sheet="Leavers", movement=MovementKind.LEAVER, upn="Z990200120001", legal_surname="Quillfeather", legal_forename="Zoë",
    dob=date(2014, 3, 2), sex="F", year_group="7", home_postcode="ZY1 4QF", off_roll_date=date(2026, 11, 6),
    last_attendance_date=date(2026, 11, 5), start_date=date(2026, 11, 9), deletion_ground="2024:9(1)(a)",
    destination_type=DestinationType.SCHOOL, destination_school="Saltmarch High", destination_laestab="9924001",
    destination_la="992", destination_country="Wales", urgent=True, address_protected=True, restricted=True, school="9902001",
    held=True, details={"parents": [{"name": "Ida Quillfeather", "lives_with": True}], "looked_after": False, "notes": None})
MOVEMENT = Movement(
    id="M1", parcel="P1", child="K1", kind=MovementKind.LEAVER, school="9902001", moved_on=date(2026, 11, 6),
    key=("9902001", "leaver", "QUILLFEATHER", "2014-03-02"), record=RECORD, state=MovementState.AWAITED, matched_with="M2",
    superseded_by="M3", held=True, due=date(2026, 11, 20), noted_at=MORNING)
CASE = Case(
    id="C1", child="K1", category=Category.NO_DESTINATION, state=CaseState.CLOSED, opened_at=MORNING, reason="no joiner came",
    movement="M1", parcel="P1", last_school="9902001", responsible_la="991", destination="with her aunt in Saltmarch",
    risk_factors=("looked-after",), checklist={"home visit": True, "siblings": False}, clocks=(("review", date(2026, 12, 1)),),
    restricted=True, owner="aokafor", closed_at=LATER, closing={"evidence": "on roll at Saltmarch High"},
    told={"legal_surname": "Quillfeather"})
EVENT = CaseEvent(id="E1", case="C1", at=MORNING, actor="aokafor", what="note", text="Spoke to Ida Quillfeather.")
HOLD = Hold(id="H1", what="confirm-destination", about="M1", reason="the school named cannot be told apart", since=MORNING,
            key="confirm-destination:K1", state=HoldState.RELEASED, child="K1", case="C1", cleared_by="aokafor",
            cleared_at=LATER, cleared_reason="Ida Quillfeather rang", details={"what": "her aunt rang"})
HANDOVER = Handover(id="O1", team="ehe", child="K1", reason="home education from 6 November", since=MORNING, key="ehe:M1",
                    case="C1", movement="M1", details={"surname": "Quillfeather"}, path="handover/ehe/O1.json",
                    acknowledged_at=LATER, acknowledged_by="mquince")
REFERRAL = Referral(
    id="R1", message="9f2c", kind=ReferralKind.REFERRAL, direction=Direction.OUT, authority="991", state=ReferralState.ANSWERED,
    created_at=MORNING, case="C1", child="K1", payload={"legal_surname": "Quillfeather"}, reason="lives in 991",
    derivations={"postcode": "991", "officer": "991"}, released_by="aokafor", released_at=MORNING, sent_at=MORNING,
    delivered_at=LATER, answered_at=LATER, answer=Answer.ACCEPTED, answer_details={"officer": "Mab Quince"}, sha256="cd" * 32,
    parcel="P1", sent_how="telephone")
BATCH = Batch(id="B1", week=MONDAY, state=BatchState.CONFIRMED, built_at=MORNING, released_by="aokafor", released_at=MORNING,
              confirmed_by="mquince", confirmed_at=LATER)
FILE = BatchFile(id="F1", batch="B1", name="990LLLL_CTF_9922020_001.xml", pupils=3, size=9876, blob="s2s/F1", case="C1",
                 do_not_upload=True, uploaded=False)
INSTRUCTION = Instruction(id="I1", school="9902001", case="C1", state=InstructionState.CONFIRMED, since=MORNING,
                          destination="XXXXXXX", batch="B1", sent_at=MORNING, confirmed_at=LATER,
                          evidence="their CTF names Zoë Quillfeather")

EVERYTHING: tuple[tuple[str, Any], ...] = (       # repository, item: parents before children
    ("parcels", PARCEL), ("receipts", RECEIPT), ("children", CHILD), ("children", OTHER), ("suggestions", SUGGESTION),
    ("movements", MOVEMENT), ("cases", CASE), ("events", EVENT), ("holds", HOLD), ("handovers", HANDOVER),
    ("referrals", REFERRAL), ("batches", BATCH), ("files", FILE), ("instructions", INSTRUCTION))
SECRETS = ("Quillfeather", "Zoë", "Z990200120001", "ZY1 4QF", "2014-03-02", "Ida", "aunt", "Mab Quince", "looked-after",
           "QUILLFEATHER")


def add_everything(tx: Transaction) -> None:
    """Every example, the leaf its receipt proves, and a job."""
    assert tx.leaves.append("parcel-settled", "P1", AMARA, MORNING, {"rows": 12, "sha256": "ab" * 32}).id == LEAF
    for repository, item in EVERYTHING:
        getattr(tx, repository).add(item)
    tx.jobs.enqueue("process", "process:P1", MORNING, {"parcel": "P1", "name": "Quillfeather Wren left.xlsx"})


def another(item: T, number: int, **changes: Any) -> T:
    """The same example under another id; what must be unique is the caller's to change."""
    changed: T = replace(item, id=f"{item.id}-{number:04d}", **changes)    # type: ignore[attr-defined, type-var]
    return changed


def at_default(item: Any) -> list[str]:
    """Fields of an example that hold their default, and so prove nothing of the round trip."""
    return [f.name for f in fields(item) if getattr(item, f.name) == f.default]
