"""What goes in comes out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.store import SqlStore
from gateway.domain.cases.case import CaseState
from gateway.errors import UsageError
from tests.contracts.store import examples
from tests.contracts.store.examples import CASE, EVERYTHING, MOVEMENT, PARCEL, add_everything, another, at_default


@pytest.mark.parametrize(("repository", "item"), [e for e in EVERYTHING if e[1] is not examples.OTHER],
                         ids=[e[0] for e in EVERYTHING if e[1] is not examples.OTHER])
def test_every_field_of_every_entity_comes_back(store: SqlStore, repository: str, item: Any) -> None:
    assert at_default(item) == []
    with store.writing() as tx:
        add_everything(tx)
    with store.reading() as tx:
        assert getattr(tx, repository).get(item.id) == item


def test_an_empty_field_comes_back_empty(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.children.add(examples.OTHER)
        assert tx.children.get("K2") == examples.OTHER


def test_an_instant_comes_back_as_utc_to_the_microsecond(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.parcels.add(PARCEL)
        assert tx.parcels.get("P1").received_at.isoformat() == "2026-11-13T08:30:00.123456+00:00"


def test_a_time_without_a_zone_is_refused(store: SqlStore) -> None:
    with store.writing() as tx, pytest.raises(TypeError):
        tx.parcels.add(replace(PARCEL, received_at=PARCEL.received_at.replace(tzinfo=None)))


def test_a_file_name_that_is_no_text_is_kept(store: SqlStore) -> None:
    odd = replace(PARCEL, name=b"left \xff\xfe.csv".decode("utf-8", "surrogateescape"), checked={"note": "a\x00b \ud800"})
    with store.writing() as tx:
        tx.parcels.add(odd)
        assert tx.parcels.get("P1") == odd


def test_details_that_are_false_or_none_are_not_lost(store: SqlStore) -> None:
    with store.writing() as tx:
        add_everything(tx)
        details = tx.movements.get(MOVEMENT.id).record.details
    assert details["looked_after"] is False
    assert details["notes"] is None


def test_saving_writes_every_field(store: SqlStore) -> None:
    opened = replace(CASE, state=CaseState.OPEN, closed_at=None, closing=None, destination=None, owner="mquince")
    with store.writing() as tx:
        add_everything(tx)
        tx.cases.save(opened)
    with store.reading() as tx:
        assert tx.cases.get(CASE.id) == opened


def test_saving_what_is_not_there_is_an_error(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.parcels.add(PARCEL)
        with pytest.raises(UsageError, match="no parcel") as caught:
            tx.parcels.save(PARCEL, another(PARCEL, 1))
    assert caught.value.code == "NO-SUCH-PARCEL"


def test_an_unknown_id_is_a_usage_error_or_none(store: SqlStore) -> None:
    with store.reading() as tx:
        assert tx.holds.find("H404") is None
        with pytest.raises(UsageError, match="no hold has the id 'H404'") as caught:
            tx.holds.get("H404")
    assert caught.value.code == "NO-SUCH-HOLD"
