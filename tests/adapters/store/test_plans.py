"""What the journey asks for each parcel is answered by an index, and by the right one: cost is flat in what is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.contracts.store import examples as ex
from tests.contracts.store.rooms import MORNING, opened

SOME = ["K1", "K2", "K3"]
QUESTIONS: dict[str, tuple[Callable[[Any], object], str]] = {
    "the same bytes": (lambda tx: tx.parcels.where(sender="9902001", sha256="ab", week=ex.MONDAY, limit=1),
                       "(sender=? AND sha256=? AND week=?)"),
    "parcels to read again": (lambda tx: tx.parcels.where(state="refused"), "ix_parcels_state"),
    "a parcel's receipts": (lambda tx: tx.receipts.where(parcel="P1"), "(parcel=?)"),
    "receipts of leaves": (lambda tx: tx.receipts.where(leaf=["L1", "L2"]), "ix_receipts_leaf"),
    "receipts to sign": (lambda tx: tx.receipts.where(note=None, limit=9), "ix_receipts_unsigned"),
    "children by evidence": (lambda tx: tx.children.sharing([("upn", "x"), ("upn", "y")]), "PRIMARY KEY"),
    "children joined to": (lambda tx: tx.children.where(same_as=SOME), "ix_children_same_as"),
    "movements by key": (lambda tx: tx.movements.by_key([("a",), ("b",)]), "(key_blind=?)"),
    "a child's movements": (lambda tx: tx.movements.where(child=SOME), "ix_movements_child"),
    "held rows of a school": (lambda tx: tx.movements.where(school="9902001", state="held"), "ix_movements_school_state"),
    "held rows of a parcel": (lambda tx: tx.movements.where(parcel="P1", state="held"), "ix_movements_parcel_state"),
    "overdue": (lambda tx: tx.movements.where(state="awaited", due__upto=ex.MONDAY), "ix_movements_state_due"),
    "a child's cases": (lambda tx: tx.cases.where(child=SOME), "ix_cases_child_state"),
    "a child's open holds": (lambda tx: tx.holds.where(child=SOME, state="open"), "ix_holds_child_state"),
    "a case's open holds": (lambda tx: tx.holds.where(case=SOME, state="open"), "ix_holds_case_state"),
    "what holds a thing": (lambda tx: tx.holds.where(about="P1", state="open"), "ix_holds_about_state"),
    "a hold by key": (lambda tx: tx.holds.where(key="rows:P1"), "(key=?)"),
    "open suggestions": (lambda tx: tx.suggestions.where(candidate=SOME, state="open"), "ix_suggestions_candidate_state"),
    "a child's suggestions": (lambda tx: tx.suggestions.where(child=SOME), "(child=?)"),
    "a case's drafts": (lambda tx: tx.referrals.where(case="C1", direction="out", state=["drafted", "held"]),
                        "ix_referrals_case_state"),
    "a message": (lambda tx: tx.referrals.where(message="9f", direction="in", authority="991"),
                  "(direction=? AND authority=? AND message=?)"),
    "a batch's instructions": (lambda tx: tx.instructions.where(batch="B1", state="ready"), "ix_instructions_batch_state"),
    "enquiries of a case": (lambda tx: tx.events.where(case="C1", what="enquiry"), "ix_case_events_case_what"),
    "entries to number": (lambda tx: tx.leaves.unsequenced(100), "(index=?)"),
    "the size of the ledger": (lambda tx: tx.leaves.size(), "USING COVERING INDEX"),
    "a range of entries": (lambda tx: tx.leaves.range(5, 9), "(index>? AND index<?)"),
    "what is due": (lambda tx: tx.jobs.any_due(MORNING, ["process"]), "ix_jobs_kind_state_turn_id"),
}


@pytest.mark.parametrize(("ask", "index"), QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_is_answered_by_its_index(tmp_path: Path, ask: Callable[[Any], object], index: str) -> None:
    store = opened(tmp_path / "gateway.sqlite")
    asked: list[tuple[str, Any]] = []
    with store.reading() as tx:
        raw = tx.session.connection
        event.listen(raw, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
        ask(tx)
        statement, parameters = asked[0]
        plan = [row[-1] for row in raw.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    store.close()
    assert index in " ".join(plan), plan
    assert not any(step.startswith("SCAN") and "USING" not in step for step in plan), plan


def test_claiming_walks_through_no_job_that_is_done(tmp_path: Path) -> None:
    store = opened(tmp_path / "gateway.sqlite")
    asked: list[tuple[str, Any]] = []
    with store.writing() as tx:
        raw = tx.session.connection
        event.listen(raw, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
        tx.jobs.claim("w", MORNING, 60, 5, ["process", "receipt"])
        plans = [[row[-1] for row in raw.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
                 for statement, parameters in asked.copy()]
    store.close()
    assert "ix_jobs_state_lease_until" in plans[0][0]
    for plan in plans[1:]:
        assert "ix_jobs_kind_state_turn_id" in plan[0]
        assert not any("TEMP B-TREE" in step for step in plan), "the index gives the order"
