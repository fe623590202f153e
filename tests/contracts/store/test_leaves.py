"""The ledger's entries are appended with their cause, numbered once, and never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from adapters.store import SqlStore
from gateway.domain.ledger.leaf import Checkpoint, Leaf
from gateway.errors import ConflictError, TamperError, UsageError
from gateway.ports import Transaction
from tests.contracts.store.examples import AMARA
from tests.contracts.store.rooms import MORNING


def append(tx: Transaction, count: int) -> list[Leaf]:
    """So many entries."""
    return [tx.leaves.append("parcel-received", f"P{n}", AMARA, MORNING, {"n": n}) for n in range(count)]


def numbered(leaves: list[Leaf], start: int) -> list[tuple[Leaf, int, bytes]]:
    """Entries with numbers from ``start`` and a hash each."""
    return [(leaf, start + n, leaf.id.encode().ljust(32, b"-")) for n, leaf in enumerate(leaves)]


def test_an_entry_is_read_as_it_was_returned_to_the_byte(store: SqlStore) -> None:
    paris = datetime(2026, 11, 13, 9, 30, 0, 7, tzinfo=timezone(timedelta(hours=1)))
    facts = {"sha256": "ab", "rows": {"read": 3}, "codes": ("A", "B"), "school": "Saint-Élan"}
    with store.writing() as tx:
        given = tx.leaves.append("parcel-settled", "P1", AMARA, paris, facts)
    with store.reading() as tx:
        assert tx.leaves.get(given.id).canonical() == given.canonical()
        assert tx.leaves.get(given.id) == given
    assert given.at.isoformat() == "2026-11-13T08:30:00.000007+00:00"
    assert given.actor == "aokafor"


def test_entries_wait_in_the_order_of_appending(store: SqlStore) -> None:
    with store.writing() as tx:
        leaves = append(tx, 5)
        assert tx.leaves.unsequenced(10) == leaves
        assert tx.leaves.unsequenced(2) == leaves[:2]
        assert tx.leaves.size() == 0


def test_numbers_are_given_in_order_and_come_back_with_their_hashes(store: SqlStore) -> None:
    with store.writing() as tx:
        leaves = append(tx, 5)
        tx.leaves.number(numbered(leaves[:3], 0))
        assert tx.leaves.unsequenced(10) == leaves[3:]
        tx.leaves.number(numbered(leaves[3:], 3))
        expected = [(replace(leaf, index=n), hash) for leaf, n, hash in numbered(leaves, 0)]
        assert tx.leaves.range(0, 5) == expected
        assert tx.leaves.range(1, 3) == expected[1:3]
        assert tx.leaves.range(4, 99) == expected[4:]
        assert (tx.leaves.size(), tx.leaves.get(leaves[2].id).index) == (5, 2)
        tx.leaves.number([])


def test_no_number_is_left_out_or_given_twice(store: SqlStore) -> None:
    with store.writing() as tx:
        first, second, _ = append(tx, 3)
        tx.leaves.number(numbered([first], 0))
        for wrong in (numbered([second], 0), numbered([second], 2), numbered([first], 1)):
            with pytest.raises(ConflictError):
                tx.leaves.number(wrong)
        assert tx.leaves.size() == 1


def test_an_entry_that_was_rolled_back_is_not_there(store: SqlStore) -> None:
    with pytest.raises(ZeroDivisionError), store.writing() as tx:
        append(tx, 1)
        raise ZeroDivisionError
    with store.reading() as tx:
        assert tx.leaves.unsequenced(9) == []


def test_an_unknown_entry_is_a_usage_error(store: SqlStore) -> None:
    with store.reading() as tx, pytest.raises(UsageError):
        tx.leaves.get("L404")


def test_tree_nodes_come_back_and_the_same_node_again_is_success(store: SqlStore) -> None:
    nodes = {(level, index): bytes([level, index]) * 16 for level in range(3) for index in range(4)}
    with store.writing() as tx:
        tx.leaves.put_nodes(nodes)
        tx.leaves.put_nodes({(0, 0): nodes[0, 0], (5, 0): b"5" * 32})
        tx.leaves.put_nodes({})
        assert tx.leaves.nodes([(0, 0), (2, 3), (9, 9)]) == {(0, 0): nodes[0, 0], (2, 3): nodes[2, 3]}
        assert tx.leaves.nodes([]) == {}


def test_another_hash_in_a_nodes_place_is_tampering(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.leaves.put_nodes({(0, 0): b"a" * 32})
        with pytest.raises(TamperError):
            tx.leaves.put_nodes({(0, 0): b"b" * 32})


def test_the_last_checkpoint_is_the_one_put_last(store: SqlStore) -> None:
    small = Checkpoint(size=3, root=b"r" * 32, at=MORNING, note="990 ledger\n3\n…")
    again = replace(small, at=MORNING + timedelta(hours=1))
    with store.writing() as tx:
        assert tx.leaves.last_checkpoint() is None
        tx.leaves.put_checkpoint(small)
        tx.leaves.put_checkpoint(again)
        assert tx.leaves.last_checkpoint() == again


@pytest.mark.parametrize("fork", [{"size": 2}, {"root": b"s" * 32}], ids=["smaller", "another root"])
def test_a_tree_never_shrinks_and_never_has_two_roots(store: SqlStore, fork: dict[str, object]) -> None:
    head = Checkpoint(size=3, root=b"r" * 32, at=MORNING, note="…")
    with store.writing() as tx:
        tx.leaves.put_checkpoint(head)
        with pytest.raises(TamperError):
            tx.leaves.put_checkpoint(replace(head, **fork))     # type: ignore[arg-type]
