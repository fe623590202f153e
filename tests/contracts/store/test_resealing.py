"""Rows brought under new keys: all of them, beside others who read and write, and on after a crash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from adapters.store import SqlStore, open_store, resealing
from adapters.store.resealing import DONE, SHAPES, Keys, is_resealed, reseal
from gateway.errors import RetryableError, TamperError
from keys.fields import SealedFields, field_key_id
from keys.index import BlindIndex
from tests.contracts.store import examples as ex
from tests.contracts.store.rooms import FIELD_KEY, INDEX_KEY, CountedIds, opened

NEW_FIELD, NEW_INDEX = b"g" * 32, b"j" * 32
KEYS = Keys(field_key_id(NEW_FIELD).hex(), "new-index", several_indexes=True)


def store_with(where: str, fields: Sequence[bytes], indexes: Sequence[bytes], **more: Any) -> SqlStore:
    return open_store(where, sealer=SealedFields(fields), blinder=BlindIndex(*indexes), ids=CountedIds("x"), **more)


@pytest.fixture
def filled(lasting: str) -> Iterator[str]:
    """A store of every entity, and some children and movements more."""
    store = opened(lasting)
    with store.writing() as tx:
        ex.add_everything(tx)
        tx.children.add(*(ex.another(ex.OTHER, n, keys=(("upn", f"U{n}"),)) for n in range(60)))
        tx.movements.add(*(ex.another(ex.MOVEMENT, n, key=("9902001", str(n))) for n in range(60)))
    store.close()
    yield lasting


@pytest.fixture
def rotated(filled: str) -> Iterator[SqlStore]:
    """The same store, with new keys in use and the old ones at hand."""
    store = store_with(filled, [FIELD_KEY, NEW_FIELD], [INDEX_KEY, NEW_INDEX])
    yield store
    store.close()


def everything(store: SqlStore) -> list[Any]:
    with store.reading() as tx:
        return [getattr(tx, name).get(item.id) for name, item in ex.EVERYTHING]


def test_before_it_both_keys_open_and_find(rotated: SqlStore) -> None:
    assert everything(rotated) == [item for _, item in ex.EVERYTHING]
    with rotated.reading() as tx:
        key = ("upn", "Z990200120001")
        assert tx.children.sharing([key]) == {key: [ex.CHILD]}
        assert tx.movements.by_key([ex.MOVEMENT.key]) == {ex.MOVEMENT.key: ex.MOVEMENT}


def test_a_child_saved_meanwhile_is_found_once(rotated: SqlStore) -> None:
    with rotated.writing() as tx:
        tx.children.save(replace(ex.CHILD, legal_forename="Zoé"))
    with rotated.reading() as tx:
        [[child]] = tx.children.sharing([("upn", "Z990200120001")]).values()
    assert child.legal_forename == "Zoé"


def test_after_it_the_new_keys_alone_open_and_find_everything(filled: str, rotated: SqlStore) -> None:
    assert reseal(rotated, KEYS, batch=25) >= 120
    assert is_resealed(rotated, KEYS)
    rotated.close()
    alone = store_with(filled, [NEW_FIELD], [NEW_INDEX])
    assert everything(alone) == [item for _, item in ex.EVERYTHING]
    with alone.reading() as tx:
        keys = [("upn", f"U{n}") for n in range(60)]
        assert [len(found) for found in tx.children.sharing(keys).values()] == [1] * 60
        assert len(tx.movements.by_key([("9902001", str(n)) for n in range(60)])) == 60
        assert tx.jobs.where(kind="process")[0].payload["name"] == "Quillfeather Wren left.xlsx"
    alone.close()
    thief = store_with(filled, [FIELD_KEY], [INDEX_KEY])
    with thief.reading() as tx:
        with pytest.raises(TamperError):
            tx.children.get("K1")
        assert tx.children.sharing([("upn", "U7")]) == {("upn", "U7"): []}
    thief.close()


def test_again_nothing_is_written_and_a_new_rotation_begins_anew(filled: str, rotated: SqlStore) -> None:
    reseal(rotated, KEYS)
    assert reseal(rotated, KEYS) == 0
    assert not is_resealed(rotated, replace(KEYS, fields="another"))
    rotated.close()
    third = store_with(filled, [FIELD_KEY, NEW_FIELD, b"h" * 32], [INDEX_KEY, NEW_INDEX])
    assert reseal(third, Keys(field_key_id(b"h" * 32).hex(), "new-index", several_indexes=True)) >= 120
    third.close()


def test_with_one_index_key_only_cells_are_looked_at(filled: str) -> None:
    store = store_with(filled, [FIELD_KEY, NEW_FIELD], [INDEX_KEY])
    assert reseal(store, Keys(KEYS.fields, "same", several_indexes=False)) >= 120
    assert reseal(store, Keys(KEYS.fields, "same", several_indexes=False)) == 0
    store.close()


def test_with_a_new_index_key_alone_only_what_is_found_by_it_is_written(filled: str) -> None:
    store = store_with(filled, [FIELD_KEY], [INDEX_KEY, NEW_INDEX])
    keys = Keys(field_key_id(FIELD_KEY).hex(), "new-index", several_indexes=True)
    assert reseal(store, keys) == 61 + 61            # K2 shows no evidence: nothing stands for it
    store.close()


def test_broken_off_it_goes_on_where_it_was(rotated: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    real, batches = resealing._look, []

    def breaks_off(session: Any, shape: Any, *rest: Any) -> Any:
        batches.append(shape.table.name)
        if len(batches) == 6:
            raise RetryableError("the machine stops", code="STORE-GONE", hint="")
        return real(session, shape, *rest)

    monkeypatch.setattr(resealing, "_look", breaks_off)
    with pytest.raises(RetryableError):
        reseal(rotated, KEYS, batch=25)
    with rotated.reading() as tx:
        assert tx.settings.get(DONE) is None
    first = batches.copy()
    reseal(rotated, KEYS, batch=25)
    names = [shape.table.name for shape in SHAPES]
    assert names.index(batches[len(first)]) >= names.index(first[-2])
    assert is_resealed(rotated, KEYS)
    assert everything(rotated) == [item for _, item in ex.EVERYTHING]


def test_what_another_wrote_under_the_old_key_meanwhile_is_found_by_the_next_pass(
    filled: str, rotated: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that had not looked yet: it knows the old keys alone."""
    real = resealing._pass
    late: list[bool] = []

    def passes(*arguments: Any) -> int:
        written = real(*arguments)
        if not late:
            behind = opened(filled, create=False)
            with behind.writing() as tx:
                late.append(tx.children.add_new(ex.another(ex.OTHER, 900, keys=(("upn", "LATE"),))))
            behind.close()
        return written

    monkeypatch.setattr(resealing, "_pass", passes)
    reseal(rotated, KEYS)
    rotated.close()
    alone = store_with(filled, [NEW_FIELD], [NEW_INDEX])
    with alone.reading() as tx:
        assert [len(found) for found in tx.children.sharing([("upn", "LATE")]).values()] == [1]
    alone.close()


def test_a_store_in_which_somebody_goes_on_writing_under_an_old_key_is_not_waited_for(
    rotated: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "_pass", lambda *arguments: 1)
    assert reseal(rotated, KEYS) == resealing.PASSES


def test_keys_are_asked_for_anew_at_each_transaction(filled: str) -> None:
    rings = [(SealedFields([FIELD_KEY]), BlindIndex(INDEX_KEY))]
    store = store_with(filled, [FIELD_KEY], [INDEX_KEY], renewed=lambda: rings[-1])
    rings.append((SealedFields([FIELD_KEY, NEW_FIELD]), BlindIndex(INDEX_KEY, NEW_INDEX)))
    with store.writing() as tx:
        tx.children.save(ex.CHILD)
    store.close()
    alone = store_with(filled, [NEW_FIELD], [NEW_INDEX])
    with alone.reading() as tx:
        assert tx.children.get("K1") == ex.CHILD
    alone.close()
