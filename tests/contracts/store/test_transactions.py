"""Acts are whole or nothing, one writer at a time, readers see one state."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from adapters.store import SqlStore, open_store
from gateway.errors import GatewayError
from keys.fields import SealedFields
from keys.index import BlindIndex
from tests.contracts.store import examples as ex
from tests.contracts.store.examples import AMARA, another
from tests.contracts.store.rooms import INDEX_KEY, MORNING, CountedIds, opened


def test_an_act_that_fails_changes_nothing(store: SqlStore) -> None:
    with pytest.raises(ZeroDivisionError), store.writing() as tx:
        ex.add_everything(tx)
        raise ZeroDivisionError
    with store.reading() as tx:
        assert [getattr(tx, name).count() for name, _ in ex.EVERYTHING] == [0] * len(ex.EVERYTHING)


def test_a_savepoint_undoes_what_failed_inside_and_keeps_the_rest(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.parcels.add(ex.PARCEL)
        with pytest.raises(ZeroDivisionError), tx.savepoint():
            tx.children.add(ex.CHILD)
            with tx.savepoint():
                tx.children.add(ex.OTHER)
            raise ZeroDivisionError
        with tx.savepoint():
            tx.holds.add(ex.HOLD)
    with store.reading() as tx:
        assert (tx.parcels.count(), tx.children.count(), tx.holds.count()) == (1, 0, 1)


def test_a_reader_cannot_write(store: SqlStore) -> None:
    with pytest.raises(GatewayError), store.reading() as tx:
        tx.settings.put("a", "b")


def test_threads_queue_to_write_and_none_is_lost(store: SqlStore) -> None:
    def work(number: int) -> None:
        for n in range(10):
            with store.writing() as tx:
                seen = int(tx.settings.get("sum") or 0)
                tx.settings.put("sum", str(seen + 1))
                tx.holds.add(another(ex.HOLD, number * 100 + n, key=f"{number}:{n}"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as tx:
        assert (tx.settings.get("sum"), tx.holds.count()) == ("40", 40)


def test_sequences_count_from_one_and_never_give_a_number_twice(store: SqlStore) -> None:
    with store.writing() as tx:
        assert [tx.settings.next("ctf:9902001") for _ in range(3)] == [1, 2, 3]
        assert tx.settings.next("ctf:9902002") == 1
    with store.writing() as tx:
        assert tx.settings.next("ctf:9902001") == 4


def test_settings_are_kept_and_changed(store: SqlStore) -> None:
    with store.writing() as tx:
        assert tx.settings.get("register") is None
        tx.settings.put("register", "v1")
        tx.settings.put("register", "v2")
    with store.reading() as tx:
        assert tx.settings.get("register") == "v2"


def test_who_read_a_record_is_kept_in_order(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.access.note(AMARA, MORNING, "case", "C1")
        tx.access.note(replace(AMARA, user="mquince"), MORNING, "movement", "M1")
    with store.reading() as tx:
        assert [entry["subject"] for entry in tx.access.entries()] == ["C1", "M1"]
        assert tx.access.entries("C1") == [
            {"at": MORNING, "user": "aokafor", "name": "Amara Okafor", "what": "case", "subject": "C1"}]


def test_a_store_is_opened_again_as_it_was_left(lasting: str) -> None:
    first = opened(lasting)
    with first.writing() as tx:
        ex.add_everything(tx)
    first.close()
    second = opened(lasting, create=False)
    with second.reading() as tx:
        assert tx.movements.get("M1") == ex.MOVEMENT
    assert second.check() == []
    second.close()


def test_another_field_key_opens_nothing(lasting: str) -> None:
    first = opened(lasting)
    with first.writing() as tx:
        ex.add_everything(tx)
    first.close()
    thief = open_store(lasting, sealer=SealedFields([b"x" * 32]), blinder=BlindIndex(INDEX_KEY), ids=CountedIds())
    with pytest.raises(GatewayError), thief.reading() as tx:
        tx.children.get("K1")
    thief.close()
