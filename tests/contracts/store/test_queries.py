"""Rows are found by plain columns, and children and movements by blinded evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from adapters.store import SqlStore, rows
from gateway.domain.matching.child import Child
from gateway.domain.returns.movement import Movement, MovementState
from gateway.ports import Transaction
from tests.contracts.store import examples as ex
from tests.contracts.store.examples import another
from tests.contracts.store.rooms import MORNING


def _movements(tx: Transaction, count: int) -> list[Movement]:
    tx.parcels.add(ex.PARCEL)
    tx.children.add(ex.CHILD, ex.OTHER)
    made = [another(ex.MOVEMENT, n, key=("9902001", str(n)), due=date(2026, 11, 1) + timedelta(days=n),
                    state=MovementState.AWAITED if n % 2 else MovementState.MATCHED) for n in range(count)]
    tx.movements.add(*reversed(made))
    return made


def test_rows_come_in_the_order_of_their_ids_and_no_more_than_asked_for(store: SqlStore) -> None:
    with store.writing() as tx:
        made = _movements(tx, 10)
        assert tx.movements.where() == made
        assert tx.movements.where(limit=3) == made[:3]


def test_a_column_is_compared_with_a_value_none_or_any_of_several(store: SqlStore) -> None:
    with store.writing() as tx:
        made = _movements(tx, 6)
        odd = [m for m in made if m.state is MovementState.AWAITED]
        assert tx.movements.where(state=MovementState.AWAITED) == odd
        assert tx.movements.where(state="awaited", school="9902001", held=True) == odd
        assert tx.movements.where(state=[MovementState.AWAITED, MovementState.MATCHED]) == made
        assert tx.movements.where(state=()) == []
        assert tx.movements.where(matched_with=None) == []
        assert tx.movements.count(state={MovementState.AWAITED}) == len(odd)


def test_a_bound_is_put_behind_the_name(store: SqlStore) -> None:
    with store.writing() as tx:
        made = _movements(tx, 6)
        fourth = made[3]
        assert tx.movements.where(due__upto=fourth.due) == made[:4]
        assert tx.movements.where(due__before=fourth.due) == made[:3]
        assert tx.movements.where(due__since=fourth.due) == made[3:]
        assert tx.movements.where(id__after=fourth.id, limit=1) == made[4:5]
        assert tx.parcels.count(received_at__before=MORNING) == 0
        assert tx.parcels.count(received_at__upto=MORNING) == 1


def test_a_row_without_the_value_lies_within_no_bound(store: SqlStore) -> None:
    with store.writing() as tx:
        made = _movements(tx, 1)
        tx.movements.save(replace(made[0], due=None))
        assert tx.movements.where(due__upto=date(2099, 1, 1)) == []


def test_a_sealed_or_unknown_column_cannot_be_searched(store: SqlStore) -> None:
    with store.reading() as tx:
        for asked in ({"legal_surname": "Wren"}, {"dob__upto": date(2014, 3, 2)}, {"nickname": "Jen"}):
            conditions: dict[str, Any] = asked
            with pytest.raises(ValueError, match="not a plain column"):
                tx.children.where(**conditions)


def test_an_unknown_bound_is_not_taken_for_a_value(store: SqlStore) -> None:
    with store.reading() as tx, pytest.raises(ValueError, match="expected one of upto, before, since, after"):
        tx.movements.where(due__until=date(2026, 11, 1))


def test_any_of_very_many_is_asked_in_parts(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MANY", 4)
    with store.writing() as tx:
        made = _movements(tx, 10)
        wanted = [m.id for m in made] + ["M404"] * 7
        assert tx.movements.where(id=wanted) == made
        assert tx.movements.where(id=wanted, limit=2) == made[:2]


def test_ids_sort_by_byte_on_every_engine(store: SqlStore) -> None:
    ids = ["K-0A", "K-0a", "K-1", "K-A", "K-B", "K-a", "K-b"]
    with store.writing() as tx:
        tx.children.add(*(Child(id=id, legal_surname="Wren", legal_forename=None, dob=None, upn=None) for id in reversed(ids)))
        assert [child.id for child in tx.children.where()] == ids


def test_children_are_found_by_each_piece_of_evidence(store: SqlStore) -> None:
    surname = ("dob+surname", "2014-03-02|QUILLFEATHER")
    twin = another(ex.CHILD, 1, keys=(surname, ("upn", "Q990200120002")))
    with store.writing() as tx:
        tx.children.add(ex.CHILD, ex.OTHER, twin)
        found = tx.children.sharing([surname, ("upn", "Q990200120002"), ("upn", "nobody's"), ("dob+forename", surname[1])])
    assert found == {surname: [ex.CHILD, twin], ("upn", "Q990200120002"): [twin], ("upn", "nobody's"): [],
                     ("dob+forename", surname[1]): []}


def test_evidence_follows_the_child_that_shows_it(store: SqlStore) -> None:
    old, new = ("upn", "Z990200120001"), ("upn", "Y990200120009")
    with store.writing() as tx:
        tx.children.add(ex.CHILD, ex.OTHER)
        changed = replace(ex.CHILD, upn=new[1], keys=(new,))
        tx.children.save(changed)
        assert tx.children.sharing([old, new]) == {old: [], new: [changed]}


def test_thousands_of_pieces_of_evidence_are_asked_at_once(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.children.add(ex.CHILD, ex.OTHER)
        found = tx.children.sharing([("upn", str(n)) for n in range(12_000)] + [("upn", "Z990200120001")])
    assert [key for key, children in found.items() if children] == [("upn", "Z990200120001")]


def test_a_movement_sent_again_is_found_by_its_key(store: SqlStore) -> None:
    with store.writing() as tx:
        made = _movements(tx, 4)
        assert tx.movements.by_key([made[1].key, ("9902001", "99"), ("990200", "11")]) == {made[1].key: made[1]}
