"""Nothing is there twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.store import SqlStore
from gateway.domain.parcels.parcel import ReceiptStage
from gateway.domain.referrals.referral import Direction
from gateway.errors import ConflictError, OperatorError
from tests.contracts.store import examples as ex
from tests.contracts.store.examples import add_everything, another

TWICE = [item for item in ex.EVERYTHING if item[0] in {
    "parcels", "receipts", "suggestions", "movements", "holds", "handovers", "referrals", "batches", "instructions"}]


@pytest.mark.parametrize(("repository", "item"), TWICE, ids=[name for name, _ in TWICE])
def test_the_same_thing_under_another_id_is_a_conflict(store: SqlStore, repository: str, item: Any) -> None:
    with store.writing() as tx:
        add_everything(tx)
        with pytest.raises(ConflictError) as caught:
            getattr(tx, repository).add(another(item, 1))
        assert not getattr(tx, repository).add_new(another(item, 2))
        assert getattr(tx, repository).count() == 1
    assert caught.value.code == "STORE-CONFLICT"
    assert not any(secret in str(caught.value) for secret in (*ex.SECRETS, "9902001", "9f2c"))


@pytest.mark.parametrize(("repository", "item"), ex.EVERYTHING, ids=[name for name, _ in ex.EVERYTHING])
def test_the_same_id_is_a_conflict(store: SqlStore, repository: str, item: Any) -> None:
    with store.writing() as tx:
        add_everything(tx)
        with pytest.raises(ConflictError):
            getattr(tx, repository).add(item)


def test_the_same_bytes_next_week_or_from_another_sender_are_another_parcel(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.parcels.add(ex.PARCEL, another(ex.PARCEL, 1, week=ex.MONDAY + timedelta(days=7)))
        tx.parcels.add(another(ex.PARCEL, 2, sender="9902002"))
        assert tx.parcels.count() == 3


def test_a_parcel_has_one_receipt_for_each_stage_and_reading(store: SqlStore) -> None:
    with store.writing() as tx:
        add_everything(tx)
        tx.receipts.add(another(ex.RECEIPT, 1, reading=2), another(ex.RECEIPT, 2, stage=ReceiptStage.RECEIVED))
        assert tx.receipts.count() == 3


def test_one_message_may_go_out_and_another_of_that_id_come_in(store: SqlStore) -> None:
    with store.writing() as tx:
        add_everything(tx)
        tx.referrals.add(another(ex.REFERRAL, 1, direction=Direction.IN))
        assert {referral.direction for referral in tx.referrals.where()} == {Direction.IN, Direction.OUT}


def test_of_many_where_one_is_there_none_is_added(store: SqlStore) -> None:
    new = [another(ex.HOLD, n, key=f"k{n}") for n in range(5)]
    with store.writing() as tx:
        add_everything(tx)
        with pytest.raises(ConflictError):
            tx.holds.add(*new, ex.HOLD)
        assert tx.holds.count() == 1


def test_the_transaction_goes_on_after_a_conflict(store: SqlStore) -> None:
    with store.writing() as tx:
        add_everything(tx)
        with pytest.raises(ConflictError):
            tx.holds.add(another(ex.HOLD, 1))
        tx.holds.add(another(ex.HOLD, 2, key="another"))
    with store.reading() as tx:
        assert {hold.key for hold in tx.holds.where()} == {ex.HOLD.key, "another"}


def test_what_names_a_row_that_is_not_there_is_not_committed(store: SqlStore) -> None:
    with pytest.raises(OperatorError) as caught, store.writing() as tx:
        tx.events.add(replace(ex.EVENT, case="C404"))
    assert caught.value.code == "STORE-DANGLING"
    assert "case_events" in str(caught.value)
    with store.reading() as tx:
        assert tx.events.count() == 0


def test_within_an_act_the_order_of_inserts_does_not_matter(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.events.add(ex.EVENT)
        tx.cases.add(ex.CASE)
        tx.children.add(ex.CHILD, ex.OTHER)
    with store.reading() as tx:
        assert tx.events.where(case=ex.CASE.id) == [ex.EVENT]
