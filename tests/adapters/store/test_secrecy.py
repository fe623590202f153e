"""A stolen database holds no names, and a moved cell does not open."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from adapters.store import tables
from adapters.store.columns import BYTES
from adapters.store.shape import Shape
from gateway.errors import TamperError
from gateway.ports import Transaction
from tests.contracts.store import examples as ex
from tests.contracts.store.rooms import opened

SHAPES = [value for part in tables.__all__ for value in vars(getattr(tables, part)).values() if isinstance(value, Shape)]
MAY_BE_READ = {       # every value that lies open, by table: a further one is a decision, made here and in the declaration
    "parcels": "sender channel sha256 size blob week received_at kind state verdict settled_at rows_read rows_accepted rows_held"
               " reading",
    "receipts": "parcel stage reading leaf at note path",
    "children": "restricted address_protected same_as",
    "suggestions": "child candidate evidence since state movement case decided_by decided_at",
    "movements": "parcel child kind school moved_on state matched_with superseded_by held due noted_at",
    "cases": "child category state opened_at reason movement parcel last_school responsible_la checklist clocks restricted owner"
             " closed_at",
    "case_events": "case at actor what",
    "holds": "what about reason since key state child case cleared_by cleared_at",
    "handovers": "team child reason since key case movement path acknowledged_at acknowledged_by",
    "referrals": "message kind direction authority state created_at case child reason derivations released_by released_at sent_at"
                 " delivered_at answered_at answer sha256 parcel sent_how",
    "batches": "week state built_at released_by released_at confirmed_by confirmed_at",
    "batch_files": "batch name pupils size blob case do_not_upload uploaded",
    "instructions": "school case state since destination batch sent_at confirmed_at",
    "jobs": "kind key due_at dated_at turn line state attempts fence lease_owner lease_until last_error",
}


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.table.name for shape in SHAPES])
def test_only_what_is_listed_here_lies_open(shape: Shape[Any]) -> None:
    lies_open = {kept.name for kept in shape.kept if not kept.sealed}
    assert lies_open == {"id", *MAY_BE_READ[shape.table.name].split()}
    assert all(shape.table.c[kept.name].type is BYTES for kept in shape.kept if kept.sealed)


def test_no_file_of_the_store_holds_a_name_number_or_date_of_a_child(tmp_path: Path) -> None:
    store = opened(tmp_path / "gateway.sqlite")
    with store.writing() as tx:
        ex.add_everything(tx)
    with store.writing() as tx:
        tx.children.save(ex.CHILD)
        tx.cases.save(ex.CASE)
    stored = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert stored["gateway.sqlite-wal"].count(b"P1") > 0
    store.tidy()
    stored |= {f"{file.name} after": file.read_bytes() for file in tmp_path.iterdir()}
    store.close()
    found = [(name, secret) for name, content in stored.items() for secret in ex.SECRETS
             if secret.encode() in content or secret.encode("utf-16-le") in content]
    assert found == []


def _swap(path: Path, statement: str) -> None:
    raw = sqlite3.connect(path)
    assert raw.execute(statement).rowcount == 1
    raw.commit()
    raw.close()


SWAPS = {
    "another row": "UPDATE children SET legal_surname = (SELECT legal_surname FROM children WHERE id = 'K2') WHERE id = 'K1'",
    "another column": "UPDATE children SET legal_forename = legal_surname WHERE id = 'K1'",
    "another table": "UPDATE children SET legal_surname = (SELECT text FROM case_events) WHERE id = 'K1'",
    "another length": "UPDATE children SET legal_surname = substr(legal_surname, 1, length(legal_surname) - 1) WHERE id = 'K1'",
    "plain text": "UPDATE children SET legal_surname = CAST('Wren' AS BLOB) WHERE id = 'K1'",
}


@pytest.mark.parametrize("statement", SWAPS.values(), ids=SWAPS)
def test_a_cell_from_elsewhere_does_not_open(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "gateway.sqlite"
    store = opened(path)
    with store.writing() as tx:
        ex.add_everything(tx)
    store.close()
    _swap(path, statement)
    store = opened(path)
    with pytest.raises(TamperError) as caught, store.reading() as tx:
        tx.children.get("K1")
    store.close()
    assert not any(secret in str(caught.value) for secret in ex.SECRETS)


def test_the_same_value_never_looks_the_same_twice(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sqlite"
    store = opened(path)
    with store.writing() as tx:
        tx.children.add(*(ex.another(ex.OTHER, n) for n in range(20)))
    store.close()
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT count(DISTINCT legal_surname) FROM children").fetchone() == (20,)
    raw.close()


def test_a_lookup_opens_only_what_it_returns(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sqlite"
    store = opened(path)
    with store.writing() as tx:
        ex.add_everything(tx)
        tx.children.add(*(ex.another(ex.OTHER, n) for n in range(9)))
    store.close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE children SET legal_surname = x'00' WHERE id > 'K2'")
    raw.commit()
    raw.close()
    store = opened(path)

    def look(tx: Transaction) -> list[Any]:
        return [tx.children.where(limit=2), tx.children.sharing(ex.CHILD.keys), tx.children.count(), tx.children.find("K1")]

    with store.reading() as tx:
        assert look(tx)[0] == [ex.CHILD, ex.OTHER]
    store.close()
